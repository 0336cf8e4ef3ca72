"""The register of officials in a real browser, readable for everybody on every screen."""

from datetime import date
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests import officials
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.visit import Visit

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((390, "light"), (1280, "dark"))


def test_officials_can_be_read_by_everybody_on_every_screen(here: Visit) -> None:
    with here.app.database.changing() as session:
        post = officials.post(session)
        officials.holder(session, post)
        officials.fact(session, "ratified_it", "yes", date(2026, 3, 1))
    seated(here)
    with served(here) as base, chromium() as browser:
        for width, scheme in LOOKS:
            context = logged_in(browser, base, viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            for path in ("", "/overdue", f"/{post.id}"):
                page.goto(f"{base}/console/officials{path}")
                page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
                found = Axe().run(page)
                assert found.violations_count == 0, (path, found.generate_report())
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            context.close()
