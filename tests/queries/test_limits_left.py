"""How many mails may still leave, and until when that is so."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, SignatureState
from outreach.queries.limits_left import LimitLeft, as_data, limits_left
from outreach.store.database import Database
from outreach.store.tables import Attempt
from outreach.usecases.queue_message import queue_for_signature
from tests import make

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LIMITS = {"per_minute": 3, "per_hour": 5, "per_day": 100, "confirmations_per_hour": 2}


def attempted(database: Database, moments: Iterable[datetime]) -> None:
    """Mails have been submitted at these moments."""
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
        (message,) = make.messages(session)
        for moment in sorted(moments):
            session.add(Attempt(message_id=message.id or 0, at=moment, state=MessageState.SENT, reason="accepted"))
            session.flush()


def left(database: Database) -> dict[str, LimitLeft]:
    with database.reading() as session:
        found = limits_left(session, now=make.NOON, house=make.house(database, limits=LIMITS))
    return {one.name: one for one in found}


def test_where_nothing_has_left_all_of_it_may(database: Database) -> None:
    found = left(database)
    assert list(found) == ["minute", "hour", "day", "confirmations"]
    assert [one.left for one in found.values()] == [3, 5, 100, 2]
    assert {one.until for one in found.values()} == {None}


def test_what_has_left_is_counted_in_each_window_that_it_lies_in(database: Database) -> None:
    ages = (30 * HOUR, 25 * HOUR, 3 * HOUR, 2 * HOUR, 40 * MINUTE, 30 * SECOND)
    attempted(database, [make.NOON - age for age in ages])
    found = left(database)
    assert [found[name].used for name in ("minute", "hour", "day")] == [1, 2, 4]
    assert found["day"].left == 96


def test_a_limit_that_is_used_up_says_when_the_next_may_leave(database: Database) -> None:
    attempted(database, [make.NOON - age for age in (50 * MINUTE, 40 * MINUTE, 30 * MINUTE, MINUTE, SECOND)])
    found = left(database)
    assert found["minute"] == LimitLeft("minute", 3, 1)
    assert found["hour"] == LimitLeft("hour", 5, 5, make.NOON + 10 * MINUTE)


def test_more_than_allowed_leaves_nothing_and_waits_for_the_oldest_that_counts(database: Database) -> None:
    """The limits were lowered meanwhile."""
    attempted(database, [make.NOON - minutes * MINUTE for minutes in range(1, 9)])
    found = left(database)["hour"]
    assert (found.used, found.left, found.until) == (8, 0, make.NOON + 55 * MINUTE)


def test_numbers_that_were_never_given_do_no_harm(database: Database) -> None:
    attempted(database, [make.NOON - 2 * MINUTE])
    with database.changing() as session:
        (message,) = make.messages(session)
        late = Attempt(id=900, message_id=message.id or 0, at=make.NOON, state=MessageState.SENT, reason="accepted")
        session.add(late)
    assert left(database)["minute"].used >= 1


def test_confirmations_to_strangers_are_counted_for_themselves(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        for number, invited in enumerate((True, False, False)):
            person = make.contact(session, house, f"somebody{number}@harbour.example")
            given = make.signature(
                session, call, person, kind=SignatureKind.INDIVIDUAL, state=SignatureState.PENDING, invited=invited
            )
            at = make.NOON - (30 - number) * MINUTE
            queue_for_signature(session, call, given, MessageKind.CONFIRMATION, now=at, house=house, at=at)
    assert left(database)["confirmations"] == LimitLeft("confirmations", 2, 2, make.NOON + 31 * MINUTE)


def test_programs_get_what_is_left_as_well() -> None:
    assert as_data([LimitLeft("hour", 5, 5, make.NOON)]) == [
        {"name": "hour", "limit": 5, "used": 5, "until": "2027-01-11T12:00:00+00:00", "left": 0}
    ]
