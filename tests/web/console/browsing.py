"""The console, really served, in a real browser, with somebody logged in."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from outreach.demo.world import free_port
from outreach.web.serve import serve
from tests import make
from tests.web.visit import Visit


@contextmanager
def served(here: Visit) -> Iterator[str]:
    """The address at which the pages are served while this lasts."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    house = make.house(
        here.app.database, workspace={"base_url": base}, web={"port": port, "forms_per_minute": 1_000_000}
    )
    app = replace(here.app, house=house)
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(app, ready=ready.set, stop=stop)))
    thread.start()
    assert ready.wait(20)
    try:
        yield base
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


def logged_in(browser: Browser, base: str, name: str = "Rosa", **options: Any) -> BrowserContext:
    """A browser in which the person whom ``seated`` made is logged in."""
    context = browser.new_context(**options)
    context.add_cookies([{"name": "outreach", "value": f"token of {name}", "url": base}])
    return context
