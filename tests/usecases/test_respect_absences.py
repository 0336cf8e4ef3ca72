"""Who is away gets the reminder when she is back, and never too late for the deadline."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from outreach.domain.kinds import MessageKind
from outreach.domain.replies import ReplyKind
from outreach.store.tables import Contact, Message
from outreach.usecases.queue_due_mailings import queue_due_mailings
from outreach.usecases.respect_absences import respect_absences
from tests import make
from tests.usecases.world import World

FRIDAY, MONDAY = date(2027, 2, 12), date(2027, 2, 15)
"""The first reminder is due on 5 February, the deadline on the 26th, in Los Angeles."""


def reminder(world: World, contact: Contact | None = None, kind: MessageKind = MessageKind.REMINDER) -> Message:
    person = contact or world.idris
    return next(one for one in world.queued(kind) if one.contact_id == person.id)


def day(message: Message, zone: str = "Europe/Brussels") -> date:
    return message.due_at.astimezone(ZoneInfo(zone)).date()


def test_a_reminder_waits_until_its_reader_is_back_at_work(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    now = world.remind()
    due = reminder(world).due_at.astimezone(ZoneInfo("Europe/Brussels"))
    assert due.date() == MONDAY, "the first working day after the absence"
    assert 8 <= due.hour < 20
    assert [one.record.address for one in make.claimed(world.session, now=now + timedelta(hours=9))] == [
        world.ana.address
    ]


def test_an_absence_that_is_heard_of_while_the_reminder_waits_counts_as_well(world: World) -> None:
    now = world.remind()
    reply = world.says("I am away.", at=now, Auto_Submitted="auto-replied", subject="Automatic reply")
    world.corrects(reply, ReplyKind.OUT_OF_OFFICE, until=FRIDAY, now=now)
    world.ring(now)
    assert day(reminder(world)) == MONDAY


def test_nobodys_reminder_waits_for_a_colleague(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    now = world.remind()
    assert reminder(world, world.ana).due_at <= now + timedelta(hours=9)


@pytest.mark.parametrize("until", [date(2027, 2, 26), date(2027, 3, 31), date(2099, 1, 1), date.max])
def test_where_the_deadline_would_pass_it_goes_as_planned(world: World, until: date) -> None:
    now = world.remind()
    planned = reminder(world).due_at
    world.logs(ReplyKind.OUT_OF_OFFICE, until=until, now=now)
    world.ring(now)
    assert reminder(world).due_at == planned


def test_a_last_call_waits_too_where_it_still_comes_in_time(world: World) -> None:
    now = world.planned(MessageKind.LAST_CALL, "24h")
    world.ring(now)
    before = reminder(world, kind=MessageKind.LAST_CALL).due_at
    world.logs(ReplyKind.OUT_OF_OFFICE, until=date(2027, 2, 25), now=now)
    world.ring(now)
    last_call = reminder(world, kind=MessageKind.LAST_CALL)
    assert last_call.due_at > before
    assert day(last_call) == date(2027, 2, 26)
    assert last_call.not_after is not None
    assert last_call.due_at < last_call.not_after


def test_who_is_back_is_reminded_as_planned(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE, until=date(2027, 1, 29))
    now = world.remind()
    assert reminder(world).due_at <= now + timedelta(hours=9)


def test_the_later_of_two_absences_holds(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE, until=date(2027, 2, 9))
    world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    world.remind()
    assert day(reminder(world)) == MONDAY


def test_a_date_that_was_misread_hides_no_absence_that_can_be_respected(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE, until=date(2099, 1, 1))
    world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    world.remind()
    assert day(reminder(world)) == MONDAY


@pytest.mark.parametrize("kind", [ReplyKind.OTHER, ReplyKind.AUTOMATIC_ANSWER])
def test_an_absence_that_was_none_moves_nothing(world: World, kind: ReplyKind) -> None:
    reply = world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    world.corrects(reply, kind)
    now = world.remind()
    assert reminder(world).due_at <= now + timedelta(hours=9)


def test_an_absence_without_a_last_day_moves_nothing(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE)
    now = world.remind()
    assert reminder(world).due_at <= now + timedelta(hours=9)


def test_ringing_again_moves_nothing_again(world: World) -> None:
    world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    now = world.remind()
    once = reminder(world).due_at
    assert respect_absences(world.session, now=now, house=world.house) == 0
    assert reminder(world).due_at == once


def test_only_reminders_wait(world: World) -> None:
    """What somebody did wants its answer, and a new invitation may be waiting when she is back."""
    world.logs(ReplyKind.OUT_OF_OFFICE, until=FRIDAY)
    make.launched(world.session, world.house, slug="another-letter", title="Another letter")
    due = [one.due_at for one in world.queued(MessageKind.INVITATION)]
    world.ring(make.NOON)
    assert [one.due_at for one in world.queued(MessageKind.INVITATION)] == due


def test_back_is_back_where_the_reader_lives(world: World) -> None:
    """At nine on Saturday in Manila it is still Friday night in Brussels."""
    amal = make.contact(world.session, world.house, "amal@manila.coop", time_zone="Asia/Manila")
    call, _ = make.launched(world.session, world.house, slug="another-letter", title="Another letter")
    make.submitted(world.session)
    world.call = call
    world.logs(ReplyKind.OUT_OF_OFFICE, amal, until=date(2027, 2, 10))
    world.remind()
    due = reminder(world, amal).due_at.astimezone(ZoneInfo("Asia/Manila"))
    assert (due.date(), 8 <= due.hour < 20) == (date(2027, 2, 11), True)


def test_however_many_are_away_the_ring_asks_for_them_together(sqlite_world: World) -> None:
    """It keeps everybody else from writing meanwhile."""
    world = sqlite_world
    people = [make.contact(world.session, world.house, f"amal{number}@manila.coop") for number in range(30)]
    world.call, _ = make.launched(world.session, world.house, slug="another-letter", title="Another letter")
    make.submitted(world.session)
    for person in people:
        world.logs(ReplyKind.OUT_OF_OFFICE, person, until=FRIDAY)
    now = world.planned(MessageKind.REMINDER, "21d")
    queue_due_mailings(world.session, now=now, house=world.house)
    world.session.flush()
    asked: list[str] = []
    event.listen(world.session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert respect_absences(world.session, now=now, house=world.house) == 30
    assert len(asked) == 2
    assert respect_absences(world.session, now=now, house=world.house) == 0
    assert len(asked) == 3
