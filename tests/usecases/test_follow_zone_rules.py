"""A zone's rules change after a call was planned: what was announced stays, and all that hangs on it moves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MESSAGE_MOVES, CallState, MailingState, MessageState
from outreach.store.database import Database
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Call, Event, Mailing, Message
from outreach.usecases.close_call import close_call
from outreach.usecases.follow_zone_rules import follow_zone_rules
from outreach.usecases.release_call import release_call
from outreach.usecases.retry_messages import retry_messages
from tests import make

HOUR = timedelta(hours=1)


def staffed(database: Database) -> House:
    return make.house(database, staff={"addresses": "rosa@lanterncoast.coop"})


def launched(session: Session, house: House) -> Call:
    """With one invitation that waits, and reminders, thanks and the announcement planned."""
    make.contact(session, house, "idris@harbour.example", organisation="Harbour House")
    make.contact(session, house, "amina@pier.example", language="fr", time_zone="America/Los_Angeles")
    return make.launched(session, house)[0]


def planned_under_other_rules(session: Session, call: Call, by: timedelta) -> None:
    """As it stands in a database when the zone's clock showed another time then."""
    if call.state is not CallState.CLOSED:
        call.deadline_at += by
    assert call.release_at is not None
    call.release_at += by
    for mailing in session.exec(select(Mailing).where(Mailing.state == MailingState.PLANNED)):
        if mailing.kind is not MessageKind.INVITATION:
            mailing.earliest_at += by
        if mailing.not_after is not None:
            mailing.not_after += by
    for message in make.messages(session):
        if message.not_after is not None:
            message.not_after += by
    session.flush()


def moments(session: Session) -> list[Any]:
    """Every instant that hangs on an announced one."""
    session.expire_all()
    call = session.exec(select(Call)).one()
    mailings = session.exec(select(Mailing).order_by(col(Mailing.id))).all()
    messages = session.exec(select(Message).where(col(Message.call_id) == call.id).order_by(col(Message.id))).all()
    return [
        (call.deadline_at, call.release_at),
        [(each.kind, each.occurrence, each.earliest_at, each.not_after) for each in mailings],
        [each.not_after for each in messages],
    ]


def events(session: Session) -> list[dict[str, Any]]:
    found = session.exec(select(Event).where(Event.verb == "follow_zone_rules").order_by(col(Event.id)))
    return [each.facts for each in found]


def alerts(session: Session) -> int:
    return len(make.messages(session, col(Message.kind) == MessageKind.ALERT))


@pytest.mark.parametrize("by", [HOUR, -HOUR, timedelta(minutes=30), timedelta(days=-1)])
def test_all_that_was_planned_moves_with_the_clock_of_the_place(database: Database, by: timedelta) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        as_announced = moments(session)
        planned_under_other_rules(session, call, by)
        assert moments(session) != as_announced
        assert follow_zone_rules(session, now=make.NOON, house=house) == 1
        assert moments(session) == as_announced
        (said,) = events(session)
        assert said["before"] != said["after"] == "2027-02-27 01:00 UTC"


@pytest.mark.shows("F40")
def test_when_a_zones_rules_have_changed_staff_are_told_once(database: Database) -> None:
    house = staffed(database)
    with database.changing() as session:
        planned_under_other_rules(session, launched(session, house), HOUR)
        assert [follow_zone_rules(session, now=make.NOON, house=house) for _ in range(2)] == [1, 0]
        assert (len(events(session)), alerts(session)) == (1, 1)


def test_where_the_rules_are_the_same_nothing_is_said(database: Database) -> None:
    house = staffed(database)
    with database.changing() as session:
        launched(session, house)
        assert follow_zone_rules(session, now=make.NOON, house=house) == 0
        assert (events(session), alerts(session)) == ([], 0)


def test_two_limits_an_hour_apart_stay_an_hour_apart(database: Database) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        first, second = make.messages(session, col(Message.kind) == MessageKind.INVITATION)
        assert first.not_after is not None
        second.not_after = first.not_after + HOUR
        as_announced = moments(session)
        planned_under_other_rules(session, call, HOUR)
        follow_zone_rules(session, now=make.NOON, house=house)
        assert moments(session) == as_announced


def stands(session: Session, state: MessageState) -> Message:
    """The first invitation, as it is in that state."""
    (first, _) = make.messages(session, col(Message.kind) == MessageKind.INVITATION)
    first.state, first.settled_at = state, make.NOON
    if state is MessageState.SENDING:
        first.claimed_by, first.claimed_at = make.WORKER, make.NOON
    session.flush()
    return first


@pytest.mark.parametrize("state", [state for state in MessageState if MESSAGE_MOVES[state]])
@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_mail_that_may_yet_leave_does_so_in_time_wherever_it_stands(
    database: Database, state: MessageState, by: timedelta
) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        stands(session, state)
        as_announced = moments(session)
        planned_under_other_rules(session, call, by)
        follow_zone_rules(session, now=make.NOON, house=house)
        assert moments(session) == as_announced


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.EXPIRED])
def test_a_mail_that_leaves_no_more_stays_as_it_was(database: Database, state: MessageState) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        limit = stands(session, state).not_after
        planned_under_other_rules(session, call, HOUR)
        follow_zone_rules(session, now=make.NOON, house=house)
        assert limit is not None
        assert stands(session, state).not_after == limit + HOUR


@pytest.mark.parametrize("state", [MessageState.HELD, MessageState.UNKNOWN, MessageState.FAILED])
def test_a_mail_that_is_queued_again_under_the_new_rules_leaves_in_time(
    database: Database, state: MessageState
) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        mail = stands(session, state)
        assert mail.not_after is not None
        late = mail.not_after - HOUR / 2  # too late by the old rules
        planned_under_other_rules(session, call, -HOUR)
        follow_zone_rules(session, now=make.NOON, house=house)
        retry_messages(session, call, state=state, now=late, by="Rosa")
        assert mail.id in [each.id for each in make.claimed(session, now=late)]


def test_a_mail_that_another_worker_settles_afterwards_keeps_its_new_limit(database: Database) -> None:
    house = staffed(database)
    later = Verdict(MessageState.DEFERRED, "deferred by the server", "451 not now", HOUR)
    with database.changing() as session:
        call = launched(session, house)
        mail = stands(session, MessageState.SENDING)
        limit = mail.not_after
        planned_under_other_rules(session, call, -HOUR)
        follow_zone_rules(session, now=make.NOON, house=house)
        settle(session, [Settlement(mail.id or 0, later, make.NOON)], make.WORKER)
        session.expire_all()
        assert (mail.state, mail.due_at, mail.not_after) == (MessageState.DEFERRED, make.NOON + HOUR, limit)


def test_what_has_ended_stays_ended_and_only_the_release_moves(database: Database) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        close_call(session, call, now=make.NOON, by="Rosa")
        ended, announced = call.deadline_at, call.release_at
        call.deadline_at += HOUR
        planned_under_other_rules(session, call, HOUR)
        assert follow_zone_rules(session, now=make.NOON, house=house) == 1
        assert (call.deadline_at, call.release_at) == (ended + HOUR, announced)


def test_a_released_letter_is_left_alone(database: Database) -> None:
    house = staffed(database)
    with database.changing() as session:
        call = launched(session, house)
        make.signature(session, call)
        close_call(session, call, now=make.NOON, by="Rosa")
        make.edition(session, call, house)
        release_call(session, call, now=make.NOON, by="Rosa", house=house)
        call.deadline_at += HOUR
        assert follow_zone_rules(session, now=make.NOON, house=house) == 0
