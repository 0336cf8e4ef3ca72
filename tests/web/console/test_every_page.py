"""Every page of the console in a real browser: for everybody, on a phone, and what anybody wrote does nothing."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from outreach.domain.users import Role
from tests.parts.axe import OF_LOOKS, violations
from tests.parts.chromium import chromium
from tests.web.console.browsing import served
from tests.web.console.canaries import OURS, SEVENTIMES, WRITTEN, canary, columns, columns_of_text, sow
from tests.web.console.doors import DOORS
from tests.web.console.filled import DRAFT, ELSEWHERE, Filled, at, filled, seat
from tests.web.visit import Visit

KEPT = ("/live", "/file", "/files/{file}", "/source", "/export", "/refused")
"""What is no page: streams, and files that are only to be kept."""
PIECES = ("/counted", "/funnel", "/zones", "/mail", "/framed")
"""Parts of pages, and what stands in frames: looked at, but no page for themselves."""
MORE = (
    f"/console/calls/{ELSEWHERE}",
    f"/console/calls/{DRAFT}",
    "/console/calls/response",
    f"/console/calls/{DRAFT}/make/mails?contact=1",
    "/console/replies/2",
    "/console/replies/3",
    "/console/replies/4",
    "/console/replies?state=all",
    *(f"/console/calls/safe-passage/signatures?show={part}" for part in ("doubtful", "pairs", "confirmed", "gone")),
    "/console/log-in",
    "/console/nowhere",
    "/letters/safe-passage",
    "/letters/safe-passage/organisation",
    "/letters/safe-passage/individual",
    "/",
)
"""Pages that show other things than their first row does, and the public ones."""
WATCH = """
window.canary = (where) => console.error("it ran: " + where);
addEventListener("securitypolicyviolation", (one) => console.error(`${one.violatedDirective} ${one.blockedURI}`));
"""
LINKS = """
() => [...document.querySelectorAll("[href], [src], [action], [formaction]")]
  .flatMap((one) => ["href", "src", "action", "formaction"].map((name) => [one.tagName, one.getAttribute(name)]))
  .filter(([tag, to]) => to !== null && /^\\s*(javascript|data|vbscript):/i.test(to))
"""
PHONE, DESK = 320, 1280


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address at which nobody may ask, and who asked there."""
    asked: list[str] = []

    class Ear(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked.append(self.request.recv(200).decode("latin-1"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()


def hostile(elsewhere: str) -> str:
    """A mail's HTML with everything that could load or run (B80)."""
    return (
        f"<base href='{elsewhere}/'><meta http-equiv=refresh content='0;url={elsewhere}/refresh'>"
        f"<link rel=stylesheet href='{elsewhere}/x.css'><style>@import url({elsewhere}/import.css);"
        f" p {{ background: url({elsewhere}/rule.png) }}</style>"
        f"<p style=\"background:url('{elsewhere}/style.png')\">Who else has <b>signed</b> so far?</p>"
        f"<img src='{elsewhere}/remote.png'><img src='cid:logo'><img srcset='{elsewhere}/set.png 1x'>"
        f"<svg onload=canary('svg')><script>canary('svg')</script><image href='{elsewhere}/svg.png'/></svg>"
        f"<form action='{elsewhere}/form'><input name=password><button>Log in</button></form>"
        f"<iframe src='{elsewhere}/frame'></iframe><object data='{elsewhere}/object'></object>"
        f"<video poster='{elsewhere}/poster' src='{elsewhere}/video'></video><script>canary('mail')</script>"
        f"<a href=\"javascript:canary('link')\">a</a><a href='{elsewhere}/link' ping='{elsewhere}/ping'>b</a>"
    )


@dataclass
class Walk:
    """A browser on its way through the pages, and what it met."""

    context: BrowserContext
    base: str
    met: dict[str, list[str]] = field(default_factory=dict)
    path: str = ""

    def __post_init__(self) -> None:
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda one: self.say(f"dialog: {one.message}"))
        self.page.on("console", lambda one: self.say(one.text) if one.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda one: self.say(f"error: {one}"))
        self.page.on("request", self.leaves)

    def say(self, what: str) -> None:
        if "status of 404" not in what:  # what the browser says of the page that is not there
            self.met.setdefault(self.path, []).append(what[:300])

    def leaves(self, asked: object) -> None:
        url = str(getattr(asked, "url", ""))
        if not url.startswith(self.base):
            self.say(f"asked for {url}")

    def look(self, path: str) -> None:
        """Go there and look at it from all sides."""
        self.path = path
        answer = self.page.goto(self.base + path, wait_until="load")
        if answer is None or (answer.status != 200 and path != "/console/nowhere"):
            self.say(f"status {answer and answer.status}")
        if SEVENTIMES in self.page.content():
            self.say("it was taken for a template")
        for tag, to in self.page.evaluate(LINKS):
            self.say(f"{tag} leads to {to}")
        if not path.partition("?")[0].endswith(PIECES):
            self.is_for_everybody(self.page)

    def is_for_everybody(self, page: Page) -> None:
        """On a phone in light, and on a desk in dark; with everything open that can be."""
        page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        if page.evaluate("document.documentElement.scrollWidth") > PHONE:
            self.say("it is wider than a phone")
        for fault in violations(page):
            self.say(fault)
        page.set_viewport_size({"width": DESK, "height": 900})
        page.emulate_media(color_scheme="dark")
        for fault in violations(page, OF_LOOKS):
            self.say(f"wide and dark: {fault}")
        page.set_viewport_size({"width": PHONE, "height": 900})
        page.emulate_media(color_scheme="light")


def paths(made: Filled) -> list[str]:
    """Every page, with things that are there."""
    doors = [line.split() for line in DOORS.strip().splitlines()]
    pages = [path for method, path, least, _ in doors if method == "GET" and least != "stranger"]
    shown = [at(made, path, "rosa") for path in pages if not path.endswith(KEPT)]
    return [f"{path}?contact=1" if path.endswith("/framed") else path for path in shown] + list(MORE)


def test_every_column_that_holds_text_is_in_one_list_of_canaries_or_the_other() -> None:
    written, ours = columns(WRITTEN), columns(OURS)
    both = {table: written.get(table, set()) | ours.get(table, set()) for table in {*written, *ours}}
    assert columns_of_text() == both
    assert not any(written.get(table, set()) & names for table, names in ours.items())


def test_every_page_is_for_everybody_and_nothing_that_anybody_wrote_runs_or_leaves(here: Visit) -> None:
    """B80, and the canaries of issue 6, through every column and every page."""
    with listening() as (elsewhere, heard):
        made = filled(here, mail=hostile(elsewhere), reason=canary("stop.reason", elsewhere)[:150])
        seat(made, "rosa", Role.ADMINISTRATOR)
        sow(here.app.database, elsewhere)
        with served(here) as base, chromium() as browser:
            context = browser.new_context(viewport={"width": PHONE, "height": 900}, reduced_motion="reduce")
            context.add_cookies([{"name": "outreach", "value": made.tokens["rosa"], "url": base}])
            walk = Walk(context, base)
            for path in paths(made):
                walk.look(path)
            context.close()
        assert "\n".join(f"{path}: {what}" for path, found in walk.met.items() for what in found) == ""
        assert heard == []
