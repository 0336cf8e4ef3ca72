"""Who is known by an address, what she holds, and whether the cookie is hers."""

from datetime import datetime, timedelta
from time import monotonic

import pytest
from sqlmodel import Session, select

from outreach.domain.errors import InvalidInput
from outreach.domain.users import Held, Role, UserState
from outreach.store.database import Database
from outreach.store.tables import Sitting, User, UserRole
from outreach.store.users import (
    Known,
    administrators,
    find_user,
    half_seated,
    known_as,
    roles_held,
    seat_of,
    sittings_of,
    user_at,
)
from tests import users
from tests.make import NOON

IDLE = timedelta(hours=12)


def seated(database: Database, token: str, now: datetime = NOON) -> bool:
    return seat_of(database, token, now, idle=IDLE) is not None


def test_a_user_is_found_however_the_address_is_typed(database: Database) -> None:
    with database.changing() as session:
        made = users.user(session)
        for typed in (users.ROSA, " ROSA@LanternCoast.example ", "Rosa@lanterncoast.EXAMPLE"):
            assert find_user(session, typed) is made
        assert find_user(session, "rose@lanterncoast.example") is None
        assert find_user(session, "no address") is None
        with pytest.raises(InvalidInput, match='There is no user "ana@'):
            user_at(session, "ana@lanterncoast.example")


def test_only_who_can_log_in_is_known_to_the_log_in(database: Database) -> None:
    with database.changing() as session:
        made = users.user(session)
        users.user(session, "ana@lanterncoast.example", state=UserState.INVITED)
        users.user(session, "otto@lanterncoast.example", state=UserState.DISABLED)
        assert known_as(session, users.ROSA) == Known(made.id or 0, users.kept(users.PASSWORD))
        for address in ("ana@lanterncoast.example", "otto@lanterncoast.example", "vera@lanterncoast.example", ""):
            assert known_as(session, address) == Known()


def test_roles_are_held_for_everything_or_for_a_call(database: Database) -> None:
    with database.changing() as session:
        made = users.user(session, role=Role.STAFF, call_id=7)
        session.add(UserRole(user_id=made.id or 0, role=Role.OBSERVER))
        session.flush()
        assert roles_held(session, made.id or 0) == (Held(Role.OBSERVER), Held(Role.STAFF, 7))


def test_administrators_are_those_of_everything_who_can_log_in(database: Database) -> None:
    with database.changing() as session:
        made = users.user(session)
        users.user(session, "ana@lanterncoast.example", state=UserState.DISABLED)
        users.user(session, "otto@lanterncoast.example", call_id=3)
        users.user(session, "vera@lanterncoast.example", role=Role.COORDINATOR)
        assert administrators(session) == {made.id}


def test_the_cookie_says_who_sits_there_and_the_database_cannot(database: Database) -> None:
    with database.changing() as session:
        made = users.user(session)
        token = users.sits(session, made)
    found = seat_of(database, token, NOON, idle=IDLE)
    assert found is not None
    assert (found[0].id, found[2]) == (made.id, (Held(Role.ADMINISTRATOR),))
    for other in ("", "x", token[:-1], token + "x", found[1].digest, "\ud800"):
        assert not seated(database, other)


def test_a_sitting_ends_at_its_end_and_when_it_was_idle_too_long(database: Database) -> None:
    with database.changing() as session:
        short, long = users.sits(session, users.user(session), days=0.25), users.sits(session, user_of(session))
    assert seated(database, short, NOON + timedelta(hours=5, minutes=59))
    assert not seated(database, short, NOON + timedelta(hours=6))
    assert seated(database, long, NOON + timedelta(hours=11, minutes=59))
    assert not seated(database, long, NOON + timedelta(hours=24))


def user_of(session: Session) -> User:
    return session.exec(select(User)).one()


@pytest.mark.parametrize("state", [UserState.INVITED, UserState.DISABLED])
def test_who_cannot_log_in_any_more_sits_nowhere(database: Database, state: UserState) -> None:
    with database.changing() as session:
        made = users.user(session)
        token = users.sits(session, made)
        made.state = state
    assert not seated(database, token)


def test_before_the_second_factor_nobody_sits_there(database: Database) -> None:
    with database.changing() as session:
        half = users.sits(session, users.user(session), complete=False)
        whole = users.sits(session, user_of(session))
    assert not seated(database, half)
    assert half_seated(database, half, NOON) is not None
    assert half_seated(database, whole, NOON) is None


def test_being_there_keeps_a_sitting_alive_and_is_written_down_once_a_minute(database: Database) -> None:
    with database.changing() as session:
        token = users.sits(session, users.user(session))
    seen = []
    for seconds in (10, 59, 60, 90, 121):
        now = NOON + timedelta(seconds=seconds)
        assert seated(database, token, now)
        with database.reading() as session:
            sitting = session.exec(select(Sitting)).one()
            assert user_of(session).last_seen_at == (sitting.seen_at if seconds >= 60 else None)
            seen.append((sitting.seen_at - NOON).total_seconds())
    assert seen == [0, 0, 60, 60, 121]


def test_where_somebody_is_logged_in_is_listed_the_last_seen_first(database: Database) -> None:
    with database.changing() as session:
        made = users.user(session)
        users.sits(session, made, at=NOON - timedelta(hours=2), agent="older")
        users.sits(session, made, at=NOON - timedelta(hours=1), agent="newer")
        users.sits(session, made, at=NOON - timedelta(hours=13), agent="idle")
        users.sits(session, made, at=NOON - timedelta(hours=3), days=0.1, agent="ended")
        users.sits(session, made, complete=False, agent="half")
        listed = sittings_of(session, made.id or 0, NOON, idle=IDLE)
        assert [one.agent for one in listed] == ["newer", "older"]


def test_no_page_waits_for_a_writer_to_write_down_that_somebody_was_there(database: Database) -> None:
    later, last = NOON + timedelta(minutes=2), NOON + timedelta(minutes=3)
    with database.changing() as session:
        token = users.sits(session, users.user(session))
    begun = monotonic()
    with database.changing() as busy:
        user_of(busy).name = "Rosa L."
        busy.flush()
        assert seated(database, token, later)
    assert monotonic() - begun < 10
    with database.reading() as session:
        assert user_of(session).last_seen_at is None
    assert seated(database, token, last)
    with database.reading() as session:
        assert user_of(session).last_seen_at == last
