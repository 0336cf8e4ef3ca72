"""The list as the public sees it: when, whom, in which order, how many, and in which files."""

from pathlib import Path

import pytest
import structlog

from outreach.domain.listings import Listing, Order
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState
from outreach.store.database import Database
from tests import make
from tests.web.visit import Visit, visit

LETTER = "/letters/safe-passage"
LIST = f"{LETTER}/signatories"
CANARY = "ZZCANARY-7f3"


def listed(here: Visit, number: int, *, length: int = 0) -> None:
    """So many organisations have signed."""
    with here.app.database.changing() as session:
        call = session.get_one(type(here.call), here.call.id)
        for one in range(number):
            name = f"House {one:05} " + "ž" * length
            make.signature(session, call, name=name.strip(), key=f"{one}")


def with_listing(sqlite: Database, folder: Path, **how: object) -> Visit:
    return visit(sqlite, folder, changes={"listing": Listing(**how)})  # type: ignore[arg-type]


def test_while_the_call_is_open_only_the_count_is_shown(here: Visit) -> None:
    listed(here, 3)
    listed_page = here.get(LETTER).text
    assert "Signed by 3 organisations." in listed_page
    assert "House 00001" not in listed_page
    assert "The names are published together with the letter." in listed_page
    assert here.get(LIST).status_code == 404


def test_names_are_shown_while_open_where_the_call_says_so(sqlite: Database, tmp_path: Path) -> None:
    here = with_listing(sqlite, tmp_path, names_while_open=True)
    listed(here, 2)
    with sqlite.changing() as session:
        call = session.get_one(type(here.call), here.call.id)
        make.signature(session, call, name=CANARY, key="c", visibility=Visibility.ADDRESSEE)
    page = here.get(LETTER).text
    assert "House 00001" in page
    assert "Signed by 2 organisations. 1 more has signed without being named." in page
    assert CANARY not in page


def test_what_is_signed_off_is_under_embargo_until_the_release(here: Visit) -> None:
    listed(here, 2)
    here.sign_off()
    page = here.get(LETTER).text
    assert not [word for word in ("House 00001", "Edition 1", "letter.pdf") if word in page]
    for path in (LIST, f"{LETTER}/letter.csv", f"{LETTER}/letter.pdf"):
        assert here.get(path).status_code == 404


def test_the_released_letter_has_its_list_its_figures_and_its_files(sqlite: Database, tmp_path: Path) -> None:
    file = make.call_file()
    english = file.letters["en"]
    body = "The {{ signatories.organisations }} organisations below, {{ signatories.all }} with all others.\n"
    letters = {**file.letters, "en": type(english)(english.title, english.addressee, english.asks, body)}
    here = visit(sqlite, tmp_path, changes={"letters": letters})
    assert "The … organisations below" in here.get(LETTER).text
    listed(here, 4)
    with sqlite.changing() as session:
        call = session.get_one(type(here.call), here.call.id)
        make.signature(session, call, name=CANARY, key="c", visibility=Visibility.COUNTED)
    here.release()
    page = here.get(LETTER).text
    assert "The 4 organisations below, 5 with all others." in page
    assert page.count("<li><bdi>") == 4
    assert "Edition 1" in page
    for ending in ("md", "txt", "csv", "json", "docx", "odt", "pdf"):
        answer = here.get(f"{LETTER}/letter.{ending}")
        assert answer.status_code == 200
        assert CANARY.encode() not in answer.content
        assert answer.headers["content-disposition"] == f'attachment; filename="safe-passage.en.{ending}"'
    assert here.get(f"{LETTER}/letter.csv").text.count("House 0000") == 4
    assert here.get(f"{LETTER}/letter.exe").status_code == 404


def _appears_nowhere(here: Visit, paths: list[str]) -> None:
    with structlog.testing.capture_logs() as logged:
        for path in paths:
            answer = here.get(path)
            assert CANARY not in f"{answer.text} {answer.headers} {answer.url}", path
    assert CANARY not in str(logged)


def test_no_private_name_is_in_any_public_answer(here: Visit) -> None:
    """B62."""
    private = [Visibility.COUNTED, Visibility.ADDRESSEE]
    for kind, visibility in zip(SignatureKind, private, strict=True):
        here.post(here.signed(CANARY, kind, visibility)[1])
    listed(here, 1)
    paths = ["/", LETTER, LIST, f"{LETTER}/organisation", f"{LETTER}/again", "/robots.txt", "/nowhere",
             *[f"{LETTER}/letter.{ending}" for ending in ("md", "txt", "csv", "json")]]  # fmt: skip
    _appears_nowhere(here, paths)
    here.sign_off()
    _appears_nowhere(here, paths)
    here.change_call(state=CallState.RELEASED, released_at=here.clock.now())
    assert "2 more have signed without being named." in here.get(LETTER).text
    _appears_nowhere(here, paths)
    with here.app.database.reading() as session:
        assert not [one for one in make.messages(session) if CANARY in str(one.values)]


def test_a_long_list_has_pages_that_lead_to_each_other(here: Visit) -> None:
    listed(here, 600)
    here.release()
    letter = here.get(LETTER).text
    assert letter.count("<li><bdi>") == 200
    assert f"{LIST}?lang=en" in letter
    pages = [here.get(f"{LIST}?page={number}").text for number in (1, 2, 3)]
    assert [page.count("<li><bdi>") for page in pages] == [250, 250, 100]
    assert 'rel="prev"' not in pages[0]
    assert 'rel="next" href="/letters/safe-passage/signatories?lang=en&amp;page=2"' in pages[0]
    assert 'rel="prev"' in pages[2]
    assert 'rel="next"' not in pages[2]
    assert '<ol class="names" start="501">' in pages[2]
    for wrong in ("0", "4", "-1", "x", "٣", "9" * 99, ""):
        assert here.get(LIST, params={"page": wrong}).status_code == 404


def test_no_page_weighs_a_hundred_kilobytes_whatever_the_names(here: Visit) -> None:
    listed(here, 700, length=185)
    here.release()
    weights = [len(here.get(LETTER).content)]
    seen = number = 0
    while (page := here.get(f"{LIST}?page={number + 1}")).status_code == 200:
        number += 1
        seen += page.text.count("<li><bdi>")
        weights.append(len(page.content))
    assert seen == 700
    assert max(weights) < 100_000


@pytest.mark.parametrize("order", Order)
def test_the_list_stands_in_groups_with_headings(sqlite: Database, tmp_path: Path, order: Order) -> None:
    here = with_listing(sqlite, tmp_path, order=order, initiators_first=True, numbered=False)
    with sqlite.changing() as session:
        call = session.get_one(type(here.call), here.call.id)
        make.signature(session, call, name="Red Marea Abierta", key="r", country="MX")
        make.signature(session, call, name="Zeta", key="z", country="BE")
        make.signature(session, call, name="Alpha", key="a")
        make.signature(session, call, name="Idris", key="i", kind=SignatureKind.INDIVIDUAL, country="BE")
    here.release()
    page = here.get(LETTER).text
    assert page.index("Initiators") < page.index("<bdi>Red Marea Abierta</bdi></li>")
    assert '<ul class="names">' in page
    heading = {Order.TOGETHER: "Further signatories", Order.APART: "Individuals", Order.BY_COUNTRY: "Belgium"}
    assert f"<h3>{heading[order]}</h3>" in page


def test_the_front_page_has_open_and_published_letters_and_no_rehearsal(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path)
    front = here.get("/").text
    assert "Open for signature" in front
    assert "/letters/safe-passage?lang=en" in front
    listed(here, 1)
    here.release()
    assert "Published" in here.get("/").text
    here.change_call(rehearsal=True)
    assert "/letters/" not in here.get("/").text
    here.change_call(rehearsal=False, state=CallState.DRAFT)
    assert "/letters/" not in here.get("/").text
