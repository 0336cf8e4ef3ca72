"""Logging in, with and without a device; logging out, here and elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.passwords import fits
from outreach.domain.users import UserState
from outreach.store.database import Database
from outreach.store.tables import Event, Sitting, User
from outreach.store.users import digest_of, known_as
from outreach.usecases.change_password import change_password
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.give_code import give_code
from outreach.usecases.log_in import HALF, LoggedIn, log_in
from outreach.usecases.log_out import log_out
from outreach.usecases.remove_device import remove_device
from outreach.usecases.set_device import set_device
from tests import make, users
from tests.make import NOON
from tests.users import KEY, PASSWORD, ROSA, code

LATER = NOON + timedelta(minutes=5)
NEW = "eleven gulls on one mast"


@dataclass
class Door:
    session: Session
    house: House
    rosa: User

    def log_in(self, password: str = PASSWORD, *, at: datetime = NOON, agent: str = "Firefox") -> LoggedIn | None:
        known = known_as(self.session, ROSA)
        if not fits(password, known.kept):
            return None
        return log_in(self.session, known, agent=agent, now=at, house=self.house)

    def sitting(self, token: str) -> Sitting | None:
        found = select(Sitting).where(Sitting.digest == digest_of(token))
        return self.session.exec(found.execution_options(populate_existing=True)).first()

    def number(self, token: str) -> int:
        sitting = self.sitting(token)
        assert sitting is not None
        return sitting.id or 0

    def logged_in(self, *, at: datetime = NOON) -> str:
        done = self.log_in(at=at)
        assert done is not None
        return done.token

    def give(self, token: str, given: str, *, at: datetime = NOON) -> str | None:
        return give_code(self.session, self.number(token), given, now=at, house=self.house)

    def set_up(self, token: str, given: str, *, at: datetime = NOON) -> str | None:
        return set_device(self.session, self.number(token), KEY, given, now=at, house=self.house)

    def verbs(self) -> list[str]:
        return list(self.session.exec(select(Event.verb).order_by(col(Event.id))))


@pytest.fixture
def door(database: Database) -> Iterator[Door]:
    with opened(database) as made:
        yield made


def opened(database: Database, **console: Any) -> Any:
    """Rosa's door, where the console is set up so."""
    from contextlib import contextmanager

    @contextmanager
    def open_it() -> Iterator[Door]:
        with database.changing() as session:
            yield Door(session, make.house(database, console=console), users.user(session))

    return open_it()


def test_the_right_password_opens_a_sitting_that_ends_after_a_week(door: Door) -> None:
    done = door.log_in(agent="Firefox\n on her desk")
    assert done is not None
    assert done.complete
    sitting = door.sitting(done.token)
    assert sitting is not None
    assert (sitting.complete, sitting.agent, sitting.ends_at) == (
        True,
        "Firefox on her desk",
        NOON + timedelta(days=7),
    )
    assert door.rosa.last_seen_at == NOON
    assert door.verbs() == ["log_in"]


def test_a_wrong_password_opens_nothing(door: Door) -> None:
    assert door.log_in("five lanterns on a quay") is None
    assert door.session.exec(select(Sitting)).all() == []


@pytest.mark.parametrize("state", [UserState.INVITED, UserState.DISABLED])
def test_who_is_disabled_between_the_check_and_the_log_in_does_not_get_in(door: Door, state: UserState) -> None:
    known = known_as(door.session, ROSA)
    door.rosa.state = state
    door.session.flush()
    assert log_in(door.session, known, agent="", now=NOON, house=door.house) is None


def test_a_password_that_was_changed_between_the_check_and_the_log_in_does_not_do(door: Door) -> None:
    known = known_as(door.session, ROSA)
    door.rosa.password = users.kept(NEW)
    door.session.flush()
    assert log_in(door.session, known, agent="", now=NOON, house=door.house) is None


def test_what_has_ended_is_forgotten_at_the_next_log_in(door: Door) -> None:
    users.sits(door.session, door.rosa, days=1)
    door.logged_in(at=NOON + timedelta(days=1))
    assert len(door.session.exec(select(Sitting)).all()) == 1


def test_with_a_device_a_password_is_half_and_its_code_the_other_half(door: Door) -> None:
    door.rosa.device = KEY
    half = door.logged_in()
    sitting = door.sitting(half)
    assert sitting is not None
    assert (sitting.complete, sitting.ends_at) == (False, NOON + HALF)
    assert door.give(half, "000000") is None
    whole = door.give(half, code(NOON))
    assert whole is not None
    done = door.sitting(whole)
    assert done is not None
    assert (done.complete, done.ends_at) == (True, NOON + timedelta(days=7))
    assert door.sitting(half) is None


def test_no_code_logs_in_twice(door: Door) -> None:
    door.rosa.device = KEY
    assert door.give(door.logged_in(), code(NOON)) is not None
    assert door.give(door.logged_in(), code(NOON)) is None


def test_a_code_that_comes_too_late_does_not_do(door: Door) -> None:
    door.rosa.device = KEY
    half = door.logged_in()
    assert door.give(half, code(NOON + HALF), at=NOON + HALF) is None


def test_a_device_is_kept_only_once_a_right_code_proved_it(door: Door) -> None:
    token, elsewhere, stamp = door.logged_in(), door.logged_in(), door.rosa.stamp
    assert door.set_up(token, "000000") is None
    assert door.rosa.device == ""
    renewed = door.set_up(token, code(NOON))
    assert renewed is not None
    assert (door.rosa.device, door.rosa.stamp) == (KEY, stamp + 1)
    assert door.sitting(renewed) is not None
    assert door.sitting(elsewhere) is None
    assert "set_device" in door.verbs()


def test_the_code_that_proved_a_device_does_not_log_in(door: Door) -> None:
    door.set_up(door.logged_in(), code(NOON))
    assert door.give(door.logged_in(), code(NOON)) is None
    assert door.give(door.logged_in(), code(NOON, steps=1)) is not None


def test_a_device_is_not_replaced_behind_its_back(door: Door) -> None:
    token = door.set_up(door.logged_in(), code(NOON))
    assert token is not None
    with pytest.raises(Refusal, match="already"):
        door.set_up(token, code(NOON, steps=1))


def test_a_device_is_taken_away_with_its_own_code(door: Door) -> None:
    token = door.set_up(door.logged_in(), code(NOON))
    assert token is not None
    number = door.number(token)
    assert not remove_device(door.session, number, code(NOON), now=NOON, house=door.house)
    assert remove_device(door.session, number, code(LATER), now=LATER, house=door.house)
    assert (door.rosa.device, door.rosa.counter) == ("", 0)
    assert door.sitting(token) is not None
    again = door.log_in()
    assert again is not None
    assert again.complete


def test_where_a_device_is_demanded_nobody_gets_far_without_one(database: Database) -> None:
    with opened(database, second_factor="required") as door:
        half = door.log_in()
        assert half is not None
        assert not half.complete
        whole = door.set_up(half.token, code(NOON))
        assert whole is not None
        done = door.sitting(whole)
        assert done is not None
        assert done.complete
        assert remove_device(door.session, door.number(whole), code(LATER), now=LATER, house=door.house)
        taken = door.sitting(whole)
        assert taken is not None
        assert (taken.complete, taken.ends_at) == (False, LATER + HALF)


def test_who_logs_out_is_out_here_and_in_elsewhere(door: Door) -> None:
    here, elsewhere = door.logged_in(), door.logged_in()
    number = door.number(here)
    assert log_out(door.session, number, now=NOON)
    door.session.flush()
    assert door.sitting(here) is None
    assert door.sitting(elsewhere) is not None
    assert not log_out(door.session, number, now=NOON)


def test_one_the_others_or_all_are_logged_out(door: Door) -> None:
    tokens = [door.logged_in() for _ in range(4)]
    vera = users.user(door.session, "vera@lanterncoast.example")
    hers = users.sits(door.session, vera)
    numbers = [door.number(one) for one in tokens]
    ended = [
        end_sittings(door.session, door.rosa, only=numbers[0], now=NOON, by=ROSA),
        end_sittings(door.session, door.rosa, only=door.number(hers), now=NOON, by=ROSA),
        end_sittings(door.session, door.rosa, besides=numbers[1], now=NOON, by=ROSA),
        end_sittings(door.session, door.rosa, now=NOON, by=ROSA),
        end_sittings(door.session, door.rosa, now=NOON, by=ROSA),
    ]
    assert ended == [1, 0, 2, 1, 0]
    assert door.sitting(hers) is not None
    assert door.verbs().count("end_sittings") == 3


def test_another_password_is_chosen_with_the_old_one_and_ends_the_other_sittings(door: Door) -> None:
    here, elsewhere = door.logged_in(), door.logged_in()
    number, rosa = door.number(here), door.rosa.id or 0
    given: dict[str, Any] = {"sitting": number, "now": NOON, "house": door.house}
    assert change_password(door.session, rosa, "not the old one", NEW, **given) is None
    with pytest.raises(InvalidInput):
        change_password(door.session, rosa, PASSWORD, "short", **given)
    assert fits(PASSWORD, door.rosa.password)
    assert change_password(door.session, rosa, PASSWORD, NEW, **given) is door.rosa
    assert fits(NEW, door.rosa.password)
    assert door.sitting(here) is not None
    assert door.sitting(elsewhere) is None
