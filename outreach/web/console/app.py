"""Puts the console together: an application of its own, beside the public pages."""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from outreach.domain.errors import Refusal
from outreach.web.console.forms import LARGEST_UPLOAD
from outreach.web.console.room import PREFIX, SAFE, SEE_OTHER, Plate, seat_at, way_in
from outreach.web.console.rooms import ROOMS
from outreach.web.console.said import Said
from outreach.web.console.showing import HTMX, STATIC, go, show, show_stranger
from outreach.web.console.throttle import throttle_for
from outreach.web.desk import Desk, wished
from outreach.web.forms import own_origins

SLACK = 64 * 1024
"""What a form's own lines may weigh beside its files."""
EVENTS = "text/event-stream"
NO_CONTENT, NOT_THERE, NOT_SO, NOT_NOW = 204, 404, 405, 503


def build_console(desk: Desk) -> FastAPI:
    """The console of an opened workspace; every path in it begins with /console."""
    console = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    console.state.desk = desk
    console.state.throttle = throttle_for(desk.house.settings)
    console.mount(f"{PREFIX}/static/htmx", StaticFiles(directory=HTMX))
    console.mount(f"{PREFIX}/static", StaticFiles(directory=STATIC))
    for room in ROOMS:
        console.router.routes.extend(room.router.routes)  # to include a router would make each of its routes anew
    console.add_exception_handler(AnyHTTPException, _of_http)
    console.add_exception_handler(RequestValidationError, _of_input)
    console.add_exception_handler(Refusal, _of_refusal)
    console.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_UPLOAD + SLACK)
    return console


def plates() -> Sequence[Plate]:
    """Every door of the console, with the right it asks for."""
    return [plate for room in ROOMS for plate in room.plates]


class Beside:
    """Sends what begins with the console's path to the console, and all else to the public pages (ASGI)."""

    def __init__(self, app: ASGIApp, console: ASGIApp) -> None:
        self.app = app
        self.console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        ours = scope["type"] == "http" and (path == PREFIX or path.startswith(f"{PREFIX}/"))
        await (self.console if ours else self.app)(scope, receive, send)


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnyHTTPException)  # noqa: S101  registered for it
    if error.status_code == SEE_OTHER:
        return _led_to(request, (error.headers or {})["Location"])
    if error.status_code in (NOT_THERE, NOT_SO) and seat_at(request) is None:
        return _led_to(request, way_in(request))  # a stranger does not even hear that it is not there
    return _failure(request, error.status_code)


def _led_to(request: Request, where: str) -> Response:
    """To a page; but a page that asks for its events is told to ask no more (HTML Living Standard, 9.2.3)."""
    if EVENTS in request.headers.get("accept", ""):
        return Response(status_code=NO_CONTENT)
    return RedirectResponse(where, SEE_OTHER)


def _of_input(request: Request, _error: Exception) -> Response:
    return _failure(request, NOT_THERE)


def _of_refusal(request: Request, error: Exception) -> Response:
    """A verb declined: the page that the deed came from says why, and nothing was changed.

    A page that cannot be shown, because the database does not answer, says so itself: to be led to another page,
    perhaps the same, would go on without end.
    """
    assert isinstance(error, Refusal)  # noqa: S101  registered for it
    if request.method in SAFE:
        return _failure(request, NOT_NOW, " ".join(error.reasons))
    return go(request, _came_from(request), Said(" ".join(error.reasons), refused=True))


def _came_from(request: Request) -> str:
    """The page of ours with the form, without the host; the console's first page when the browser does not say.

    Behind a proxy the browser names the address in the settings, with https, and not the one that reached us.
    """
    referrer = request.headers.get("referer", "")
    ours = next((one for one in own_origins(request) if referrer.startswith(f"{one}{PREFIX}")), None)
    path = PREFIX if ours is None else referrer.removeprefix(ours)
    return path if path == PREFIX or path.startswith((f"{PREFIX}/", f"{PREFIX}?")) else PREFIX


def _failure(request: Request, code: int, reason: str = "") -> Response:
    seat = seat_at(request)
    if seat is None:
        workspace = _desk(request).house.settings.workspace
        language = next(iter(wished(request)), workspace.language)
        return show_stranger("failure", request, language, code=code, failed=code)
    return show("failure", request, seat, code=code, failed=code, reason=reason)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
