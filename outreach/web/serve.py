"""Serves the public pages in the running event loop, until told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator

import uvicorn
from fastapi import FastAPI

from outreach.bootstrap import Outreach
from outreach.config.settings import Settings
from outreach.domain.errors import Refusal
from outreach.web.app import build_app

LAST_ANSWERS_SECONDS = 5


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the process has one owner, and it is not the web."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


async def serve(
    app: Outreach,
    *,
    on_change: Callable[[], None] | None = None,
    ready: Callable[[], None] | None = None,
    stop: asyncio.Event,
) -> None:
    """Serve until ``stop`` is set; answers under way are finished first.

    ``on_change`` and ``ready`` are called in the event loop: after mail was queued, and once connections are taken.
    Raises Refusal when the address of the settings cannot be listened on.
    """
    settings, loop = app.house.settings, asyncio.get_running_loop()

    def changed() -> None:
        if on_change:
            loop.call_soon_threadsafe(on_change)

    with listen(settings) as door:
        web = build_app(app, on_change=changed)
        server = _Server(uvicorn_config(web, settings), ready or (lambda: None))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            web.state.desk.closing.set()
            server.should_exit = True
            await serving


def uvicorn_config(web: FastAPI, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves: no access log (addresses hold tokens), no trust in forwarded headers, no banner."""
    return uvicorn.Config(
        web,
        host=settings.web.host,
        port=settings.web.port,
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
    )


def listen(settings: Settings) -> socket.socket:
    """A socket on the address of the settings. Raises Refusal when it is taken or not ours."""
    host, port = settings.web.host, settings.web.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise Refusal(
            f"The pages cannot be served on {host}, port {port}: {error.strerror or error}. "
            "Change host or port under [web] in config.toml, or stop the program that is using them."
        ) from error
