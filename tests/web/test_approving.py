"""The page on which an organisation answers the draft of a letter."""

import re
from pathlib import Path

import html5lib  # type: ignore[import-untyped]
import pytest
from sqlmodel import col, select

from outreach.adapters.files import FileTransport
from outreach.bootstrap import Outreach
from outreach.domain.correspondence import DraftAnswer
from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.domain.tokens import Purpose, mint
from outreach.store.database import Database
from outreach.store.tables import Call, RoundAnswer, RoundMember, Signature
from tests import make, rounds
from tests.rounds import HOME, THEN
from tests.web.visit import Visit

APPROVES = {"answer": "approves", "version": "1"}


@pytest.fixture
def here(sqlite: Database, tmp_path: Path) -> Visit:
    """A round has begun; the visitor has the link of Harbour Light."""
    house = make.house(sqlite, web={"forms_per_minute": 1_000_000})
    with sqlite.changing() as session:
        made = rounds.opened(session, house)
        call, idris = made.call, made.contacts["one"]
    app = Outreach(tmp_path, house, sqlite, FileTransport(tmp_path / "outbox"), make.TurnedClock(THEN))
    return Visit(app, call, idris, make.TurnedClock(THEN))


def link(here: Visit, who: str = "one") -> str:
    with here.app.database.reading() as session:
        names = {HOME[who]}
        statement = select(Signature).where(col(Signature.name).in_(names), Signature.call_id != here.call.id)
        contact = session.exec(statement).one().contact_id
    return f"/sign/{mint(here.app.database.link_key, Purpose.SIGN_ORGANISATION, here.call.id or 0, contact or 0)}"


def answers(here: Visit) -> list[tuple[DraftAnswer, str]]:
    with here.app.database.reading() as session:
        return [(one.answer, one.comment) for one in session.exec(select(RoundAnswer)).all()]


def approvals(here: Visit) -> dict[str, SignatureState]:
    with here.app.database.reading() as session:
        found = session.exec(select(Signature).where(Signature.call_id == here.call.id)).all()
        return {one.name: one.state for one in found}


def test_the_page_shows_the_draft_as_it_will_go_out_and_changes_nothing(here: Visit) -> None:
    before = here.everything()
    page = here.get(link(here))
    assert here.everything() == before
    assert page.status_code == 200
    for said in ("Your letter of 20 June 2027", "GVA/2027/117", "Excellency,", "We would welcome a meeting."):
        assert said in page.text, said
    assert "This page is made for <bdi>Harbour Light</bdi>" in page.text
    assert "Nobody has approved it yet." in page.text
    assert "Brussels" in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_members_know_those_whom_the_earlier_letter_named_and_nobody_else(here: Visit) -> None:
    here.post(link(here, "two"), APPROVES)
    here.post(link(here, "three"), APPROVES)
    page = here.get(link(here)).text
    assert "Lantern Coast</bdi>" not in page
    assert "Lantern Coast" not in page.replace("Lantern Coast Network", "")
    assert "Night Ferry" not in page
    assert "<li><bdi>Quiet House</bdi></li>" in page
    assert page.count("Not named here: <bdi>2</bdi>") == 2
    assert "Lantern Coast" in here.get(link(here, "two")).text  # who knows herself


def test_one_press_approves_and_the_receipt_goes_to_the_mailbox(here: Visit) -> None:
    page = here.post(link(here), APPROVES)
    assert page.status_code == 200
    assert "The answer is kept" in page.text
    assert approvals(here) == {"Harbour Light": SignatureState.CONFIRMED}
    assert [one.address for one in here.mails(MessageKind.RECEIPT)] == ["one@one.example"]
    assert here.woken == [True]
    here.post(link(here), APPROVES)
    assert len(answers(here)) == 1
    html5lib.HTMLParser(strict=True).parse(page.text)


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "Please choose one of the answers."),
        ({"answer": "confirmed"}, "Please choose one of the answers."),
        ({"answer": "asks-for-change", "comment": " \u200b\n "}, "Please say what should be changed"),
        ({"answer": "approves-with-comment"}, "Please say what should be changed"),
        ({"answer": "approves", "comment": "x" * 4001}, "too long for a comment"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_kept(
    here: Visit, posted: dict[str, str], sentence: str
) -> None:
    page = here.post(link(here), {"version": "1", **posted})
    assert page.status_code == 422
    assert sentence in page.text
    assert answers(here) == []
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_a_comment_is_text_and_nothing_else(here: Visit) -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}\u202e\nSecond line"
    page = here.post(link(here), {**APPROVES, "answer": "asks-for-change", "comment": evil})
    assert "<script>alert" not in page.text
    assert answers(here) == [(DraftAnswer.ASKS_FOR_CHANGE, "<script>alert(1)</script>{{ 7*7 }}\nSecond line")]


def test_fields_that_the_form_does_not_have_change_nothing(here: Visit) -> None:
    more = {"visibility": "public", "state": "confirmed", "name": "Otto", "contact": "1"}
    here.post(link(here, "two"), {**APPROVES, **more})
    (signature,) = [one for one in here.signatures() if one.call_id == here.call.id]
    assert (signature.name, signature.visibility.value) == ("Lantern Coast", "addressee")


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "1e400", "²", "", "0"])
def test_an_answer_to_a_draft_that_never_was_is_not_kept(here: Visit, version: str) -> None:
    page = here.post(link(here), {**APPROVES, "version": version})
    assert page.status_code == 409
    assert answers(here) == []


def test_nobody_answers_for_an_organisation_that_the_link_was_not_made_for(here: Visit) -> None:
    with here.app.database.reading() as session:
        other = session.exec(
            select(RoundMember.organisation_id).where(
                RoundMember.call_id == here.call.id, col(RoundMember.contact_id).is_(None)
            )
        ).one()
    for named in (str(other), "999", "", "one"):
        page = here.post(link(here), {**APPROVES, "organisation": named})
        assert page.status_code == 409
        assert "this link does not speak for that organisation" in page.text
        assert "Your answer to this draft" in page.text  # its own form again
        html5lib.HTMLParser(strict=True).parse(page.text)
    assert approvals(here) == {}
    assert answers(here) == []


def test_one_mailbox_answers_for_each_of_its_organisations(here: Visit) -> None:
    with here.app.database.changing() as session:
        member = session.exec(
            select(RoundMember).where(RoundMember.call_id == here.call.id, col(RoundMember.contact_id).is_(None))
        ).one()
        member.contact_id, number = here.idris.id, str(member.organisation_id)
    page = here.get(link(here)).text
    assert "The answer of <bdi>Harbour Light</bdi>" in page
    assert "The answer of <bdi>Quiet House</bdi>" in page
    assert here.post(link(here), APPROVES).status_code == 409  # which of the two?
    assert approvals(here) == {}
    here.post(link(here), {**APPROVES, "organisation": number})
    assert set(approvals(here)) == {"Quiet House"}


def test_a_changed_draft_shows_what_has_changed_and_an_answer_to_the_old_one_is_not_kept(here: Visit) -> None:
    here.post(link(here), APPROVES)
    with here.app.database.changing() as session:
        call = session.get_one(Call, here.call.id)
        made = rounds.Round(session, here.app.house, call, None, call, {})  # type: ignore[arg-type]
        made.amends("We thank you for your letter of 20 June. We ask for a meeting.")
    page = here.get(link(here)).text
    assert re.search(r"<ins[^>]*>ask for</ins>", page)
    assert re.search(r"<del[^>]*>would welcome</del>", page)
    assert "It was about an earlier draft" in page
    stale = here.post(link(here), {"answer": "declines", "version": "1"})
    assert stale.status_code == 409
    assert "The draft has changed while you were reading." in stale.text
    assert len(answers(here)) == 1
    here.post(link(here), {"answer": "approves", "version": "2"})
    assert approvals(here) == {"Harbour Light": SignatureState.CONFIRMED}


def test_the_link_of_a_mail_that_confirms_leads_to_the_draft_and_confirms_nothing_by_itself(here: Visit) -> None:
    here.post(link(here), APPROVES)
    (signature,) = [one for one in here.signatures() if one.call_id == here.call.id]
    own = here.own_page(signature)
    here.post(f"{own}/withdraw")
    here.post(f"{own}/reinstate")
    confirm = here.confirmation_link(here.stands(signature.id or 0))
    assert "Your answer to this draft" in here.get(confirm).text
    assert here.post(confirm).status_code == 422
    assert approvals(here) == {"Harbour Light": SignatureState.PENDING}
    here.post(confirm, APPROVES)
    assert approvals(here) == {"Harbour Light": SignatureState.CONFIRMED}


def test_when_the_list_is_signed_off_the_page_takes_no_more_answers(here: Visit) -> None:
    here.post(link(here), APPROVES)
    here.sign_off()
    page = here.get(link(here))
    assert "Answers are no longer taken here." in page.text
    assert "<form" not in page.text
    assert "/signature/" in page.text
    assert here.post(link(here, "two"), APPROVES).status_code == 409
    assert set(approvals(here)) == {"Harbour Light"}


def test_fifty_presses_at_once_are_one_answer(here: Visit) -> None:
    path = link(here)
    here.all_at_once(*[lambda client: client.post(path, data=APPROVES)] * 50)
    assert len(answers(here)) == 1
    assert len(here.mails(MessageKind.RECEIPT)) == 1


@pytest.mark.parametrize("path", ["/", "/letters/response", "/letters/response/organisation", "/letters/earlier"])
def test_no_public_page_knows_of_the_round(here: Visit, path: str) -> None:
    here.post(link(here), APPROVES)
    page = here.get(path)
    assert "Our response" not in page.text
    assert "/letters/response" not in page.text
    if "response" in path:
        assert page.status_code == 404
