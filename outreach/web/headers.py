"""The outermost door: headers on every answer, and no failure that tells a stranger (or a log) anything."""

import traceback
from collections.abc import Callable

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.domain.errors import Refusal

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
CONSOLE = "/console"
CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERSONAL_PATHS = ("/sign/", "/confirm/", "/signature/", "/kit/", "/opt-out/")
"""Where a token stands in the address: nothing of it is stored, indexed or logged."""

log = structlog.get_logger(__name__)


class Door:
    """Wraps the application.

    What fails inside is logged by its kind and its place, never with its message, which may hold a person's data
    or a token; ``failed`` makes the page that is shown instead.
    """

    def __init__(self, app: ASGIApp, failed: Callable[[Request, int], Response]) -> None:
        self.app = app
        self.failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  whatever it is, it must not get out of this door
            _record(error)
            if not started:
                code = 503 if isinstance(error, Refusal) else 500
                await self.failed(Request(scope), code)(scope, receive, send_with_headers)


def _add(headers: MutableHeaders, path: str) -> None:
    if path == CONSOLE or path.startswith(f"{CONSOLE}/"):
        # A page that shows what came by mail asks for a stricter policy by itself.
        headers.setdefault("Content-Security-Policy", CONSOLE_POLICY)
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Robots-Tag"] = "noindex, nofollow"
    else:
        headers["Content-Security-Policy"] = POLICY
        headers["Referrer-Policy"] = "no-referrer"
    headers["X-Content-Type-Options"] = "nosniff"
    if path.startswith(PERSONAL_PATHS):
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex, nofollow"
    else:
        headers.setdefault("Cache-Control", "no-store")


def _record(error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    # A refusal is our own sentence about the database; anything else may quote what it stumbled over.
    reason = str(error) if isinstance(error, Refusal) else ""
    log.error("page failed", kind=type(error).__name__, reason=reason, where=where)
