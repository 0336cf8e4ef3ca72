"""The page of a task in a real browser: it follows the work by itself, and does so without JavaScript too."""

import time

import pytest
from playwright.sync_api import expect

from outreach.domain.tasks import Step
from outreach.store.task_progress import tell_step
from outreach.store.tasks import claim_task, put_back_of_the_dead
from tests import tasks
from tests.parts.axe import OF_LOOKS, violations
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.console.test_tasks import asks, worked
from tests.web.visit import Visit

IN_TIME = 20_000
"""Milliseconds; the machine may be busy."""


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_page_follows_its_task_from_the_queue_to_the_end(here: Visit, *, script: bool) -> None:
    number = asks(here, seated(here))
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base, java_script_enabled=script).new_page()
        page.goto(f"{base}/console/tasks/{number}")
        expect(page.get_by_text("It is the next one.")).to_be_visible()
        with here.app.database.changing() as session:
            task = claim_task(session, tasks.OWNER, now=here.clock.now())
        assert task is not None
        tell_step(here.app.database, task, Step("writing", 3, 12))
        expect(page.get_by_text("Writing: 3 / 12")).to_be_visible(timeout=IN_TIME)
        with here.app.database.changing() as session:
            put_back_of_the_dead(session, tasks.OWNER)
        worked(here)
        expect(page.get_by_text("Contacts: 1 added", exact=False)).to_be_visible(timeout=IN_TIME)
        expect(page.locator("[data-live]")).to_have_count(0, timeout=IN_TIME)


def test_nothing_keeps_anybody_from_reading_the_pages_of_tasks_that_wait(here: Visit) -> None:
    waiting = asks(here, seated(here))
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base, viewport={"width": 390, "height": 800}, reduced_motion="reduce").new_page()
        for path in ("", f"/{waiting}"):
            page.goto(f"{base}/console/tasks{path}")
            assert violations(page) == []
            page.emulate_media(color_scheme="dark")
            assert violations(page, OF_LOOKS) == []
            page.emulate_media(color_scheme="light")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pages_that_are_still_open_do_not_hold_up_the_end(here: Visit) -> None:
    number = asks(here, seated(here))
    with chromium() as browser:
        with served(here) as base:
            page = logged_in(browser, base).new_page()
            page.goto(f"{base}/console/tasks/{number}")
            expect(page.get_by_text("It is the next one.")).to_be_visible()
            time.sleep(1)
            ends = time.monotonic()
        assert time.monotonic() - ends < 4
