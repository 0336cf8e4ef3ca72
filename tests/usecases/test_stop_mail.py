"""The panic stop: nothing is claimed while it stands, nothing is lost, and everybody sees who stopped it."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.outbox import next_due, retire_unwanted
from outreach.store.stopping import Stopped, stopped
from outreach.store.tables import Event, Message
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.start_mail import start_mail
from outreach.usecases.stop_mail import stop_mail
from tests import make

LATER = make.NOON + timedelta(hours=1)


def stop(database: Database, reason: str = "", by: str = "Rosa") -> Stopped:
    with database.changing() as session:
        return stop_mail(session, reason=reason, now=make.NOON, by=by)


def test_nothing_is_claimed_after_a_stop_and_all_of_it_after_a_start(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        person = make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        given = make.signature(session, call, person, kind=SignatureKind.INDIVIDUAL, state=SignatureState.PENDING)
        queue_for_signature(session, call, given, MessageKind.CONFIRMATION, now=make.NOON, house=house)
    stop(database)
    with database.changing() as session:
        assert make.claimed(session) == []
        assert next_due(session, rehearsal=False) is None
        start_mail(session, now=LATER, by="Rosa")
    with database.changing() as session:
        kinds = {one.record.kind for one in make.claimed(session, now=LATER)}
    assert MessageKind.CONFIRMATION in kinds


def test_who_stopped_it_when_and_why_is_known_until_it_is_over(database: Database) -> None:
    assert stop(database, "the wrong\n list") == Stopped("Rosa", make.NOON, "the wrong list")
    with database.reading() as session:
        standing = stopped(session)
    assert standing == Stopped("Rosa", make.NOON, "the wrong list")
    assert standing.sentence == "All mail is stopped, by Rosa at 2027-01-11 12:00 UTC: the wrong list."
    with database.changing() as session:
        assert start_mail(session, now=LATER, by="Idris") == standing
        assert stopped(session) is None


def test_a_second_stop_leaves_the_first_as_it_is(database: Database) -> None:
    first = stop(database, "the wrong list")
    assert stop(database, "me too", by="Idris") == first
    with database.reading() as session:
        events = session.exec(select(Event).where(Event.verb == "stop_mail")).all()
        assert [event.by for event in events] == ["Rosa"]


def test_a_start_without_a_stop_changes_nothing(database: Database) -> None:
    with database.changing() as session:
        assert start_mail(session, now=LATER, by="Rosa") is None
        assert session.exec(select(Event).where(Event.verb == "start_mail")).all() == []


def test_a_reason_is_a_line_and_no_essay(database: Database) -> None:
    with database.changing() as session, pytest.raises(InvalidInput, match="characters"):
        stop_mail(session, reason="no " * 500, now=make.NOON, by="Rosa")


def test_what_becomes_too_late_while_mail_is_stopped_expires_by_its_own_rule(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
    stop(database)
    with database.changing() as session:
        last = max(one.not_after for one in make.messages(session) if one.not_after)
        assert retire_unwanted(session, last) == 1
        start_mail(session, now=last, by="Rosa")
        assert make.claimed(session, now=last) == []
        found = make.messages(session, col(Message.kind) == MessageKind.INVITATION)
        assert [one.state for one in found] == [MessageState.EXPIRED]


def test_who_is_claiming_ends_before_a_stop_is_committed(postgresql: Database) -> None:
    """So that no claim is committed after the stop was: whoever stopped it can rely on that."""
    house = make.house(postgresql)
    with postgresql.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
    with postgresql.changing() as claiming:
        make.claimed(claiming)
        with postgresql.reading() as looking:
            waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted"
            assert looking.connection().exec_driver_sql(waits).scalar() == 1
            free = "SELECT pg_try_advisory_xact_lock(20261122)"
            assert looking.connection().exec_driver_sql(free).scalar() is False
    assert stop(postgresql).by == "Rosa"
