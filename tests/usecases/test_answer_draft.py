"""An organisation answers the draft of a letter."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from outreach.store.database import Database
from outreach.store.tables import RoundAnswer, Signature
from outreach.usecases.answer_draft import Answered, DraftChanged, RoundOver
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.close_call import close_call
from outreach.usecases.extend_call import extend_call
from tests import make, rounds
from tests.rounds import THEN, Round

YES, BUT, CHANGE, NO = DraftAnswer
CONFIRMED, LATE, WITHDRAWN = SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.WITHDRAWN
STAFF = {"addresses": "rosa@lanterncoast.coop"}


@pytest.fixture
def asked(sqlite: Database) -> Iterator[Round]:
    with sqlite.changing() as session:
        yield rounds.opened(session, make.house(sqlite, staff=STAFF))


def answers(asked: Round) -> list[DraftAnswer]:
    return [one.answer for one in asked.session.exec(select(RoundAnswer).order_by(col(RoundAnswer.id)))]


def test_an_approval_is_a_confirmed_signature_with_a_receipt(asked: Round) -> None:
    done = asked.says("one", YES)
    assert isinstance(done, Answered)
    assert asked.signed() == {"Harbour Light": CONFIRMED}
    assert asked.mails(MessageKind.RECEIPT) == ["one"]
    assert asked.mails(MessageKind.CONFIRMATION) == []


@pytest.mark.parametrize("who", ["one", "two", "three"])
def test_an_approval_shows_the_name_to_nobody_who_did_not_see_it_before(asked: Round, who: str) -> None:
    before = asked.session.get_one(Signature, asked.member(who).signature_id)
    after = asked.says(who, YES).signature
    assert (after.name, after.visibility) == (before.name, before.visibility)
    before.visibility = Visibility.COUNTED  # hidden since: what was approved before that is its own matter
    assert asked.says(who, YES).repeated


def test_clicking_twice_changes_nothing(asked: Round) -> None:
    for answer, comment in ((YES, ""), (BUT, "Well said."), (CHANGE, "Say thank you."), (NO, "")):
        first, second = asked.says("one", answer, comment), asked.says("one", answer, comment)
        assert (first.repeated, second.repeated) == (False, True)
    assert answers(asked) == [YES, BUT, CHANGE, NO]
    assert len(asked.mails(MessageKind.RECEIPT)) == 1


def test_whoever_approves_and_writes_something_approves_with_a_comment(asked: Round) -> None:
    done = asked.says("one", YES, "  Gladly.\u202e \n\n\n\n Idris ")
    assert (done.answer.answer, done.answer.comment) == (BUT, "Gladly.\n\nIdris")


@pytest.mark.parametrize("answer", [BUT, CHANGE])
def test_without_a_comment_nobody_knows_what_to_change(asked: Round, answer: DraftAnswer) -> None:
    with pytest.raises(InvalidInput, match="Say in a comment"):
        asked.says("one", answer, " \n\u200b ")
    with pytest.raises(InvalidInput, match="more than 4000"):
        asked.says("one", answer, "x" * 4001)
    assert answers(asked) == []


@pytest.mark.parametrize("answer", [CHANGE, NO])
def test_another_answer_takes_the_approval_back_and_a_new_one_brings_it_again(
    asked: Round, answer: DraftAnswer
) -> None:
    asked.says("one", YES)
    asked.says("one", answer, "Not like this.")
    assert asked.signed() == {"Harbour Light": WITHDRAWN}
    assert asked.mails(MessageKind.SIGNATURE_CHANGED) == ["one"]
    asked.says("one", YES, now=THEN + timedelta(hours=1))
    assert asked.signed() == {"Harbour Light": CONFIRMED}
    assert answers(asked) == [YES, answer, YES]


def test_an_approval_that_was_taken_back_on_its_own_page_can_be_given_again(asked: Round) -> None:
    signature = asked.says("one", YES).signature
    withdraw_signature(asked.session, signature, now=THEN, house=asked.house)
    assert not asked.says("one", YES).repeated
    assert asked.signed() == {"Harbour Light": CONFIRMED}


def test_after_the_deadline_an_approval_is_kept_as_late_until_the_deadline_moves(asked: Round) -> None:
    after = asked.call.deadline_at + timedelta(seconds=1)
    assert asked.says("one", YES, now=asked.call.deadline_at).signature.state is CONFIRMED
    assert asked.says("two", YES, now=after).late
    assert asked.mails(MessageKind.KEPT_LATE) == ["two"]
    later = parse_wall_clock("2027-07-28 17:00 Europe/Brussels")
    extend_call(asked.session, asked.call, later, now=after, by="Rosa", house=asked.house)
    assert asked.signed() == {"Harbour Light": CONFIRMED, "Lantern Coast": CONFIRMED}


def test_an_approval_of_a_changed_draft_after_the_deadline_is_late_like_a_first_one(asked: Round) -> None:
    for who in ("one", "two", "four"):
        asked.says(who, YES)
    asked.amends()
    assert asked.call.deadline_at is not None
    before, after = (asked.call.deadline_at + timedelta(seconds=one) for one in (-1, 1))
    assert asked.says("one", YES, now=after).late
    assert asked.says("two", YES, now=before).signature.state is CONFIRMED
    assert not asked.says("four", YES, contact=None, by="Rosa", at=before, now=after).late  # said on the telephone
    assert asked.signed() == {"Harbour Light": LATE, "Lantern Coast": CONFIRMED, "Quiet House": CONFIRMED}
    assert asked.mails(MessageKind.KEPT_LATE) == ["one"]
    asked.amends("We thank you, and ask for a meeting.", now=after)
    assert asked.says("one", YES, now=after).late
    later = parse_wall_clock("2027-07-28 17:00 Europe/Brussels")
    extend_call(asked.session, asked.call, later, now=after, by="Rosa", house=asked.house)
    assert asked.signed()["Harbour Light"] is CONFIRMED


def test_once_the_list_is_signed_off_no_answer_is_taken(asked: Round) -> None:
    asked.says("one", YES)
    close_call(asked.session, asked.call, now=THEN, by="Rosa")
    asked.says("two", NO)
    make.edition(asked.session, asked.call, asked.house, now=THEN)
    assert isinstance(asked.says("three", YES), RoundOver)
    assert isinstance(asked.says("one", NO), RoundOver)
    assert asked.signed() == {"Harbour Light": CONFIRMED}


def test_an_answer_to_a_draft_that_has_changed_meanwhile_is_not_kept(asked: Round) -> None:
    asked.amends()
    assert isinstance(asked.says("one", YES, version=1), DraftChanged)
    assert isinstance(asked.says("one", YES, version=7), DraftChanged)
    assert isinstance(asked.says("one", YES, version=2), Answered)


def test_a_changed_draft_makes_approvals_wait_and_asks_everybody_again(asked: Round) -> None:
    asked.says("one", YES)
    asked.says("two", NO)
    asked.amends()
    assert asked.signed() == {"Harbour Light": SignatureState.PENDING}
    assert sorted(asked.mails(MessageKind.LETTER_CHANGED)) == ["one", "three", "two"]
    make.submitted(asked.session, now=THEN)
    done = asked.says("one", YES)
    assert not done.repeated
    assert (done.signature.state, done.signature.letter_version) == (CONFIRMED, 2)


def test_a_mail_about_the_new_draft_goes_to_nobody_who_has_answered_it_or_opted_out(asked: Round) -> None:
    make.suppression(asked.session, asked.contacts["three"])
    asked.amends()
    asked.says("one", YES)
    make.submitted(asked.session, now=THEN)
    left = {one.address: one.state.value for one in make.messages(asked.session) if one.kind == "letter-changed"}
    assert left == {"one@one.example": "cancelled", "two@two.example": "sent"}


def test_staff_note_what_was_said_on_the_telephone(asked: Round) -> None:
    done = asked.says("four", YES, "Gladly", contact=None, by="Rosa", evidence="telephone, 2 July: Ida")
    assert done.signature.evidence == "telephone, 2 July: Ida"
    assert done.signature.contact_id is None
    noted = asked.says("two", YES, contact=None, by="Rosa", evidence="telephone")
    assert noted.signature.visibility is Visibility.ADDRESSEE
    assert asked.mails(MessageKind.RECEIPT) == ["two"]  # whose mailbox can take back what was misheard


def test_staff_hear_that_a_change_is_asked_for_without_a_name_in_the_mail(asked: Round) -> None:
    asked.says("one", CHANGE, "ZZCANARY-7f3")
    (alert,) = [one for one in make.messages(asked.session) if one.kind is MessageKind.ALERT]
    assert "outreach letters round response" in str(alert.values)
    assert "ZZCANARY" not in str(alert.values)
    assert "Harbour Light" not in str(alert.values)
