"""The way in, in a real browser: invited, password, device, code, and the other browser logged out."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Browser, Page

from outreach.domain.users import UserState
from outreach.rendering.access import access_link
from outreach.store.tables import User
from tests import users
from tests.parts.axe import OF_LOOKS, violations
from tests.parts.chromium import chromium
from tests.users import code
from tests.web.console.browsing import served
from tests.web.visit import HOST, Visit

ANA = "ana@lanterncoast.example"
NEW = "eleven gulls on one mast"
WIDTHS = (320, 1280)

Look = Callable[[str, Page], None]


def invited(here: Visit) -> User:
    with here.app.database.changing() as session:
        return users.user(session, ANA, name="Ana Sousa", password="", state=UserState.INVITED)


def new_page(browser: Browser, *, scripts: bool) -> Page:
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.set_default_timeout(20_000)
    return page


def accept(here: Visit, page: Page, base: str, ana: User, look: Look) -> str:
    """From the link in the mail to the page with her log-ins; the device's key."""
    page.goto(base + access_link(ana.id or 0, ana.stamp, here.app.house).removeprefix(HOST))
    look("welcome", page)
    page.fill("[name=password]", NEW)
    page.fill("[name=again]", NEW)
    page.click("text=Keep it and log in")
    page.wait_for_url("**/console/device")
    look("device", page)
    key = "".join(page.inner_text("#key").split())
    page.fill("[name=code]", code(here.clock.now(), key))
    page.click("text=Set it up")
    page.wait_for_url("**/console/me")
    look("me", page)
    return key


def log_in(here: Visit, page: Page, base: str, key: str, look: Look) -> None:
    """In another browser, a minute later."""
    page.goto(f"{base}/console/me")
    look("log-in", page)
    page.fill("[name=address]", ANA)
    page.fill("[name=password]", NEW)
    page.click("main button")
    page.wait_for_url("**/console/code**")
    look("code", page)
    page.fill("[name=code]", code(here.clock.now(), key))
    page.click("text=Go on")
    page.wait_for_url("**/console/me")


def walk(here: Visit, browser: Browser, base: str, look: Look, *, scripts: bool) -> None:
    first, second = new_page(browser, scripts=scripts), new_page(browser, scripts=scripts)
    key = accept(here, first, base, invited(here), look)
    here.clock.turn(timedelta(minutes=1))
    log_in(here, second, base, key, look)
    second.click("text=Log out everywhere else")
    second.wait_for_selector("text=Logged out there.")
    first.reload()
    assert "/console/log-in" in first.url
    assert second.goto(f"{base}/console/users").status == 200  # type: ignore[union-attr]
    look("users", second)
    second.click("a:has-text('Ana Sousa')")
    look("user", second)


def test_the_way_in_needs_no_script(here: Visit) -> None:
    with served(here) as base, chromium() as browser:
        walk(here, browser, base, lambda _name, _page: None, scripts=False)


def test_every_page_of_the_way_in_is_for_everybody(here: Visit) -> None:
    wrong: dict[str, list[str]] = {}

    def look(name: str, page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults = violations(page, OF_LOOKS if width != WIDTHS[0] else ())
            too_wide = page.evaluate("document.documentElement.scrollWidth") > width
            if faults or too_wide:
                wrong[f"{name} at {width}"] = faults + ["too wide"] * too_wide

    with served(here) as base, chromium() as browser:
        walk(here, browser, base, look, scripts=True)
    assert wrong == {}
