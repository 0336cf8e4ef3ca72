"""What is typed into a draft is saved as she goes, and whoever is not being saved is told so."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from outreach.store.calls import export_call
from outreach.store.database import Database
from outreach.store.tables import Call, Sitting
from tests.parts.chromium import chromium
from tests.web.console.browsing import logged_in, served
from tests.web.console.made import MAKE, WRITTEN, begin, save
from tests.web.visit import Visit, visit


@pytest.fixture
def begun(sqlite: Database, tmp_path: Path) -> Visit:
    """A draft with a letter."""
    here = visit(sqlite, tmp_path)
    rosa = begin(here)
    assert save(rosa, "letter", WRITTEN).status_code == 303
    return here


def body(here: Visit) -> str:
    with here.app.database.reading() as session:
        call = session.exec(select(Call).where(Call.slug == "open-ports")).one()
        return export_call(session, call).letters["en"].body


def types(page: Page, base: str, text: str) -> None:
    page.goto(f"{base}{MAKE}/letter")
    page.locator('[name="body.en"]').fill(text)


def test_what_was_typed_last_is_kept_when_she_leaves_at_once(begun: Visit) -> None:
    with served(begun) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        types(page, base, "Excellency,\n\nthe last words.")
        page.get_by_role("link", name="Mails").click()
        expect(page).to_have_url(f"{base}{MAKE}/mails")
        for _ in range(200):  # the browser sends it behind the page's back
            if body(begun) == "Excellency,\n\nthe last words.\n":
                return
            page.wait_for_timeout(100)
    raise AssertionError(body(begun))


def test_what_is_typed_before_the_page_is_whole_is_saved_too(begun: Visit) -> None:
    with served(begun) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        late: list[Route] = []
        page.route("**/htmx.min.js", lambda route: late.append(route))  # noqa: PLW0108  it must be a function
        page.goto(f"{base}{MAKE}/letter", wait_until="commit")
        page.locator('[name="body.en"]').fill("Excellency,\n\nsoon.")
        late[0].continue_()
        expect(page.locator("#saved")).to_contain_text("Saved at")
    assert body(begun) == "Excellency,\n\nsoon.\n"


def test_she_is_told_when_the_server_does_not_take_it_and_when_it_does_again(begun: Visit) -> None:
    with served(begun) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        page.route(f"{base}{MAKE}/letter", refuses_posts)
        types(page, base, "Excellency,\n\nnot taken.")
        expect(page.locator("#saved")).to_contain_text("Not saved: the server did not take it.")
        page.unroute(f"{base}{MAKE}/letter")
        page.locator('[name="body.en"]').fill("Excellency,\n\ntaken.")
        expect(page.locator("#saved")).to_contain_text("Saved at")
    assert body(begun) == "Excellency,\n\ntaken.\n"


def test_she_is_told_when_she_has_been_logged_out(begun: Visit) -> None:
    with served(begun) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        page.goto(f"{base}{MAKE}/letter")
        with begun.app.database.changing() as session:
            for sitting in session.exec(select(Sitting)):
                session.delete(sitting)
        page.locator('[name="body.en"]').fill("Excellency,\n\nnobody's.")
        expect(page.locator("#saved")).to_contain_text("if you are asked to log in, copy your text first")
        assert page.locator("input[type=password]").count() == 0, "the log-in does not come into the page"


def test_beside_it_stands_what_she_types_as_it_will_look(begun: Visit) -> None:
    with served(begun) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        types(page, base, "Excellency,\n\n**keep** the ports open.")
        expect(page.locator("#look-en strong")).to_have_text("keep")
        page.locator('[name="title.en"]').fill("Another title")
        expect(page.locator("#look-en .title")).to_have_text("Another title")
        expect(page.locator("#saved")).to_contain_text("Saved at")
    assert body(begun) == "Excellency,\n\n**keep** the ports open.\n"


def refuses_posts(route: Route) -> None:
    if route.request.method == "POST":
        route.fulfill(status=503)
    else:
        route.continue_()
