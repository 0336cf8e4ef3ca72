"""Stopping all mail in a real browser: one click, without JavaScript too, and readable for everybody."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from outreach.domain.users import Role
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.console.test_health import is_stopped
from tests.web.visit import Visit

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((390, "light"), (1280, "dark"))


def test_one_click_stops_and_one_more_starts_without_javascript(here: Visit) -> None:
    seated(here, Role.ADMINISTRATOR)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base, java_script_enabled=False).new_page()
        page.goto(f"{base}/console/health")
        page.get_by_role("button", name="Stop all mail").click()
        assert is_stopped(here)
        assert page.url == f"{base}/console/health"
        page.get_by_role("button", name="Undo").click()
        assert not is_stopped(here)


def test_health_and_the_band_can_be_read_by_everybody_on_every_screen(here: Visit) -> None:
    seated(here, Role.ADMINISTRATOR)
    with served(here) as base, chromium() as browser:
        for width, scheme in LOOKS:
            context = logged_in(browser, base, viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{base}/console/health")
            if not is_stopped(here):
                assert Axe().run(page).violations_count == 0
                page.get_by_role("button", name="Stop all mail").click()
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            context.close()
