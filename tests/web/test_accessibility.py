"""Every page in a real browser: for everybody, from either side, in light and dark, on a phone and on a desk."""

from pathlib import Path
from typing import Literal

import html5lib  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Dialog, Page, Response

from outreach.store.database import Database
from tests.parts.axe import OF_LOOKS, violations
from tests.parts.chromium import chromium
from tests.web.gallery import Gallery, Scene, gallery

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (390, "light"),
    (1280, "dark"),
    (390, "dark"),
    (1280, "light"),
)
NARROWEST = 320


def play(page: Page, shown: Gallery, scene: Scene) -> Response:
    """Go there, fill in what is said, press the first button if it shall be pressed; what was answered last."""
    answer = page.goto(shown.base + scene.path)
    for name, typed in scene.typed.items():
        if name in {"visibility", "answer"}:
            page.locator(f"[name={name}][value={typed}]").check()
        else:
            page.locator(f"[name={name}]").fill(typed)
    if scene.pressed:
        with page.expect_navigation() as pressed:
            page.locator("main button").first.click()
        answer = pressed.value
    assert answer is not None
    return answer


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_for_everybody(sqlite: Database, tmp_path: Path, language: str) -> None:
    wrong: dict[str, list[str]] = {}
    with gallery(sqlite, tmp_path, language) as shown, chromium() as browser:
        page = browser.new_context(locale=language).new_page()
        said: list[str] = []
        elsewhere: list[str] = []
        ran: list[Dialog] = []
        page.on("dialog", lambda dialog: ran.append(dialog))  # noqa: PLW0108  playwright wants a function
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda asked: None if asked.url.startswith(shown.base) else elsewhere.append(asked.url))
        for name, scene in shown.scenes.items():
            play(page, shown, scene)
            assert page.locator("html").get_attribute("lang") == language, name
            for width, scheme in LOOKS:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                if found := violations(page, () if (width, scheme) == LOOKS[0] else OF_LOOKS):
                    wrong[f"{name}, {width}, {scheme}"] = found
            page.set_viewport_size({"width": NARROWEST, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > NARROWEST:
                wrong[f"{name}, {NARROWEST}"] = ["it is wider than the screen"]
        assert wrong == {}
        assert [one for one in said if "404" not in one and "422" not in one] == []
        assert elsewhere == []
        assert ran == []
        assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_valid_light_and_without_scripts(sqlite: Database, tmp_path: Path, language: str) -> None:
    with gallery(sqlite, tmp_path, language) as shown, chromium() as browser:
        page = browser.new_context(locale=language, java_script_enabled=False).new_page()
        for name, scene in shown.scenes.items():
            source = play(page, shown, scene).body()
            assert len(source) < 100_000, name
            assert b"<script" not in source, name
            html5lib.HTMLParser(strict=True).parse(source)


def test_a_page_on_paper_has_the_letter_and_nothing_to_press(sqlite: Database, tmp_path: Path) -> None:
    with gallery(sqlite, tmp_path, "en") as shown, chromium() as browser:
        page = browser.new_context(locale="en").new_page()
        page.emulate_media(media="print")
        for name in ("letter", "released", "list", "organisation"):
            play(page, shown, shown.scenes[name])
            assert page.locator("header, footer, form, .buttons, .languages").filter(visible=True).count() == 0, (
                name
            )
            assert page.locator("main").evaluate("one => getComputedStyle(one).borderTopWidth") == "0px", name
            assert page.locator("h1").filter(visible=True).count() == 1, name
