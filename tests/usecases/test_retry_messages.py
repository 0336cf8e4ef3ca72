"""Letting chosen messages go once more, never a third time, and never to somebody who must not be written to."""

import pytest
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.judging import Verdict
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.tables import Call
from outreach.usecases.opt_out import opt_out
from outreach.usecases.retry_messages import retry_messages
from tests import make

NOW = make.NOON
VERDICTS = {
    MessageState.FAILED: Verdict(MessageState.FAILED, "policy", "554 no"),
    MessageState.UNKNOWN: Verdict(MessageState.UNKNOWN, "no answer to the final dot", copy=True),
}


def settled(session: Session, house: House, state: MessageState, *names: str) -> Call:
    for name in names:
        make.contact(session, house, f"{name}@harbour.example")
    call, _ = make.launched(session, house)
    make.submitted(session, verdict=VERDICTS[state])
    return call


@pytest.mark.parametrize("state", list(VERDICTS))
def test_chosen_messages_go_once_more(database: Database, state: MessageState) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = settled(session, house, state, "vera", "idris")
        count = retry_messages(session, call, state=state, now=NOW, by="Rosa", addresses=[" Vera@Harbour.example"])
        assert count == 1
        assert make.submitted(session) == ["vera@harbour.example"]
        (vera, idris) = make.messages(session)
        assert (vera.state, vera.attempts, idris.state) == (MessageState.SENT, 1, state)


def test_all_of_a_state_go_once_more(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = settled(session, house, MessageState.FAILED, "vera", "idris")
        assert retry_messages(session, call, state=MessageState.FAILED, now=NOW, by="Rosa") == 2
        assert len(make.submitted(session)) == 2


def test_nobody_gets_a_third_copy_even_if_a_person_asks_for_it(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = settled(session, house, MessageState.UNKNOWN, "vera")
        retry_messages(session, call, state=MessageState.UNKNOWN, now=NOW, by="Rosa")
        make.submitted(session, verdict=VERDICTS[MessageState.UNKNOWN])
        assert retry_messages(session, call, state=MessageState.UNKNOWN, now=NOW, by="Rosa") == 0
        assert make.submitted(session) == []


def test_a_retry_brings_nobody_back_who_opted_out(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        vera = make.contact(session, house, "vera@harbour.example")
        call, _ = make.launched(session, house)
        make.submitted(session, verdict=VERDICTS[MessageState.FAILED])
        opt_out(session, vera, scope=0, evidence="link", now=NOW)
        assert retry_messages(session, call, state=MessageState.FAILED, now=NOW, by="Rosa") == 1
        assert make.submitted(session) == []


@pytest.mark.parametrize(
    "state", sorted(set(MessageState) - {MessageState.FAILED, MessageState.HELD, MessageState.UNKNOWN})
)
def test_only_what_failed_is_held_or_in_doubt_can_be_retried(sqlite: Database, state: MessageState) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = settled(session, house, MessageState.FAILED, "vera")
        with pytest.raises(Refusal, match="only failed, held and unknown ones can"):
            retry_messages(session, call, state=state, now=NOW, by="Rosa")
