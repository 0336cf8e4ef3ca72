"""Giving a call up, closing it, pausing it, and letting it go on."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, MailingState, MessageState
from outreach.store.database import Database
from outreach.store.doubts import resolve_unknown
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Call, Event, Mailing, Message
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call, close_due_calls
from outreach.usecases.pause_call import pause_call
from outreach.usecases.queue_message import queue_test
from outreach.usecases.resume_call import resume_call
from outreach.usecases.ring import ring
from outreach.usecases.sign import sign
from tests import make

NOW = make.NOON
LOST = Verdict(MessageState.DEFERRED, "connection lost", "reset", timedelta(minutes=5))
DOUBT = Verdict(MessageState.UNKNOWN, "no answer to the final dot", copy=True)


def running(session: Session, house: House, count: int = 2) -> Call:
    for number in range(count):
        make.contact(session, house, f"{number}@harbour.example")
    return make.launched(session, house)[0]


def states(session: Session) -> list[MessageState]:
    return [message.state for message in make.messages(session)]


@pytest.mark.parametrize("verdict", [LOST, DOUBT])
def test_of_a_cancelled_call_nothing_more_is_sent(database: Database, verdict: Verdict) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = running(session, house, 3)
        (flying,) = make.claimed(session, want=1)
        assert cancel_call(session, call, now=NOW, by="Rosa") == 2
        settle(session, [Settlement(flying.id, verdict, NOW)], make.WORKER)
        resolve_unknown(session, now=NOW, bulk_again=True)
        for days in range(80):
            now = NOW + timedelta(days=days)
            ring(session, now=now, house=house)
            assert make.submitted(session, now=now) == []
        assert (call.state, call.cancelled_at) == (CallState.CANCELLED, NOW)
        planned = session.exec(select(Mailing).where(Mailing.kind != MessageKind.INVITATION)).all()
        assert {(row.state, row.reason) for row in planned} == {(MailingState.CANCELLED, "the call was cancelled")}


def test_a_confirmation_of_a_cancelled_call_does_not_go(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        sign(session, call, idris, make.entry(SignatureKind.INDIVIDUAL, "Idris"), now=NOW, house=house)
        cancel_call(session, call, now=NOW, by="Rosa")
        assert make.submitted(session) == []
        assert set(states(session)) == {MessageState.CANCELLED}


@pytest.mark.parametrize("state", [CallState.RELEASED, CallState.CANCELLED])
def test_what_is_over_cannot_be_cancelled(sqlite: Database, state: CallState) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = running(session, house)
        call.state = state
        with pytest.raises(Refusal, match=f"is {state.value}; it cannot be cancelled"):
            cancel_call(session, call, now=NOW, by="Rosa")


def test_closing_cancels_what_asks_and_nothing_else(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbour.example")
        make.contact(session, house, "otto@harbour.example")
        call, _ = make.launched(session, house)
        sign(session, call, idris, make.entry(SignatureKind.INDIVIDUAL, "Idris"), now=NOW, house=house)
        assert close_call(session, call, now=NOW, by="Rosa") == 2
        assert make.submitted(session) == ["idris@harbour.example"]
        assert (call.state, call.closed_at) == (CallState.CLOSED, NOW)
        with pytest.raises(Refusal, match="only an open one can be closed"):
            close_call(session, call, now=NOW, by="Rosa")


def test_a_call_is_closed_at_its_deadline_and_once(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = running(session, house)
        assert close_due_calls(session, now=call.deadline_at - timedelta(seconds=1), by="scheduler") == 0
        assert close_due_calls(session, now=call.deadline_at, by="scheduler") == 1
        assert close_due_calls(session, now=call.deadline_at, by="scheduler") == 0
        assert session.exec(select(Event).where(Event.verb == "close_call")).one().by == "scheduler"


def test_a_pause_stops_the_next_claim_and_a_resume_lets_it_go_on(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = running(session, house, 3)
        assert len(make.claimed(session, want=1)) == 1
        pause_call(session, call, now=NOW, by="Rosa")
        session.flush()
        assert make.claimed(session) == []
        with pytest.raises(Refusal, match="has been paused since 2027-01-11 12:00 UTC"):
            pause_call(session, call, now=NOW, by="Rosa")
        resume_call(session, call, now=NOW, by="Rosa")
        session.flush()
        assert len(make.claimed(session)) == 2
        with pytest.raises(Refusal, match="is not paused"):
            resume_call(session, call, now=NOW, by="Rosa")


def test_a_pause_that_outlasts_the_deadline_sends_nothing_late(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = running(session, house)
        pause_call(session, call, now=NOW, by="Rosa")
        resume_call(session, call, now=call.deadline_at, by="Rosa")
        session.flush()
        assert make.submitted(session, now=call.deadline_at) == []
        assert set(states(session)) == {MessageState.EXPIRED}


def test_a_test_mail_goes_even_when_its_call_has_closed(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = running(session, house)
        queue_test(session, call, MessageKind.INVITATION, "me@harbour.example", as_contact=1, now=NOW, house=house)
        close_call(session, call, now=NOW, by="Rosa")
        assert make.submitted(session) == ["me@harbour.example"]
        assert len(make.messages(session, col(Message.test).is_(True))) == 1
