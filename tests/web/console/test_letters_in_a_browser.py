"""The pages of a letter to officials in a real browser, readable for everybody on every screen."""

import re
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.parts.chromium import chromium
from tests.web.console.addressed import AT, SLUG, addressed, mission, on_paper, signed_off, works
from tests.web.console.browsing import logged_in, served
from tests.web.console.seated import seated
from tests.web.visit import Visit

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((390, "light"), (1280, "dark"))
PARTS = ("", "/choose", "/check", "/deliver", "/note", "/attachments", "/after")


def test_the_letters_pages_can_be_read_by_everybody_on_every_screen(here: Visit) -> None:
    signed_off(here)
    posts = mission(here), on_paper(here), mission(here, "ES", holder=""), mission(here, "FR")
    addressed(here, *posts)
    rosa = seated(here)
    rosa.post(f"{AT}/attach", files={"file": ("annex.pdf", b"%PDF annex", "application/pdf")})
    rosa.post(f"{AT}/deliver", {"to": "chosen", "post": [str(posts[0]), str(posts[1])]})
    works(here)
    with served(here) as base, chromium() as browser:
        for width, scheme in LOOKS:
            context = logged_in(browser, base, viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            paths = [f"{AT}{part}" for part in (*PARTS, f"/{posts[0]}", f"/{posts[2]}")]
            for path in (*paths, f"/console/calls/{SLUG}/editions", "/console/letters"):
                page.goto(base + path)
                page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
                found = Axe().run(page)
                assert found.violations_count == 0, (path, found.generate_report())
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            context.close()


def test_how_many_would_be_added_is_counted_while_she_types(here: Visit) -> None:
    mission(here), on_paper(here)
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        page.goto(f"{base}{AT}/choose")
        assert page.inner_text("#fit b") == "2"
        page.fill("#q", "mission-ke")
        page.locator("#fit b", has_text=re.compile("^1$")).wait_for()


def test_a_letter_shows_in_a_frame_in_which_nothing_runs(here: Visit) -> None:
    signed_off(here)
    addressed(here, chile := mission(here))
    seated(here)
    with served(here) as base, chromium() as browser:
        page = logged_in(browser, base).new_page()
        page.goto(f"{base}{AT}/{chile}")
        page.locator("iframe").scroll_into_view_if_needed()
        frame = page.frame_locator("iframe")
        frame.get_by_text("Excma. Sra. Vera Fuentes").first.wait_for()
        assert page.locator("iframe").get_attribute("sandbox") == ""
