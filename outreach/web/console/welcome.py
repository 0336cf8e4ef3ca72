"""A link from a mail: choose a password, and go in."""

from fastapi import Request
from starlette.responses import Response

from outreach.domain.errors import InvalidInput
from outreach.domain.users import SHORTEST_PASSWORD
from outreach.store.tables import User
from outreach.store.users import Known
from outreach.usecases.choose_password import choose_password, welcomed
from outreach.usecases.log_in import LoggedIn, log_in
from outreach.web.console.forms import AtForm
from outreach.web.console.getting_in import DEVICE, WRONG, go_in, language_of, tongue
from outreach.web.console.room import PREFIX, Room
from outreach.web.console.showing import show_stranger
from outreach.web.desk import desk_of

room = Room()
GONE = 410
AGAIN = "again"
"""The two passwords that were typed are not one."""


@room.open_page("/welcome/{token}")
def welcome(request: Request, token: str) -> Response:
    """The form to choose a password; looking at it uses no link up."""
    desk = desk_of(request)
    with desk.outreach.database.reading() as session:
        user = welcomed(session, token, now=desk.outreach.clock.now(), house=desk.house)
    return _form(request, user) if user else _gone(request)


@room.open_deed("/welcome/{token}")
def choose(request: Request, token: str, form: AtForm) -> Response:
    """The password is kept, the link is used up, and whoever had it is logged in; then a device is offered."""
    desk, now = desk_of(request), desk_of(request).outreach.clock.now()
    password, fault = form.text("password"), ""
    with desk.outreach.database.reading() as session:
        found = welcomed(session, token, now=now, house=desk.house)
    if found is None:
        return _gone(request)
    if password != form.text("again"):
        return _form(request, found, AGAIN, WRONG)
    done: LoggedIn | None = None
    try:
        with desk.outreach.database.changing() as session:
            user = choose_password(session, token, password, now=now, house=desk.house)
            if user is not None:
                known, agent = Known(user.id or 0, user.password), request.headers.get("user-agent", "")
                done = log_in(session, known, agent=agent, now=now, house=desk.house)
    except InvalidInput as error:
        fault = str(error)
    if fault:
        return _form(request, found, fault, WRONG)
    if done is None:
        return _gone(request)
    return go_in(request, done.token, done.user, to=DEVICE if done.complete else PREFIX, complete=done.complete)


def _form(request: Request, user: User, fault: str = "", code: int = 200) -> Response:
    return show_stranger(
        "welcome",
        request,
        tongue(request, user),
        code=code,
        address=user.address,
        shortest=SHORTEST_PASSWORD,
        fault=fault,
    )


def _gone(request: Request) -> Response:
    return show_stranger("link_gone", request, language_of(request), code=GONE)
