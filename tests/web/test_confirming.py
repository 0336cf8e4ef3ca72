"""The page of the link in a confirmation mail."""

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.store.database import Database
from outreach.store.tables import Message, Signature
from tests import make
from tests.web.visit import FILLED, Visit, visit


def state_now(here: Visit, state: SignatureState) -> None:
    with here.app.database.changing() as session:
        session.get_one(Signature, 1).state = state


def test_the_page_shows_what_will_be_printed_and_changes_nothing(here: Visit) -> None:
    _, link = here.signed("Harbour House (HH)")
    before = here.everything()
    page = here.get(link)
    assert page.status_code == 200
    assert "Harbour House (HH)" in page.text
    assert "Safe passage for people at sea" in page.text
    assert here.everything() == before


def test_the_button_confirms_and_queues_the_receipt(here: Visit) -> None:
    _, link = here.signed()
    page = here.post(link)
    assert "The signature of <bdi>Harbour House</bdi> is confirmed." in page.text
    assert [one.state for one in here.signatures()] == [SignatureState.CONFIRMED]
    with here.app.database.reading() as session:
        assert len(make.messages(session, Message.kind == MessageKind.RECEIPT)) == 1
    assert here.woken == [True]


def test_something_can_be_corrected_before_it_is_confirmed(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    _, link = here.signed(visibility=Visibility.COUNTED)
    assert f'href="{link}/correct"' in here.get(link).text
    assert f'action="{link}/correct"' in here.get(f"{link}/correct").text
    assert here.post(f"{link}/correct", {**FILLED, "name": "https://evil.example/x"}).status_code == 422
    page = here.post(f"{link}/correct", {**FILLED, "name": "Harbour Houses"})
    assert page.status_code == 303
    fresh = page.headers["location"]
    assert fresh == here.confirmation_link(here.stands())
    assert "Harbour Houses" in here.get(fresh).text
    assert "Everyone can see it" in here.get(fresh).text
    assert len(here.mails(MessageKind.CONFIRMATION)) == 1, "whoever is there needs no mail to get there"
    assert "This link is from an older mail" in here.post(link).text
    assert "Signed, thank you" in here.post(fresh).text
    assert (here.stands().name, here.stands().visibility) == ("Harbour Houses", Visibility.PUBLIC)


@pytest.mark.parametrize("state", SignatureState)
def test_a_link_that_confirms_no_more_corrects_nothing(here: Visit, state: SignatureState) -> None:
    _, link = here.signed()
    with here.app.database.changing() as session:
        one = session.get_one(Signature, 1)
        one.state, one.revision = state, 2
    before = here.everything()
    fresh = here.confirmation_link(here.stands())
    for page in (here.get(f"{link}/correct"), here.post(f"{link}/correct", FILLED)):
        assert page.status_code == 200
        assert fresh not in page.text
    assert here.everything() == before


def test_a_second_press_is_as_fine_as_the_first_and_changes_nothing(here: Visit) -> None:
    _, link = here.signed()
    first = here.post(link)
    before = here.everything()
    assert here.post(link).text == first.text == here.get(link).text
    assert here.everything() == before
    assert here.woken == [True]


@pytest.mark.shows("F54")
def test_ten_presses_at_once_queue_one_receipt(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    _, link = here.signed()
    pages = here.all_at_once(*[lambda client: client.post(link)] * 10)
    assert {page.status_code for page in pages} == {200}
    with database.reading() as session:
        assert len(make.messages(session, Message.kind == MessageKind.RECEIPT)) == 1


def test_a_signature_submitted_in_time_counts_when_it_is_confirmed_after_the_deadline(here: Visit) -> None:
    here.clock.instant = here.call.deadline_at - timedelta(hours=1)
    _, link = here.signed()
    here.clock.turn(timedelta(hours=2))
    assert "The list is closed already" not in here.get(link).text
    assert "Signed, thank you" in here.post(link).text


def test_a_late_signature_is_thanked_for_and_kept(here: Visit) -> None:
    here.clock.instant = here.call.deadline_at + timedelta(seconds=1)
    _, link = here.signed()
    assert "The list is closed already." in here.get(link).text
    page = here.post(link)
    assert "Thank you, your signature came late" in page.text
    assert "the organisers will decide" in page.text
    assert [one.state for one in here.signatures()] == [SignatureState.LATE]
    assert here.get(link).text == page.text


def test_a_signature_that_is_confirmed_when_the_letter_is_out_is_kept_as_late(here: Visit) -> None:
    here.post(here.signed("Ida Loft", SignatureKind.INDIVIDUAL)[1])
    signature, link = here.signed()
    here.release()
    assert "The list is closed already." in here.get(link).text
    assert "It reached us after the list was closed." in here.post(link).text
    assert here.stands(signature.id or 0).state is SignatureState.LATE


@pytest.mark.parametrize("state", [SignatureState.WITHDRAWN, SignatureState.REJECTED])
def test_what_was_withdrawn_is_not_confirmed_by_an_old_link(here: Visit, state: SignatureState) -> None:
    _, link = here.signed()
    state_now(here, state)
    assert "This signature does not count" in here.get(link).text
    assert "This signature does not count" in here.post(link).text
    assert [one.state for one in here.signatures()] == [state]


@pytest.mark.parametrize("state", SignatureState)
def test_there_is_a_page_for_a_signature_in_any_state(here: Visit, state: SignatureState) -> None:
    _, link = here.signed()
    state_now(here, state)
    assert here.get(link).status_code == here.post(link).status_code == 200


def test_nothing_is_confirmed_for_a_call_that_was_given_up(here: Visit) -> None:
    _, link = here.signed()
    here.change_call(state=CallState.CANCELLED)
    assert "This letter was given up" in here.get(link).text
    assert "This letter was given up" in here.post(link).text
    assert [one.state for one in here.signatures()] == [SignatureState.PENDING]
