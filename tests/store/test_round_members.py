"""Who is still asked in a round of approval."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.replies import ReplyKind
from outreach.store.database import Database
from outreach.usecases.change_signature import withdraw_signature
from tests import make, rounds
from tests.rounds import THEN, Round

YES, BUT, CHANGE, NO = DraftAnswer
LATER = THEN + timedelta(days=13)


@pytest.fixture
def asked(database: Database) -> Iterator[Round]:
    with database.changing() as session:
        yield rounds.opened(session, make.house(database))


def test_who_has_not_answered_is_reminded(asked: Round) -> None:
    assert rounds.reminded(asked, LATER) == ["one", "three", "two"]


@pytest.mark.parametrize("what", list(DraftAnswer))
def test_whoever_has_answered_this_draft_is_reminded_no_more_whatever_was_said(
    asked: Round, what: DraftAnswer
) -> None:
    asked.says("one", what, "Because.")
    assert rounds.reminded(asked, LATER) == ["three", "two"]


def test_after_a_change_only_whoever_declined_is_left_in_peace(asked: Round) -> None:
    asked.says("one", YES)
    asked.says("two", CHANGE, "Ask for a meeting.")
    asked.says("three", NO)
    asked.amends()
    assert rounds.reminded(asked, LATER) == ["one", "two"]


def test_whoever_took_the_approval_back_is_left_in_peace_until_the_draft_changes(asked: Round) -> None:
    signature = asked.says("one", YES).signature
    withdraw_signature(asked.session, signature, now=THEN, house=asked.house)
    assert rounds.reminded(asked, LATER) == ["three", "two"]


def test_one_mailbox_that_speaks_for_two_is_asked_until_both_have_answered(asked: Round) -> None:
    asked.member("four").contact_id = asked.contacts["one"].id
    asked.says("one", YES)
    assert rounds.reminded(asked, LATER) == ["one", "three", "two"]


def test_two_answers_of_one_mailbox_are_two(asked: Round) -> None:
    asked.member("four").contact_id = asked.contacts["one"].id
    asked.says("one", YES)
    asked.says("four", NO, contact=asked.contacts["one"])
    assert rounds.reminded(asked, LATER) == ["three", "two"]
    assert set(asked.signed()) == {"Harbour Light"}


@pytest.mark.parametrize("kind", [ReplyKind.SIGNS, ReplyKind.DECLINES, ReplyKind.SIGNS_IF_CHANGED])
def test_an_answer_by_mail_or_telephone_is_one(asked: Round, kind: ReplyKind) -> None:
    rounds.logged(asked, "one", kind)
    assert rounds.reminded(asked, LATER) == ["three", "two"]


def test_after_a_change_only_a_refusal_by_mail_still_holds(asked: Round) -> None:
    rounds.logged(asked, "one", ReplyKind.SIGNS)
    rounds.logged(asked, "two", ReplyKind.DECLINES)
    asked.amends(now=THEN + timedelta(hours=1))
    assert rounds.reminded(asked, LATER) == ["one", "three"]
