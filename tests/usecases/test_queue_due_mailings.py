"""Reminders, last calls and thanks: to whom, when, and what a machine that slept makes of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.domain.states import CallState, MailingState, MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.moments import next_moment
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Call, Contact, Mailing, Message, SuppressionReason
from outreach.usecases.opt_out import opt_out
from outreach.usecases.queue_due_mailings import Rung
from outreach.usecases.ring import ring
from tests import make

NOW = make.NOON
REMINDER, LAST_CALL, THANK_YOU = MessageKind.REMINDER, MessageKind.LAST_CALL, MessageKind.THANK_YOU
DEADLINE = datetime(2027, 2, 27, 1, 0, tzinfo=UTC)
NO_ANSWER = Verdict(MessageState.UNKNOWN, "no answer to the final dot", "reset", copy=True)
REFUSED = Verdict(MessageState.FAILED, "person", "550 5.1.1")


def running(
    session: Session, house: House, *names: str, zone: str = "Europe/Brussels", **changes: Any
) -> tuple[Call, list[Contact]]:
    """A launched call whose invitations have all arrived."""
    people = [
        make.contact(session, house, f"{name}@harbour.example", organisation=f"{name} house", time_zone=zone)
        for name in names
    ]
    call, _ = make.launched(session, house, **changes)
    make.submitted(session)
    return call, people


def of(session: Session, kind: MessageKind, *states: MessageState) -> list[str]:
    rows = make.messages(session, col(Message.kind) == kind)
    return [row.address.partition("@")[0] for row in rows if not states or row.state in states]


def planned(session: Session, kind: MessageKind, occurrence: str = "") -> Mailing:
    return session.exec(select(Mailing).where(Mailing.kind == kind, Mailing.occurrence == occurrence)).one()


def test_a_reminder_goes_to_the_silent_only(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, people = running(session, house, "rosa", "idris", "amal", "vera", "otto", "lucia")
        make.signature(session, call, people[0])
        make.signature(session, call, people[1], state=SignatureState.PENDING)
        opt_out(session, people[2], scope=call.id or 0, evidence="link", now=NOW)
        make.suppression(session, people[3], SuppressionReason.HARD_BOUNCE)
        rung = ring(session, now=planned(session, REMINDER, "21d").earliest_at, house=house)
        assert rung == Rung(queued=2)
        assert of(session, REMINDER) == ["otto", "lucia"]


def test_a_colleague_who_has_signed_speaks_for_the_silent_one(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        call, _ = make.launched(session, house)
        make.submitted(session)
        make.signature(session, call, rosa)
        assert ring(session, now=planned(session, REMINDER, "21d").earliest_at, house=house).queued == 0


def test_whom_no_invitation_reached_gets_no_reminder(database: Database) -> None:
    """One refused, one in doubt, one still waiting: only the one in doubt may have been invited."""
    house = make.house(database)
    with database.changing() as session:
        for name in ("refused", "doubt", "waits"):
            make.contact(session, house, f"{name}@harbour.example")
        make.launched(session, house)
        for one, verdict in zip(make.claimed(session, want=2), (REFUSED, NO_ANSWER), strict=True):
            settle(session, [Settlement(one.id, verdict, NOW)], make.WORKER)
        ring(session, now=planned(session, REMINDER, "21d").earliest_at, house=house)
        assert of(session, REMINDER) == ["doubt"]


@pytest.mark.shows("F3")
def test_ringing_twice_queues_nothing_twice(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        running(session, house, "otto", "lucia")
        now = planned(session, REMINDER, "21d").earliest_at
        assert ring(session, now=now, house=house).queued == 2
        assert ring(session, now=now + timedelta(hours=1), house=house) == Rung()


def test_a_reminder_is_due_by_day_on_a_working_day_where_its_reader_lives(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for zone in ("Europe/Brussels", "Asia/Manila", "America/Los_Angeles", "Africa/Nairobi"):
            name = zone.rpartition("/")[2].lower()
            make.contact(session, house, f"{name}@harbour.example", time_zone=zone)
        make.launched(session, house)
        make.submitted(session)
        for occurrence in ("21d", "7d 09:00"):
            mailing = planned(session, REMINDER, occurrence)
            ring(session, now=mailing.earliest_at, house=house)
        reminders = make.messages(session, col(Message.kind) == REMINDER)
        assert len(reminders) == 8
        for message in reminders:
            assert house.hours.allows(message.due_at, message.time_zone)
            assert message.not_after == DEADLINE - house.margin
            assert message.due_at < message.not_after


@pytest.mark.shows("F41")
def test_a_machine_that_slept_past_a_reminder_sends_it_when_it_wakes_and_people_may_be_written_to(
    database: Database,
) -> None:
    house = make.house(database)
    with database.changing() as session:
        running(session, house, "otto")
        woken = datetime(2027, 2, 13, 3, 0, tzinfo=UTC)  # a Saturday night
        assert ring(session, now=woken, house=house).queued == 1
        (message,) = make.messages(session, col(Message.kind) == REMINDER)
        assert message.due_at == datetime(2027, 2, 15, 7, 0, tzinfo=UTC)  # Monday, eight in Brussels


@pytest.mark.shows("F41")
def test_a_machine_that_slept_past_two_reminders_sends_the_later_only(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        running(session, house, "otto")
        woken = datetime(2027, 2, 24, 10, 0, tzinfo=UTC)
        assert ring(session, now=woken, house=house) == Rung(queued=1, skipped=1)
        early = planned(session, REMINDER, "21d")
        assert (early.state, early.reason) == (MailingState.SKIPPED, "a later reminder is due as well")
        assert planned(session, REMINDER, "7d 09:00").state is MailingState.QUEUED
        assert of(session, REMINDER) == ["otto"]


@pytest.mark.shows("F38", "F41")
def test_a_machine_that_slept_past_the_deadline_reminds_nobody(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        rung = ring(session, now=DEADLINE + timedelta(hours=1), house=house)
        assert (rung.closed, rung.queued) == (1, 0)
        assert call.state is CallState.CLOSED
        assert planned(session, LAST_CALL, "24h").reason == "call is over"
        assert of(session, REMINDER) == of(session, LAST_CALL) == []


def test_a_machine_that_wakes_within_the_last_hour_reminds_nobody(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        running(session, house, "otto")
        rung = ring(session, now=DEADLINE - timedelta(minutes=30), house=house)
        assert (rung.closed, rung.skipped, rung.queued) == (0, 3, 0)
        assert planned(session, LAST_CALL, "24h").reason == "too late before the deadline"


def test_a_reminder_that_still_waits_at_the_deadline_expires(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        running(session, house, "otto")
        ring(session, now=planned(session, LAST_CALL, "24h").earliest_at, house=house)
        assert len(of(session, LAST_CALL, MessageState.QUEUED)) == 1
        assert make.submitted(session, now=DEADLINE) == []
        assert of(session, LAST_CALL, MessageState.EXPIRED) == ["otto"]


def test_a_reminder_that_waits_gives_way_to_the_next(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto", "lucia")
        ring(session, now=planned(session, REMINDER, "21d").earliest_at, house=house)
        call.paused_at = NOW  # so that they wait
        session.add(call)
        ring(session, now=planned(session, REMINDER, "7d 09:00").earliest_at, house=house)
        rows = make.messages(session, col(Message.kind) == REMINDER)
        states = [(row.state, row.reason) for row in rows]
        assert states[:2] == [(MessageState.CANCELLED, "a later reminder took its place")] * 2
        assert states[2:] == [(MessageState.QUEUED, "")] * 2


def test_who_signs_between_the_ring_and_the_hour_gets_no_reminder(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (otto,) = running(session, house, "otto")
        due = planned(session, REMINDER, "21d").earliest_at
        ring(session, now=due, house=house)
        make.signature(session, call, otto, at=due)
        assert make.submitted(session, now=due + timedelta(days=1)) == []


def test_thanks_go_to_those_who_signed_when_signing_has_closed_and_not_at_night(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (rosa, idris, _) = running(session, house, "rosa", "idris", "amal")
        make.signature(session, call, rosa)
        make.signature(session, call, idris, state=SignatureState.LATE)
        ring(session, now=DEADLINE - timedelta(minutes=1), house=house)
        assert of(session, THANK_YOU) == []
        ring(session, now=DEADLINE, house=house)  # Saturday, two in the morning in Brussels
        assert of(session, THANK_YOU) == ["rosa"]
        (thanks,) = make.messages(session, col(Message.kind) == THANK_YOU)
        assert thanks.due_at == datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
        assert thanks.not_after is None


def test_what_comes_next_is_the_next_planned_moment(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (otto, _) = running(session, house, "otto", "vera")
        make.signature(session, call, otto)
        moments: list[datetime] = []
        now = NOW
        while (found := next_moment(session, now)) is not None and len(moments) < 20:
            moments.append(found)
            ring(session, now=found, house=house)
            if found == DEADLINE:
                make.edition(session, call, house, now=found)
            now = found
        assert moments == sorted(set(moments))
        assert DEADLINE in moments
        assert moments[-1] == datetime(2027, 3, 2, 17, 0, tzinfo=UTC)
        assert session.exec(select(Call)).one().state is CallState.RELEASED


def test_a_reminder_is_for_each_zone_at_its_own_hour_or_not_at_all(database: Database) -> None:
    """Three hours before a Friday's five o'clock in Los Angeles it is night in Manila, and Saturday at that."""
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "la@harbour.example", time_zone="America/Los_Angeles")
        make.contact(session, house, "manila@harbour.example", time_zone="Asia/Manila")
        make.launched(session, house, reminders=(), last_call=parse_offset("3h"))
        make.submitted(session)
        mailing = planned(session, LAST_CALL, "3h")
        ring(session, now=mailing.earliest_at, house=house)
        due = {
            row.address.partition("@")[0]: row.due_at
            for row in make.messages(session, col(Message.kind) == LAST_CALL)
        }
        assert due["la"] == DEADLINE - timedelta(hours=3)
        assert house.hours.allows(due["manila"], "Asia/Manila")
        assert due["manila"] < DEADLINE - house.margin


def test_a_paused_call_keeps_its_plan_and_sends_what_still_makes_sense(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        call.paused_at = NOW
        session.add(call)
        due = planned(session, REMINDER, "21d").earliest_at
        ring(session, now=due, house=house)
        assert make.submitted(session, now=due) == []
        call.paused_at = None
        session.add(call)
        session.flush()
        assert make.submitted(session, now=due + timedelta(days=4)) == ["otto@harbour.example"]


def test_two_calls_do_not_disturb_each_other(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        running(session, house, "otto")
        other = make.launched(
            session,
            house,
            slug="open-ports",
            deadline=parse_wall_clock("2027-03-26 17:00 Europe/Brussels"),
            release=None,
        )[0]
        make.submitted(session)
        ring(session, now=DEADLINE, house=house)
        assert other.state is CallState.OPEN
        asked = make.messages(session, col(Message.call_id) == other.id, col(Message.kind) == REMINDER)
        assert len(asked) <= 1
