"""Your own name, language and zone, password and device, and the browsers in which you are logged in."""

from datetime import timedelta
from typing import Any

from fastapi import Request
from starlette.responses import Response

from outreach.domain.errors import InvalidInput
from outreach.domain.users import SHORTEST_PASSWORD, Right
from outreach.store.users import sittings_of
from outreach.usecases.change_password import change_password
from outreach.usecases.change_user import change_user
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.remove_device import remove_device
from outreach.web.console.browsers import browser_of
from outreach.web.console.forms import AtForm
from outreach.web.console.getting_in import ME, WRONG
from outreach.web.console.room import Room
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.console.speech import SPOKEN
from outreach.web.console.throttle import TOO_MANY, throttle_of
from outreach.web.desk import desk_of

room = Room()


@room.page("/me", Right.SEE)
def me(request: Request, seat: AtSeat) -> Response:
    """All of it on one page."""
    return _page(request, seat)


@room.deed("/me", Right.SEE)
def change(request: Request, seat: AtSeat, form: AtForm) -> Response:
    """Another name, language or zone."""
    language = form.line("language")
    with desk_of(request).outreach.database.changing() as session:
        change_user(
            session,
            seat.id,
            name=form.line("name"),
            language=language if language in SPOKEN else "",
            zone=form.line("zone"),
            now=seat.now,
            by=seat.by,
        )
    return go(request, ME, Said(seat._("Kept.")))


@room.deed("/me/password", Right.SEE)
def new_password(request: Request, seat: AtSeat, form: AtForm) -> Response:
    """Another password, with the old one; the other browsers are logged out."""
    desk, new = desk_of(request), form.text("password")
    if new != form.text("again"):
        return _page(request, seat, password=seat._("The two new passwords are not the same."))
    if not throttle_of(request).lets_try(request, f"password {seat.id}", user_id=seat.id):
        return _page(request, seat, TOO_MANY, password=seat._("Too many attempts. Wait a few minutes."))
    try:
        with desk.outreach.database.changing() as session:
            user = change_password(
                session,
                seat.id,
                form.text("old"),
                new,
                sitting=seat.sitting.id or 0,
                now=seat.now,
                house=desk.house,
            )
    except InvalidInput as error:
        return _page(request, seat, password=str(error))
    if user is None:
        return _page(request, seat, password=seat._("The old password is not right."))
    return go(request, ME, Said(seat._("The new password counts from now on. Other browsers are logged out.")))


@room.deed("/me/device/remove", Right.SEE)
def without_device(request: Request, seat: AtSeat, form: AtForm) -> Response:
    """The device is taken away, with a code of its own."""
    desk = desk_of(request)
    if not throttle_of(request).lets_try(request, f"code {seat.id}", user_id=seat.id):
        return _page(request, seat, TOO_MANY, device=seat._("Too many attempts. Wait a few minutes."))
    with desk.outreach.database.changing() as session:
        gone = remove_device(session, seat.sitting.id or 0, form.line("code"), now=seat.now, house=desk.house)
    if not gone:
        return _page(request, seat, device=seat._("That code is not right, or was used before."))
    return go(request, ME, Said(seat._("No code is asked for any more. Other browsers are logged out.")))


@room.deed("/me/log-ins/{number:int}/end", Right.SEE)
def end_one(request: Request, seat: AtSeat, number: int) -> Response:
    """One browser is logged out."""
    return _ended(request, seat, only=number)


@room.deed("/me/log-ins/end-others", Right.SEE)
def end_others(request: Request, seat: AtSeat) -> Response:
    """All browsers but this one are logged out."""
    return _ended(request, seat, besides=seat.sitting.id)


def _ended(request: Request, seat: Seat, **which: int | None) -> Response:
    with desk_of(request).outreach.database.changing() as session:
        ended = end_sittings(session, seat.user, now=seat.now, by=seat.by, **which)
    said = seat._("Logged out there.") if ended else seat._("Nobody was logged in there any more.")
    return go(request, ME, Said(said))


def _page(request: Request, seat: Seat, code: int = 0, **faults: str) -> Response:
    desk = desk_of(request)
    idle = timedelta(hours=desk.house.settings.console.idle_hours)
    with desk.outreach.database.reading() as session:
        sittings = sittings_of(session, seat.id, seat.now, idle=idle)
    workspace = desk.house.settings.workspace
    values: dict[str, Any] = {
        "sittings": sittings,
        "browser": browser_of,
        "spoken": SPOKEN,
        "house_zone": workspace.time_zone,
        "house_language": workspace.language,
        "shortest": SHORTEST_PASSWORD,
        "demanded": desk.house.settings.console.second_factor == "required",
        "faults_of": {"password": "", "device": "", **faults},
    }
    return show("me", request, seat, code=code or (WRONG if faults else 200), **values)
