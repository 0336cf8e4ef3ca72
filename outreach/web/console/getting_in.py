"""The way in to the console, and out: password, code, device, log-out."""

from urllib.parse import urlencode

import segno
from fastapi import Request
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from starlette.responses import Response

from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.one_time_codes import is_key, new_key, provisioning_uri
from outreach.domain.passwords import fits
from outreach.store.tables import Sitting, User
from outreach.store.users import half_seated, known_as
from outreach.usecases.give_code import give_code
from outreach.usecases.log_in import log_in
from outreach.usecases.log_out import log_out
from outreach.usecases.set_device import set_device
from outreach.web.console.forms import AtForm
from outreach.web.console.room import LOG_IN, PREFIX, SEE_OTHER, Room, cookie_name, seat_at, within
from outreach.web.console.showing import show, show_stranger
from outreach.web.console.speech import SPOKEN
from outreach.web.console.throttle import RETRY_SECONDS, TOO_MANY, keep_cookie, know_browser, throttle_of
from outreach.web.desk import desk_of, wished

room = Room()
WRONG = 422
CODE = f"{PREFIX}/code"
DEVICE = f"{PREFIX}/device"
ME = f"{PREFIX}/me"


@room.open_page("/log-in")
def ask(request: Request, to: str = "") -> Response:
    """The form to log in; who is logged in goes on to where she wanted."""
    if seat_at(request) is not None:
        return RedirectResponse(within(to), SEE_OTHER)
    return show_stranger("log_in", request, language_of(request), to=within(to), address="", fault="")


@room.open_deed("/log-in")
def enter(request: Request, form: AtForm) -> Response:
    """Log in: whatever is wrong, the same sentence comes after the same work."""
    desk = desk_of(request)
    address, to = form.line("address"), within(form.line("to"))
    with desk.outreach.database.reading() as session:
        known = known_as(session, address)
    if not throttle_of(request).lets_try(request, _account(address), user_id=known.user_id):
        return _refused(request, address, to, "often", TOO_MANY)
    done = None
    if fits(form.text("password"), known.kept):
        with desk.outreach.database.changing() as session:
            now, agent = desk.outreach.clock.now(), request.headers.get("user-agent", "")
            done = log_in(session, known, agent=agent, now=now, house=desk.house)
    if done is None:
        return _refused(request, address, to, "wrong", WRONG)
    return go_in(request, done.token, done.user, to=to, complete=done.complete)


@room.open_page("/code")
def ask_code(request: Request, to: str = "") -> Response:
    """The form for the code, after the password."""
    half = half_at(request)
    if half is None:
        return RedirectResponse(within(to) if seat_at(request) else LOG_IN, SEE_OTHER)
    if not half[0].device:
        return RedirectResponse(DEVICE, SEE_OTHER)
    return show_stranger("code", request, tongue(request, half[0]), to=within(to), fault="")


@room.open_deed("/code")
def take_code(request: Request, form: AtForm) -> Response:
    """The second half of a log-in."""
    desk, half = desk_of(request), half_at(request)
    if half is None:
        return RedirectResponse(LOG_IN, SEE_OTHER)
    user, sitting = half
    to, fault = within(form.line("to")), "often"
    if throttle_of(request).lets_try(request, f"code {user.id}", user_id=user.id or 0):
        with desk.outreach.database.changing() as session:
            now = desk.outreach.clock.now()
            token = give_code(session, sitting.id or 0, form.line("code"), now=now, house=desk.house)
        if token is not None:
            return go_in(request, token, user, to=to, complete=True)
        fault = "wrong"
    code = TOO_MANY if fault == "often" else WRONG
    return show_stranger("code", request, tongue(request, user), code=code, to=to, fault=fault)


@room.open_page("/device")
def offer_device(request: Request) -> Response:
    """The picture with a new key, for whoever has no device yet."""
    found = _without_device(request)
    return _device(request, *found, new_key()) if found else RedirectResponse(ME, SEE_OTHER)


@room.open_deed("/device")
def take_device(request: Request, form: AtForm) -> Response:
    """The key is kept once a code proves it; on the same page it can be tried again with the same key."""
    desk, found, key = desk_of(request), _without_device(request), form.line("key")
    if found is None or not is_key(key):
        return RedirectResponse(DEVICE if found else ME, SEE_OTHER)
    user, sitting = found
    if not throttle_of(request).lets_try(request, f"code {user.id}", user_id=user.id or 0):
        return _device(request, user, sitting, key, fault="often", code=TOO_MANY)
    with desk.outreach.database.changing() as session:
        now = desk.outreach.clock.now()
        token = set_device(session, sitting.id or 0, key, form.line("code"), now=now, house=desk.house)
    if token is None:
        return _device(request, user, sitting, key, fault="wrong", code=WRONG)
    return go_in(request, token, user, to=ME, complete=True)


@room.open_deed("/log-out")
def leave(request: Request) -> Response:
    """Log out here."""
    desk = desk_of(request)
    seat, half = seat_at(request), half_at(request)
    sitting = seat.sitting if seat else half[1] if half else None
    if sitting is not None:
        with desk.outreach.database.changing() as session:
            log_out(session, sitting.id or 0, now=desk.outreach.clock.now())
    answer = RedirectResponse(LOG_IN, SEE_OTHER)
    name = cookie_name(desk)
    answer.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=name.startswith("__Host-"))
    return answer


def go_in(request: Request, token: str, user: User, *, to: str, complete: bool) -> Response:
    """On to a page with the sitting's cookie; to the code, or to a device, while that is still asked."""
    desk = desk_of(request)
    asked = f"{CODE}?{urlencode({'to': to})}" if user.device else DEVICE
    answer = RedirectResponse(to if complete else asked, SEE_OTHER)
    keep_cookie(desk, answer, cookie_name(desk), token, days=desk.house.settings.console.log_in_days)
    if complete:
        know_browser(request, answer, user.id or 0)
    return answer


def half_at(request: Request) -> tuple[User, Sitting] | None:
    """Who has given her password here, and not yet all that is asked."""
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(desk), "")
    return half_seated(desk.outreach.database, token, desk.outreach.clock.now()) if token else None


def language_of(request: Request) -> str:
    """What the browser wishes first of all that the console speaks, or else the workspace's language."""
    spoken = [one for one in wished(request) if one.partition("-")[0].lower() in SPOKEN]
    return spoken[0] if spoken else desk_of(request).house.settings.workspace.language


def tongue(request: Request, user: User) -> str:
    """The user's own language, or what the browser wishes."""
    return user.language or language_of(request)


def _account(address: str) -> str:
    """One account, however its name is typed; of what is no address the text itself."""
    try:
        return parse_address(address).key
    except InvalidInput:
        return address.casefold()


def _refused(request: Request, address: str, to: str, fault: str, code: int) -> Response:
    answer = show_stranger(
        "log_in", request, language_of(request), code=code, to=to, address=address[:200], fault=fault
    )
    if code == TOO_MANY:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _without_device(request: Request) -> tuple[User, Sitting] | None:
    seat, half = seat_at(request), half_at(request)
    found = (seat.user, seat.sitting) if seat else half
    return found if found and not found[0].device else None


def _device(
    request: Request, user: User, _sitting: Sitting, key: str, *, fault: str = "", code: int = 200
) -> Response:
    house = desk_of(request).house
    uri = provisioning_uri(key, account=user.address, issuer=house.settings.workspace.name)
    # Made of our own letters, without a style of its own: black on white, on dark screens too.
    picture = Markup(segno.make(uri, micro=False).svg_inline(scale=5, border=4, light="#fff"))  # noqa: S704
    values = {
        "key": key,
        "spaced": " ".join(key[place : place + 4] for place in range(0, len(key), 4)),
        "picture": picture,
        "fault": fault,
        "demanded": house.settings.console.second_factor == "required",
    }
    seat = seat_at(request)
    if seat is not None:
        return show("device", request, seat, code=code, **values)
    return show_stranger("device", request, tongue(request, user), code=code, **values)
