"""The page of a personal link for signing."""

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.store.database import Database
from outreach.store.tables import Message
from outreach.usecases.close_call import close_call
from tests import make
from tests.web.visit import FILLED, IN_PERSON, Visit, visit


def confirmations(here: Visit) -> list[Message]:
    with here.app.database.reading() as session:
        return make.messages(session, Message.kind == MessageKind.CONFIRMATION)


def test_the_form_says_for_whom_the_link_is_and_fills_in_what_is_known(here: Visit) -> None:
    page = here.get(here.organisation_link)
    assert page.status_code == 200
    assert "This link was made for <bdi>Idris Belhaj, Harbour House</bdi>" in page.text
    assert 'value="Harbour House"' in page.text
    assert "I sign for another organisation than <bdi>Harbour House</bdi>" in page.text
    assert "i…@harbour.example" in page.text
    assert "idris@harbour.example" not in page.text


def test_the_form_of_an_individual_holds_her_own_name(here: Visit) -> None:
    page = here.get(here.individual_link)
    assert 'value="Idris Belhaj"' in page.text
    assert "another organisation" not in page.text


def test_the_deadline_stands_in_the_reader_s_zone_and_in_the_call_s(here: Visit) -> None:
    page = here.get(here.organisation_link).text
    assert "Saturday 27 February 2027 at 02:00 (Central European Time, Brussels, UTC+1)" in page
    assert "Friday 26 February 2027 at 17:00 (Pacific Time, Los Angeles, UTC−8)" in page


def test_one_button_makes_a_pending_signature_and_queues_its_confirmation(here: Visit) -> None:
    page = here.post(here.organisation_link, {**FILLED, "name": "  Harbour   House (HH) "})
    assert page.status_code == 200
    assert "One more step" in page.text
    assert "i…@harbour.example" in page.text
    (signature,) = here.signatures()
    assert (signature.name, signature.state) == ("Harbour House (HH)", SignatureState.PENDING)
    assert len(confirmations(here)) == 1
    assert here.woken == [True]


def test_who_signs_for_another_organisation_signs_for_that_one(here: Visit) -> None:
    here.post(here.organisation_link, {**FILLED, "name": "Abrigo Austral", "another": "yes"})
    (signature,) = here.signatures()
    assert signature.name == "Abrigo Austral"
    assert signature.organisation_id != here.idris.organisation_id


def test_one_person_can_sign_for_the_organisation_and_in_her_own_name(here: Visit) -> None:
    here.post(here.organisation_link, FILLED)
    here.post(here.individual_link, IN_PERSON)
    assert {one.kind for one in here.signatures()} == set(SignatureKind)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please write the name as it shall stand under the letter."),
        ("   \u202e\u200b ", "Please write the name as it shall stand under the letter."),
        ("🎉🎉", "Please write the name as it shall stand under the letter."),
        ("Free prizes at https://evil.example/x", "Please write a name only"),
        ("Call +1 202 555 0100 99 now", "Please write a name only"),
        ("join t.me/evil", "Please write a name only"),
        ("idris@harbour.example", "Please write a name only"),
    ],
)
def test_a_name_that_cannot_be_printed_comes_back_with_what_is_wrong(
    here: Visit, typed: str, sentence: str
) -> None:
    before = here.everything()
    page = here.post(here.organisation_link, {**FILLED, "name": typed, "another": "yes"})
    assert page.status_code == 422
    assert sentence in page.text
    assert 'aria-invalid="true"' in page.text
    assert 'value="yes" checked' in page.text
    assert here.everything() == before


def test_what_was_typed_stands_in_the_form_again(here: Visit) -> None:
    page = here.post(here.organisation_link, {"name": 'House "A" & t.me/b <x>'})
    assert 'value="House &#34;A&#34; &amp; t.me/b &lt;x&gt;"' in page.text


def test_a_very_long_name_comes_back_and_harms_nobody(here: Visit) -> None:
    typed = "Z" + "\u0301" * 1000 + "x" * 10_000
    page = here.post(here.organisation_link, {**FILLED, "name": typed})
    assert page.status_code == 422
    assert "This is too long to be printed." in page.text
    assert here.signatures() == []


def test_signing_again_gives_the_same_page_and_no_second_mail(here: Visit) -> None:
    first = here.post(here.organisation_link, FILLED)
    second = here.post(here.organisation_link, FILLED)
    assert second.text == first.text
    assert len(here.signatures()) == len(confirmations(here)) == 1


def test_a_colleague_cannot_see_from_the_answer_who_signed_before(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path)
    with sqlite.changing() as session:
        colleague = make.contact(session, here.app.house, "ib@harbour.example", organisation="Harbour House")
    before = here.post(here.organisation_link, FILLED)
    after = here.post(here.link(Purpose.SIGN_ORGANISATION, colleague), FILLED)
    assert before.text == after.text


def test_unknown_fields_are_passed_over(here: Visit) -> None:
    """B60."""
    fields = {**FILLED, "state": "confirmed", "is_admin": "true", "contact_id": "7"}
    assert here.post(here.organisation_link, fields).status_code == 200
    (signature,) = here.signatures()
    assert (signature.state, signature.contact_id) == (SignatureState.PENDING, here.idris.id)


@pytest.mark.shows("F54")
def test_fifty_clicks_at_once_give_one_signature(database: Database, tmp_path: Path) -> None:
    """B61."""
    here = visit(database, tmp_path)
    link = here.organisation_link
    pages = here.all_at_once(*[lambda client: client.post(link, data=FILLED)] * 50)
    assert {page.status_code for page in pages} == {200}
    assert len(here.signatures()) == len(confirmations(here)) == 1


@pytest.mark.parametrize("closed", [True, False])
def test_after_the_deadline_the_page_says_that_it_will_be_late_and_takes_the_signature(
    here: Visit, *, closed: bool
) -> None:
    here.clock.instant = here.call.deadline_at + timedelta(seconds=1)
    if closed:
        with here.app.database.changing() as session:
            call = session.get_one(type(here.call), here.call.id)
            close_call(session, call, now=here.clock.now(), by="Rosa")
    assert "Signing has closed. You may still sign" in here.get(here.organisation_link).text
    page = here.post(here.organisation_link, FILLED)
    assert page.status_code == 200
    assert "will be kept as late" in page.text
    assert len(here.signatures()) == 1


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (CallState.DRAFT, "Signing has not begun"),
        (CallState.RELEASED, "The letter is out"),
        (CallState.CANCELLED, "This letter was given up"),
    ],
)
def test_when_nobody_can_sign_the_page_says_why(here: Visit, state: CallState, title: str) -> None:
    here.change_call(state=state)
    before = here.everything()
    shown, posted = here.get(here.organisation_link), here.post(here.organisation_link, FILLED)
    assert (shown.status_code, posted.status_code) == (200, 409)
    assert title in shown.text
    assert title in posted.text
    assert here.everything() == before


def test_a_rehearsal_is_marked_on_every_page(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path, transport="files")
    _, confirm = here.signed()
    pages = [
        here.get(here.organisation_link),
        here.post(here.individual_link, {**IN_PERSON, "name": "Idris"}),
        here.post(here.individual_link, {"name": ""}),
        here.get(confirm),
        here.post(confirm),
        here.get(here.way_out),
        here.post(here.way_out, {"from": "page", "scope": "this"}),
        here.get("/letters/safe-passage"),
    ]
    assert all("Rehearsal: nothing here counts." in page.text for page in pages)


def test_no_other_call_is_marked_as_a_rehearsal(here: Visit) -> None:
    assert "Rehearsal" not in here.get(here.organisation_link).text


def test_somebody_of_whom_only_the_address_is_known_can_sign(sqlite: Database, tmp_path: Path) -> None:
    here = visit(sqlite, tmp_path, organisation="", name="", time_zone="", language="")
    page = here.get(here.organisation_link)
    assert page.status_code == 200
    assert "This link was made for" in page.text
    assert here.get(here.individual_link).status_code == 200
    assert here.post(here.organisation_link, FILLED).status_code == 200
