"""Stopping all mail in a real browser: one click, without JavaScript too, and readable for everybody."""

from outreach.domain.users import Role
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.console.test_health import is_stopped
from tests.web.visit import Visit


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
