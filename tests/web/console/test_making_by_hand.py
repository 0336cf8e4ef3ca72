"""From an empty workspace to a launched call in a real browser, with JavaScript and without it."""

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from sqlmodel import select

from outreach.domain.states import CallState
from outreach.store.database import Database
from outreach.store.tables import Call
from tests import make
from tests.make import ROOT
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.visit import Visit, visit


@pytest.fixture
def ready(sqlite: Database, tmp_path: Path) -> Visit:
    """A workspace with some contacts."""
    here = visit(sqlite, tmp_path)
    with sqlite.changing() as session:
        for number, zone in enumerate(["Asia/Manila", "America/Los_Angeles", "Europe/Athens"]):
            make.contact(session, here.app.house, f"p{number}@harbour.example", time_zone=zone, tags=("ports",))
    here.app = replace(here.app, folder=ROOT)
    seated(here)
    return here


def is_for_everybody(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found] == []
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("scripts", [True, False])
def test_a_call_is_made_and_launched_by_hand(ready: Visit, *, scripts: bool) -> None:
    with served(ready) as base, chromium() as browser:
        context = logged_in(browser, base, java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{base}/console/calls")
        page.get_by_role("link", name="New call").click()
        begin(page)
        pages = ["letter", "audience", "schedule", "mails", "check"]
        if scripts:
            for one in pages:
                page.goto(f"{base}/console/calls/open-ports/make/{one}")
                is_for_everybody(page)
        page.goto(f"{base}/console/calls/open-ports/make/letter")
        fill(
            page,
            {"#addressee-en": "The ministers", "#body-en": "Excellency,\n\n**open** the ports."},
            scripts=scripts,
        )
        if scripts:
            expect(page.locator("#look-en strong")).to_have_text("open")
        page.get_by_role("link", name="Audience").click()
        fill(page, {"#tags": "ports"}, scripts=scripts)
        expect(page.locator("#counted b").first).to_have_text("3")
        page.get_by_role("link", name="Schedule").click()
        fill(page, {"#reminders": "5d 09:00"}, scripts=scripts)
        expect(page.locator("#seen")).to_contain_text("Reminder 5d 09:00")
        page.get_by_role("link", name="Check and launch").click()
        page.get_by_role("button", name="Launch", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("Launched. 3 invitations are queued.")
        assert said == []
    with ready.app.database.reading() as session:
        assert session.exec(select(Call.state).where(Call.slug == "open-ports")).one() is CallState.OPEN


def begin(page: Page) -> None:
    page.get_by_label("Title").fill("Open ports")
    page.locator("#deadline").fill("2027-02-26T17:00")
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url("**/open-ports/make/letter")


def fill(page: Page, typed: dict[str, str], *, scripts: bool) -> None:
    """Type, and have it saved: as she goes, or by the button."""
    for where, what in typed.items():
        page.locator(where).fill(what)
    if scripts:
        expect(page.locator("#saved")).to_contain_text("Saved at")
        return
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
