"""Who may come to the console: invite, give roles, let in anew, shut out. For administrators."""

from collections.abc import Callable
from datetime import datetime

from fastapi import HTTPException, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from outreach.domain.users import EVERYTHING, Held, Right, Role
from outreach.queries.users import user_line, user_lines
from outreach.store.tables import Call, User
from outreach.usecases.add_user import add_user
from outreach.usecases.change_roles import change_roles
from outreach.usecases.disable_user import disable_user
from outreach.usecases.enable_user import enable_user
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.invite_user import invite_user
from outreach.usecases.reset_user import reset_user
from outreach.web.console.forms import AtForm
from outreach.web.console.room import PREFIX, Room, row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.console.speech import SPOKEN
from outreach.web.desk import Desk, desk_of

room = Room()
USERS = f"{PREFIX}/users"
MOST_CALLS = 200
"""So many of the newest calls are offered; a role for an older one is given on the command line."""


@room.page("/users", Right.ADMINISTER, whole=True)
def users(request: Request, seat: AtSeat) -> Response:
    """All users, and the form to invite one."""
    with desk_of(request).outreach.database.reading() as session:
        lines, calls = user_lines(session, seat.now), _calls(session)
    return show("users", request, seat, lines=lines, calls=calls, roles=list(Role), spoken=SPOKEN)


@room.deed("/users", Right.ADMINISTER, whole=True)
def invite(request: Request, seat: AtSeat, form: AtForm) -> Response:
    """Somebody new, who gets a mail with a link."""
    desk, language = desk_of(request), form.line("language")
    with desk.outreach.database.changing() as session:
        held = Held(_role(form) or Role.OBSERVER, form.number("call") or EVERYTHING)
        user = add_user(
            session,
            form.line("address"),
            form.line("name"),
            (held,),
            now=seat.now,
            by=seat.by,
            language=language if language in SPOKEN else "",
        )
        invite_user(session, user, now=seat.now, by=seat.by, house=desk.house)
    desk.on_change()
    return go(request, f"{USERS}/{user.id}", Said(seat._("Invited. The mail with the link is on its way.")))


@room.page("/users/{number:int}", Right.ADMINISTER, whole=True)
def user(request: Request, seat: AtSeat, number: int) -> Response:
    """One user, and all that can be done about her."""
    with desk_of(request).outreach.database.reading() as session:
        line, calls = user_line(session, number, seat.now), _calls(session)
    if line is None:
        raise HTTPException(NOT_THERE)
    return show("user", request, seat, line=line, calls=calls, roles=list(Role))


@room.deed("/users/{number:int}/role", Right.ADMINISTER, whole=True)
def give_role(request: Request, seat: AtSeat, number: int, form: AtForm) -> Response:
    """Another role, or none, for everything or one call."""
    call_id = form.number("call") or EVERYTHING

    def change(session: Session, found: User, _desk: Desk, now: datetime) -> str:
        changed = change_roles(session, found, {call_id: _role(form)}, now=now, by=seat.by)
        return seat._("The role is changed.") if changed else seat._("It was so already.")

    return _do(request, seat, number, change)


@room.deed("/users/{number:int}/reset", Right.ADMINISTER, whole=True)
def let_in_anew(request: Request, seat: AtSeat, number: int, form: AtForm) -> Response:
    """A lost password or device: logged out everywhere, and a mail with a new link where one is needed."""
    password, device = form.checked("password"), form.checked("device")

    def reset(session: Session, found: User, desk: Desk, now: datetime) -> str:
        again = found.state.value == "active"
        reset_user(session, found.id or 0, password=password, device=device, now=now, by=seat.by)
        if not password:
            return seat._("The device counts no more.")
        invite_user(session, found, now=now, by=seat.by, house=desk.house, again=again)
        return seat._("A mail with a new link is on its way.")

    return _do(request, seat, number, reset)


@room.deed("/users/{number:int}/disable", Right.ADMINISTER, whole=True)
def shut_out(request: Request, seat: AtSeat, number: int) -> Response:
    """Logged out at once, and let in no more."""

    def disable(session: Session, found: User, _desk: Desk, now: datetime) -> str:
        disable_user(session, found.id or 0, now=now, by=seat.by)
        return seat._("Disabled, and logged out everywhere.")

    return _do(request, seat, number, disable)


@room.deed("/users/{number:int}/enable", Right.ADMINISTER, whole=True)
def let_in_again(request: Request, seat: AtSeat, number: int) -> Response:
    """Back again, by a new link."""

    def enable(session: Session, found: User, desk: Desk, now: datetime) -> str:
        enable_user(session, found.id or 0, now=now, by=seat.by)
        invite_user(session, found, now=now, by=seat.by, house=desk.house, again=True)
        return seat._("A mail with a new link is on its way.")

    return _do(request, seat, number, enable)


@room.deed("/users/{number:int}/end-log-ins", Right.ADMINISTER, whole=True)
def log_out_everywhere(request: Request, seat: AtSeat, number: int) -> Response:
    """Logged out in every browser."""

    def end(session: Session, found: User, _desk: Desk, now: datetime) -> str:
        end_sittings(session, found, now=now, by=seat.by)
        return seat._("Logged out everywhere.")

    return _do(request, seat, number, end)


def _do(
    request: Request, seat: Seat, number: int, deed: Callable[[Session, User, Desk, datetime], str]
) -> Response:
    """The deed on that user, in one transaction, and back to her page."""
    desk = desk_of(request)
    with desk.outreach.database.changing() as session:
        said = deed(session, row_of(session, User, number), desk, seat.now)
    desk.on_change()
    return go(request, f"{USERS}/{number}", Said(said))


def _role(form: AtForm) -> Role | None:
    chosen = form.line("role")
    return Role(chosen) if chosen in list(Role) else None


def _calls(session: Session) -> list[tuple[int, str]]:
    rows = session.exec(select(Call.id, Call.slug).order_by(col(Call.id).desc()).limit(MOST_CALLS))
    return [(call_id or 0, slug) for call_id, slug in rows]
