"""The signatory's own page: what stands, correcting, hiding, withdrawing, and taking that back."""

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CallState, SignatureState
from outreach.domain.tokens import Purpose, mint
from outreach.store.database import Database
from tests.web.visit import FILLED, IN_PERSON, Visit, visit


def confirmed(here: Visit, visibility: Visibility = Visibility.PUBLIC) -> str:
    """Idris has signed and confirmed; the address of his own page."""
    signature, link = here.signed(visibility=visibility)
    here.post(link)
    return here.own_page(signature)


@pytest.mark.parametrize("state", SignatureState)
def test_there_is_a_page_for_a_signature_in_any_state(here: Visit, state: SignatureState) -> None:
    own = confirmed(here)
    with here.app.database.changing() as session:
        session.get_one(type(here.stands()), 1).state = state
    for path in (own, f"{own}/correct", f"{own}/withdraw"):
        assert here.get(path).status_code == 200
    for path in (f"{own}/correct", f"{own}/withdraw", f"{own}/reinstate"):
        assert here.post(path, FILLED).status_code in {200, 303}


def test_looking_changes_nothing(here: Visit) -> None:
    own = confirmed(here)
    before = here.everything()
    for path in (own, f"{own}/correct", f"{own}/withdraw"):
        for method in ("GET", "HEAD"):
            assert here.request(method, path).status_code == 200
    assert here.everything() == before


def test_what_stands_is_filled_in_and_a_correction_is_printed_and_told(database: Database, tmp_path: Path) -> None:
    here = visit(database, tmp_path)
    own = confirmed(here)
    assert 'value="Harbour House"' in here.get(f"{own}/correct").text
    page = here.post(f"{own}/correct", {**FILLED, "name": "Harbour House Europe", "acronym": "HHE"})
    assert "It is changed" in page.text
    assert "Harbour House Europe (HHE)" in page.text
    assert here.stands().name == "Harbour House Europe"
    assert len(here.mails(MessageKind.SIGNATURE_CHANGED)) == 1


def test_a_faulty_correction_comes_back_and_changes_nothing(here: Visit) -> None:
    own = confirmed(here)
    before = here.everything()
    page = here.post(f"{own}/correct", {**FILLED, "name": "https://evil.example/x"})
    assert page.status_code == 422
    assert here.everything() == before


def test_a_forwarded_page_publishes_no_private_name_without_the_mailbox(here: Visit) -> None:
    """Otto has the link to the page of Idris, who shall only be counted, and does whatever can be done there."""
    signature, link = here.signed("Idris Belhaj", SignatureKind.INDIVIDUAL, Visibility.COUNTED)
    here.post(link)
    own = here.own_page(signature)
    here.clock.turn(timedelta(days=1))
    here.post(f"{own}/withdraw")
    here.post("/letters/safe-passage/individual", {**IN_PERSON, "address": "idris@harbour.example"})
    for more in ("", "/correct", "/withdraw", "/reinstate", "/again"):
        pages = [here.get(own + more)] if more in ("", "/correct", "/withdraw") else []
        pages += [here.post(own + more, IN_PERSON)] if more else []
        assert not [page for page in pages if "/confirm/" in f"{page.text} {page.headers}"], more
        counts = [one.visibility for one in here.signatures() if one.state is SignatureState.CONFIRMED]
        assert set(counts) <= {Visibility.COUNTED}, more


def test_the_page_of_what_waits_offers_the_mail_again_and_says_the_same_whatever_came_of_it(here: Visit) -> None:
    signature, link = here.signed()
    own = here.own_page(signature)
    assert f"{own}/again" in here.get(own).text
    here.clock.turn(timedelta(days=1))
    answers = {here.post(f"{own}/again").text for _ in range(5)}
    assert [answer for answer in answers if "Please look into your mailbox" in answer and "/confirm/" not in answer]
    assert len(answers) == 1
    assert len(here.mails(MessageKind.CONFIRMATION)) > 1
    here.post(link)
    asked = len(here.mails(MessageKind.CONFIRMATION))
    assert f"{own}/again" not in here.get(own).text
    assert {here.post(f"{own}/again").text} == answers
    assert len(here.mails(MessageKind.CONFIRMATION)) == asked


def test_what_waits_and_is_corrected_on_its_page_is_asked_about_by_mail(here: Visit) -> None:
    signature, link = here.signed()
    here.clock.turn(timedelta(hours=1))
    page = here.post(f"{here.own_page(signature)}/correct", {**FILLED, "name": "Harbour Houses"})
    assert page.status_code == 200
    assert 'A mail is on its way to <bdi dir="ltr">i…@harbour.example</bdi>' in page.text
    assert "/confirm/" not in page.text
    assert "This link is from an older mail" in here.post(link).text
    assert here.stands().state is SignatureState.PENDING
    assert [one.values["signature"]["revision"] for one in here.mails(MessageKind.CONFIRMATION)] == [1, 2]
    assert "Signed, thank you" in here.post(here.confirmation_link(here.stands())).text


def test_a_letter_changed_in_substance_lets_nobody_but_the_mailbox_show_a_name(here: Visit) -> None:
    own = confirmed(here, Visibility.COUNTED)
    with here.app.database.changing() as session:
        session.get_one(type(here.stands()), 1).state = SignatureState.PENDING
    here.clock.turn(timedelta(days=1))
    page = here.post(f"{own}/correct", FILLED)
    assert (page.status_code, "/confirm/" in page.text) == (200, False)
    assert (here.stands().visibility, here.stands().wider) == (Visibility.COUNTED, Visibility.PUBLIC)
    link = here.confirmation_link(here.stands())
    assert "more people see the name than so far" in here.get(link).text
    here.post(link)
    assert (here.stands().state, here.stands().visibility) == (SignatureState.CONFIRMED, Visibility.PUBLIC)


@pytest.mark.parametrize(("forms", "said"), [(1, "most likely tomorrow"), (9, "we send no more mails about it to")])
def test_nobody_waits_for_a_mail_that_does_not_come(here: Visit, forms: int, said: str) -> None:
    here.post("/letters/safe-passage/organisation", {**FILLED, "address": "rosa@house.example"})
    own = here.own_page(here.stands())
    for number in range(forms):
        page = here.post(f"{own}/correct", {**FILLED, "name": f"Harbour House {number}"})
        here.clock.turn(timedelta(days=1) if number + 2 < forms else timedelta())
    assert said in page.text
    assert "is on its way" not in page.text
    here.post(f"{own}/withdraw")
    page = here.post(f"{own}/reinstate")
    assert said in page.text
    assert "is on its way" not in page.text


def test_hiding_holds_at_once_and_showing_more_waits_for_the_mailbox(here: Visit) -> None:
    own = confirmed(here)
    here.post(f"{own}/correct", {**FILLED, "visibility": "counted"})
    assert here.stands().visibility is Visibility.COUNTED
    here.clock.turn(timedelta(days=1))
    page = here.post(f"{own}/correct", {**FILLED, "visibility": "public"})
    assert 'a mail is on its way to <bdi dir="ltr">i…@harbour.example</bdi>' in page.text
    signature = here.stands()
    assert (signature.visibility, signature.wider) == (Visibility.COUNTED, Visibility.PUBLIC)
    link = here.confirmation_link(signature)
    assert "more people see the name than so far" in here.get(link).text
    here.post(link)
    assert here.stands().visibility is Visibility.PUBLIC


def test_a_withdrawal_before_the_release_is_one_button_and_can_be_taken_back(here: Visit) -> None:
    own = confirmed(here)
    assert "Nothing has been published yet." in here.get(f"{own}/withdraw").text
    assert "Your signature is withdrawn" in here.post(f"{own}/withdraw").text
    assert here.stands().state is SignatureState.WITHDRAWN
    again = here.everything()
    assert "Your signature is withdrawn" in here.post(f"{own}/withdraw").text
    assert here.everything() == again
    assert "It is confirmed and counts." not in here.post(f"{own}/reinstate").text
    assert here.stands().state is SignatureState.PENDING, "only the mailbox brings a name back"
    here.post(here.confirmation_link(here.stands()))
    assert here.stands().state is SignatureState.CONFIRMED


def test_a_withdrawal_after_the_release_says_which_copies_are_out_and_leaves_the_page_at_once(
    database: Database, tmp_path: Path
) -> None:
    here = visit(database, tmp_path)
    here.post(here.signed("Ida Loft", SignatureKind.INDIVIDUAL)[1])
    signature, link = here.signed()
    here.post(link)
    here.release()
    letter = "/letters/safe-passage"
    assert "Harbour House" in here.get(letter).text
    own = here.own_page(signature)
    page = here.get(f"{own}/withdraw").text
    assert "The letter gets a new edition without it" in page
    assert "the public page, of which others may have kept a copy" in page
    here.post(f"{own}/withdraw")
    shown = here.get(letter).text
    assert "Harbour House" not in shown
    assert "Signed by 1 individual." in shown
    assert "Edition 2" in shown


def test_what_was_not_confirmed_is_withdrawn_without_a_mail(here: Visit) -> None:
    signature, link = here.signed()
    own = here.own_page(signature)
    assert "It is not confirmed and stands nowhere." in here.get(f"{own}/withdraw").text
    here.post(f"{own}/withdraw")
    assert "This signature does not count" in here.post(link).text
    assert here.mails(MessageKind.SIGNATURE_CHANGED) == []


def test_of_a_call_that_was_given_up_only_a_name_can_be_taken_back(here: Visit) -> None:
    own = confirmed(here)
    here.change_call(state=CallState.CANCELLED)
    page = here.get(own).text
    assert f"{own}/correct" not in page
    assert f"{own}/withdraw" in page


def test_twenty_withdrawals_and_returns_at_once_leave_one_state_and_no_half(
    database: Database, tmp_path: Path
) -> None:
    here = visit(database, tmp_path)
    own = confirmed(here)
    pages = here.all_at_once(*[lambda client: client.post(f"{own}/withdraw")] * 20)
    assert {page.status_code for page in pages} == {200}
    assert here.stands().state is SignatureState.WITHDRAWN
    assert len(here.mails(MessageKind.SIGNATURE_CHANGED)) == 1


def test_a_mailbox_that_says_it_was_not_its_doing_is_not_asked_again(here: Visit) -> None:
    form = "/letters/safe-passage/organisation"
    forged = {**FILLED, "name": "Forged House", "address": "victim@house.example"}
    here.post(form, forged)
    link = here.confirmation_link(here.stands())
    assert "Thank you for telling us" in here.post(f"{link}/disown").text
    assert "Thank you for telling us" in here.post(f"{link}/disown").text
    assert here.stands().state is SignatureState.REJECTED
    here.clock.turn(timedelta(days=9))
    here.post(form, {**forged, "name": "Another House"})
    assert len(here.mails(MessageKind.CONFIRMATION)) == 1


def test_a_confirmed_signature_cannot_be_disowned_by_an_old_link(here: Visit) -> None:
    _, link = here.signed()
    here.post(link)
    assert "Signed, thank you" in here.post(f"{link}/disown").text
    assert here.stands().state is SignatureState.CONFIRMED


def test_an_expired_link_offers_a_new_mail_and_the_answer_is_the_same_whatever_comes_of_it(here: Visit) -> None:
    _, link = here.signed()
    here.clock.turn(timedelta(days=31))
    for page in (here.get(link), here.post(link)):
        assert "This link has expired" in page.text
    assert here.stands().state is SignatureState.PENDING
    first, second = here.post(f"{link}/again"), here.post(f"{link}/again")
    assert first.text == second.text
    assert len(here.mails(MessageKind.CONFIRMATION)) >= 2
    assert "Signed, thank you" in here.post(link).text


def test_links_of_mails_that_were_out_before_go_on_working(here: Visit) -> None:
    signature, _ = here.signed()
    old = f"/confirm/{mint(here.app.database.link_key, Purpose.CONFIRM, signature.id or 0)}"
    assert "Signed, thank you" in here.post(old).text


def test_a_letter_that_has_changed_is_to_be_read_again(here: Visit) -> None:
    _, link = here.signed()
    with here.app.database.changing() as session:
        session.get_one(type(here.stands()), 1).letter_version = 0
    assert "The letter has changed since you signed it." in here.get(link).text
