"""Puts the public pages together."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from outreach.bootstrap import Outreach
from outreach.web import (
    asking_again,
    confirming,
    correcting,
    downloads,
    front,
    kits,
    letters,
    lists,
    opting_out,
    own_signature,
    public_signing,
    signing,
)
from outreach.web.console.app import Beside, build_console
from outreach.web.desk import Desk
from outreach.web.failures import add_failure_pages, failure
from outreach.web.forms import LARGEST_BODY
from outreach.web.headers import Door
from outreach.web.limits import gate_of
from outreach.web.shelf import Shelf
from outreach.web.showing import STATIC

ROOMS = (
    front,
    letters,
    lists,
    downloads,
    asking_again,
    public_signing,  # after all others under /letters/
    signing,
    confirming,
    correcting,
    own_signature,
    kits,
    opting_out,
)


def build_app(app: Outreach, *, on_change: Callable[[], None] | None = None) -> FastAPI:
    """The public pages of an opened workspace, and the console beside them.

    ``on_change`` is called after mail was queued, in whichever thread did it, so that the engine may wake. Raises
    InvalidInput for settings of the pages that cannot be.
    """
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    web.state.desk = Desk(app, on_change or _tell_nobody)
    web.state.gate = gate_of(app.house.settings)
    web.state.shelf = Shelf(app.press)
    for room in ROOMS:
        web.router.routes.extend(room.router.routes)  # to include a router would make each of its routes anew
    web.mount("/static", StaticFiles(directory=STATIC))
    add_failure_pages(web)
    web.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    web.add_middleware(Beside, console=build_console(web.state.desk))
    web.add_middleware(Door, failed=failure)  # the last one added is the outermost
    return web


def _tell_nobody() -> None:
    """Nobody waits for mail: the engine asks by itself every few seconds."""
