"""The public page of a letter."""

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.domain.states import CallState
from outreach.store.database import Database
from tests import make
from tests.web.visit import Visit, visit

LETTER = "/letters/safe-passage"


def test_the_page_shows_the_letter_with_its_asks_and_its_deadline(here: Visit) -> None:
    page = here.get(LETTER)
    assert page.status_code == 200
    assert "<h1>Safe passage for people at sea</h1>" in page.text
    assert "Member States of the United Nations" in page.text
    assert "<li>Stop treating rescue, shelter and help as crimes.</li>" in page.text
    assert "<h2>What we see</h2>" in page.text
    assert "Friday 26 February 2027 at 17:00 (Pacific Time, Los Angeles, UTC−8)" in page.text
    assert page.headers["vary"] == "Accept-Language"
    assert "x-robots-tag" not in page.headers


def test_the_reader_gets_the_language_that_she_asks_for(here: Visit) -> None:
    assert '<html lang="fr" dir="ltr">' in here.get(f"{LETTER}?lang=fr").text
    wishes = {"accept-language": "de;q=1, ar-LB;q=0.9, en;q=0.1"}
    assert '<html lang="ar" dir="rtl">' in here.get(LETTER, headers=wishes).text
    assert '<html lang="es" dir="ltr">' in here.get(f"{LETTER}?lang=es", headers=wishes).text


@pytest.mark.parametrize("wish", ["", "xx", "de", "*", ";;;", "en;q=nan", "fr;q=zero, ,", "\u00e2\u0080\u00ae"])
def test_whoever_asks_for_what_there_is_not_gets_the_call_s_language(here: Visit, wish: str) -> None:
    page = here.get(LETTER, params={"lang": wish}, headers={"accept-language": wish.encode("latin-1")})
    assert '<html lang="en" dir="ltr">' in page.text


def test_every_other_language_is_a_link_away_under_its_own_name(here: Visit) -> None:
    page = here.get(LETTER).text
    assert all(name in page for name in (">Français</a>", ">Español</a>", ">العربية</a>"))
    assert ">English</a>" not in page


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.CANCELLED])
def test_a_letter_that_is_not_public_is_not_there(here: Visit, state: CallState) -> None:
    here.change_call(state=state)
    assert here.get(LETTER).status_code == 404
    assert here.get(LETTER).text == here.get("/letters/no-such-letter").text


@pytest.mark.parametrize("slug", ["nothing", "a" * 200, "..%2f..%2fetc%2fpasswd", "%00", "'; --", "SAFE-PASSAGE"])
def test_what_is_no_letter_is_not_found(database: Database, tmp_path: Path, slug: str) -> None:
    assert visit(database, tmp_path).get(f"/letters/{slug}").status_code == 404


@pytest.mark.parametrize("state", [CallState.CLOSED, CallState.RELEASED])
def test_when_signing_has_ended_the_page_says_so_and_asks_nobody_to_sign(here: Visit, state: CallState) -> None:
    here.change_call(state=state)
    page = here.get(LETTER).text
    assert "Signing ended" in page
    assert "To sign, please use" not in page


def test_past_the_deadline_the_page_asks_nobody_to_sign_even_if_nobody_has_closed_the_call(here: Visit) -> None:
    here.clock.turn(timedelta(days=60))
    assert "Signing ended" in here.get(LETTER).text


def test_no_name_of_anybody_stands_on_the_page(here: Visit) -> None:
    _, link = here.signed("ZZCANARY-7f3")
    here.post(link)
    page = here.get(LETTER).text
    assert not [name for name in ("ZZCANARY-7f3", "Idris", "harbour.example") if name in page]


def test_a_script_in_a_letter_is_text(sqlite: Database, tmp_path: Path) -> None:
    file = make.call_file()
    english = file.letters["en"]
    body = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)> ${7*7} {single}\n"
    evil = type(english)("<svg/onload=alert(1)>", "<b>You</b>", ("<i>ask</i>",), body)
    here = visit(sqlite, tmp_path, changes={"letters": {**file.letters, "en": evil}})
    page = here.get(LETTER).text
    assert not [tag for tag in ("<script", "<svg", "<b>You", "<i>", "<img", 'href="javascript') if tag in page]
    assert "${7*7} {single}" in page
