"""A reminder that is late does not come at night."""

from datetime import UTC, datetime, timedelta

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.tables import Message
from outreach.usecases.ring import ring
from tests import make


def test_a_reminder_that_was_held_up_until_the_night_waits_for_the_morning(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example", time_zone="Europe/Brussels")
        make.launched(session, house)
        make.submitted(session)
        nine = datetime(2027, 2, 19, 8, 0, tzinfo=UTC)  # 7d 09:00, a Friday morning in Brussels
        ring(session, now=nine, house=house)
        (reminder,) = make.messages(session, Message.kind == MessageKind.REMINDER)
        assert reminder.due_at == nine
        ring(session, now=nine + timedelta(hours=1), house=house)
        assert make.messages(session)[-1].due_at == nine, "what may go now is left as it is"
        night = datetime(2027, 2, 20, 2, 0, tzinfo=UTC)  # nobody submitted anything until Saturday, 3 o'clock
        ring(session, now=night, house=house)
        (reminder,) = make.messages(session, Message.kind == MessageKind.REMINDER)
        assert reminder.state is MessageState.QUEUED
        assert reminder.due_at == datetime(2027, 2, 22, 7, 0, tzinfo=UTC), "Monday at eight in Brussels"


def test_an_invitation_does_not_wait_for_office_hours(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
        night = make.NOON + timedelta(hours=14)
        ring(session, now=night, house=house)
        assert make.messages(session)[0].due_at == make.NOON
