"""``outreach users``: who may come to the console, as what, and who has lost a password or a device."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.pages import chapter
from outreach.cli.text import sentences, table, when
from outreach.domain.users import EVERYTHING, Held, Role
from outreach.queries.users import RoleLine, UserLine, user_line, user_lines
from outreach.rendering.access import access_link
from outreach.store.calls import find_call
from outreach.store.tables import User
from outreach.store.users import sittings_of, user_at
from outreach.usecases import add_user as adding
from outreach.usecases.change_roles import change_roles
from outreach.usecases.disable_user import disable_user
from outreach.usecases.enable_user import enable_user
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.invite_user import invite_user
from outreach.usecases.reset_user import reset_user

app = chapter("Who may come to the console, and as what.")

ROLES = ", ".join(Role)
NOTHING = "none"
NOBODY = """Nobody may come to the console yet. The first is let in so:

    outreach users add ADDRESS --name NAME --role administrator"""
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The user's log-in name.")]
OfCall = Annotated[
    str, typer.Option("--call", metavar="CALL", help="For this call only; otherwise for everything.")
]
ByMail = Annotated[bool, typer.Option("--mail", help="Queue a mail with the link instead of showing it here.")]


@changes(app, "add")
def add(
    desk: Desk,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where mail reaches the user.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="By which colleagues know who did what.")],
    role: Annotated[Role, typer.Option(metavar="ROLE", help=f"As what: {ROLES}.")],
    call: OfCall = "",
    mail: ByMail = False,
) -> Answer:
    """Let somebody in, with a link to choose a password."""
    held = (Held(role, _call_id(desk, call)),)
    user = adding.add_user(desk.session, address, name, held, now=desk.now, by=desk.by)
    return _let_in(desk, user, f"Added {user.address}: {_said(RoleLine(role, call))}.", by_mail=mail)


@reads(app, "list")
def list_users(desk: Desk) -> Answer:
    """Who may come, as what, and when they were last seen."""
    lines = user_lines(desk.session, desk.now)
    zone = desk.house.time_zone
    text = table(
        ("ADDRESS", "STATE", "DEVICE", "SEEN", "ROLE"),
        [(one.address, one.state, _yes(one.device), when(one.last_seen_at, zone), _roles(one)) for one in lines],
        empty=NOBODY,
    )
    return Answer([_data(line) for line in lines], text)


@reads(app, "show")
def show(desk: Desk, address: Address) -> Answer:
    """One user: roles, device, and the browsers that are logged in."""
    user = user_at(desk.session, address)
    line = _line(desk, user)
    zone = desk.house.time_zone
    idle = timedelta(hours=desk.house.settings.console.idle_hours)
    sittings = sittings_of(desk.session, line.id, desk.now, idle=idle)
    facts = [
        f"{line.name}, {line.address}",
        f"State    {line.state}",
        f"Role     {_roles(line)}",
        f"Device   {_yes(line.device)}",
        f"Invited  {when(line.invited_at, zone)}",
        f"Seen     {when(line.last_seen_at, zone)}",
    ]
    browsers = table(
        ("SINCE", "SEEN", "BROWSER"),
        [(when(one.since, zone), when(one.seen_at, zone), one.agent) for one in sittings],
        empty="Not logged in anywhere.",
    )
    data = {**_data(line), "browsers": [{"since": one.since, "seen_at": one.seen_at} for one in sittings]}
    return Answer(data, "\n".join([*facts, "", browsers]))


@changes(app, "role")
def role(
    desk: Desk,
    address: Address,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=f"{ROLES}; or {NOTHING}, to take it away.")],
    call: OfCall = "",
) -> Answer:
    """Change what somebody may do, from the next page on."""
    user = user_at(desk.session, address)
    new = None if role == NOTHING else _role(role)
    changed = change_roles(desk.session, user, {_call_id(desk, call): new}, now=desk.now, by=desk.by)
    line = _line(desk, user)
    said = f"{line.address}: {_roles(line)}." if changed else f"{line.address} was that already."
    return Answer({**_data(line), "changed": changed}, said)


@changes(app, "reset")
def reset(
    desk: Desk,
    address: Address,
    password: Annotated[bool, typer.Option("--password", help="The password is lost, or known to others.")] = False,
    device: Annotated[bool, typer.Option("--device", help="The device for the codes is lost.")] = False,
    mail: ByMail = False,
) -> Answer:
    """Let in anew who has lost a password or a device."""
    found = user_at(desk.session, address)
    user = reset_user(desk.session, found.id or 0, password=password, device=device, now=desk.now, by=desk.by)
    lost = " and ".join(["the password"] * password + ["the device"] * device)
    said = f"{user.address} is logged out everywhere, and {lost} count{'s' * (password != device)} no more."
    if password:
        return _let_in(desk, user, said, by_mail=mail, again=True)
    return Answer(_data(_line(desk, user)), sentences(said))


@changes(app, "disable")
def disable(desk: Desk, address: Address) -> Answer:
    """Log somebody out at once, and let them in no more."""
    user = user_at(desk.session, address)
    done = disable_user(desk.session, user.id or 0, now=desk.now, by=desk.by)
    said = f"{user.address} is disabled and logged out." if done else f"{user.address} was disabled already."
    return Answer({**_data(_line(desk, user)), "changed": done}, said)


@changes(app, "enable")
def enable(desk: Desk, address: Address, mail: ByMail = False) -> Answer:
    """Let somebody in again who was disabled."""
    user = enable_user(desk.session, user_at(desk.session, address).id or 0, now=desk.now, by=desk.by)
    return _let_in(desk, user, f"{user.address} may come again.", by_mail=mail, again=True)


@changes(app, "end-sessions")
def end_sessions(desk: Desk, address: Address) -> Answer:
    """Log somebody out in every browser."""
    user = user_at(desk.session, address)
    ended = end_sittings(desk.session, user, now=desk.now, by=desk.by)
    browsers = "1 browser" if ended == 1 else f"{ended} browsers"
    return Answer({"address": user.address, "ended": ended}, f"{user.address} was logged out in {browsers}.")


def _let_in(desk: Desk, user: User, said: str, *, by_mail: bool, again: bool = False) -> Answer:
    """The link to choose a password: in a mail, or here, for the shell of whoever runs the machine."""
    desk.session.flush()
    data = _data(_line(desk, user))
    if by_mail:
        invite_user(desk.session, user, now=desk.now, by=desk.by, house=desk.house, again=again)
        return Answer(data, sentences(f"{said} A mail with the link to choose a password is queued."))
    link = access_link(user.id or 0, user.stamp, desk.house)
    told = sentences(f"{said} Whoever has this link chooses the password; it works for seven days, and once:")
    return Answer({**data, "link": link}, f"{told}\n\n    {link}")


def _call_id(desk: Desk, slug: str) -> int:
    return (find_call(desk.session, slug).id or EVERYTHING) if slug else EVERYTHING


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise typer.BadParameter(f"There is no role {text!r}. There are: {ROLES}; or {NOTHING}.") from None


def _line(desk: Desk, user: User) -> UserLine:
    desk.session.flush()
    line = user_line(desk.session, user.id or 0, desk.now)
    assert line is not None  # noqa: S101  it was found in this transaction
    return line


def _roles(line: UserLine) -> str:
    return ", ".join(_said(one) for one in line.roles) or NOTHING


def _said(one: RoleLine) -> str:
    return f"{one.role} for {one.call}" if one.call else str(one.role)


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _data(line: UserLine) -> dict[str, Any]:
    return {
        "address": line.address,
        "name": line.name,
        "state": line.state,
        "roles": [{"role": one.role, "call": one.call} for one in line.roles],
        "device": line.device,
        "logged_in": line.sittings,
        "invited_at": line.invited_at,
        "last_seen_at": line.last_seen_at,
    }
