"""The moves between states, and what follows from them."""

import pytest

from outreach.domain.kinds import CALL_KINDS, HOUSE_KINDS, KINDS, TO_OFFICIALS, MessageKind, Recipients
from outreach.domain.states import (
    CALL_MOVES,
    MAILING_MOVES,
    MESSAGE_MOVES,
    REPLY_MOVES,
    SIGNATURE_MOVES,
    CallState,
    MailingState,
    MessageState,
    ReplyState,
    SignatureState,
    move,
)


def test_every_state_has_its_row() -> None:
    assert set(CALL_MOVES) == set(CallState)
    assert set(MAILING_MOVES) == set(MailingState)
    assert set(MESSAGE_MOVES) == set(MessageState)
    assert set(SIGNATURE_MOVES) == set(SignatureState)
    assert set(REPLY_MOVES) == set(ReplyState)


def test_every_kind_has_its_row() -> None:
    assert set(KINDS) == set(MessageKind)


def test_what_was_sent_or_expired_stays_so() -> None:
    for state in (MessageState.SENT, MessageState.EXPIRED):
        assert MESSAGE_MOVES[state] == frozenset()


def test_nothing_is_sent_that_was_not_claimed() -> None:
    before = {state for state, moves in MESSAGE_MOVES.items() if MessageState.SENT in moves}
    assert before == {MessageState.SENDING, MessageState.UNKNOWN}


def test_a_released_or_cancelled_call_is_over() -> None:
    assert CALL_MOVES[CallState.RELEASED] == CALL_MOVES[CallState.CANCELLED] == frozenset()


def test_a_move_that_is_not_in_the_table_is_a_defect() -> None:
    assert move(CallState.DRAFT, CallState.OPEN, CALL_MOVES) is CallState.OPEN
    with pytest.raises(ValueError, match="no CallState moves from released to open"):
        move(CallState.RELEASED, CallState.OPEN, CALL_MOVES)


def test_only_what_answers_a_person_is_transactional() -> None:
    to_one = {kind for kind, rules in KINDS.items() if rules.to is Recipients.ONE}
    assert {kind for kind, rules in KINDS.items() if not rules.bulk} == to_one
    assert {kind for kind, rules in KINDS.items() if rules.automatic} == to_one - {
        MessageKind.ANSWER,
        MessageKind.SIGNATURE_QUESTION,
        MessageKind.LETTER_CHANGED,
        *TO_OFFICIALS,
    }


def test_what_belongs_to_no_call_answers_one_person() -> None:
    assert all(KINDS[kind].to is Recipients.ONE for kind in HOUSE_KINDS)
    assert set(CALL_KINDS) | set(HOUSE_KINDS) == set(MessageKind)
