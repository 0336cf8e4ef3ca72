"""How fast mails may leave, and when the last of them will have left."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.pacing import Crowd, Load, Pace, Pacer, Window, finish
from tests.make import NOON

PACE = Pace(per_minute=10, per_hour=100, per_day=1000, domain_per_minute=5)


def leave(pacer: Pacer, count: int, domain: str, now: float) -> int:
    """How many of ``count`` may leave at once."""
    gone = 0
    while gone < count and pacer.room(now) and domain not in pacer.rooms(now).full:
        pacer.count(domain, now)
        gone += 1
    return gone


def test_the_account_has_room_again_when_a_minute_has_passed() -> None:
    pacer = Pacer(PACE)
    assert sum(leave(pacer, 5, f"{n}.example", 0.0) for n in range(3)) == 10
    assert pacer.room(59.9) == 0
    assert pacer.wait(59.0) == pytest.approx(1.0)
    assert pacer.room(60.0) == 10
    assert pacer.wait(60.0) == 0.0


def test_a_domain_that_is_full_does_not_hold_up_the_others() -> None:
    pacer = Pacer(PACE)
    assert leave(pacer, 9, "full.example", 0.0) == 5
    assert pacer.rooms(0.0).full == ["full.example"]
    assert pacer.wait(30.0) == pytest.approx(30.0)
    assert leave(pacer, 1, "quay.example", 0.0) == 1
    assert pacer.rooms(60.0).full == []


def test_a_domain_that_is_quiet_is_forgotten() -> None:
    pacer = Pacer(PACE)
    leave(pacer, 1, "quay.example", 0.0)
    pacer.rooms(61.0)
    assert pacer.domains == {}


def test_the_hour_and_the_day_have_their_limits_as_well() -> None:
    pacer = Pacer(PACE)
    now, left = 0.0, 0
    while now < 3600:
        left += leave(pacer, 10, f"{now}.example", now) + leave(pacer, 10, f"{now}.again.example", now)
        now += 60
    assert left == 100
    assert pacer.room(3599.0) == 0
    assert pacer.wait(3590.0) == pytest.approx(10.0)


def test_what_left_before_a_restart_counts() -> None:
    pacer = Pacer(PACE)
    for _ in range(10):
        pacer.count("quay.example", -30.0)
    assert pacer.room(0.0) == 0
    assert pacer.room(30.0) == 10


def test_a_lower_limit_than_yesterday_leaves_no_room_rather_than_less_than_none() -> None:
    pacer = Pacer(Pace(1, 1, 1, 1))
    for _ in range(5):
        pacer.count("quay.example", 0.0)
    assert pacer.room(1.0) == 0


@given(st.lists(st.floats(0, 300), max_size=60), st.integers(1, 5))
def test_no_minute_ever_sees_more_than_its_limit(times: list[float], limit: int) -> None:
    window = Window(60.0, limit)
    left = []
    for now in sorted(times):
        if window.room(now) > 0:
            window.count(now)
            left.append(now)
    assert all(sum(start - 60 < at <= start for at in left) <= limit for start in left)


@given(
    st.lists(st.tuples(st.floats(0, 300), st.integers(0, 2)), max_size=80),
    st.lists(st.floats(-59, 0), max_size=8),
    st.integers(1, 7),
)
def test_workers_that_share_a_limit_never_exceed_it_together(
    tries: list[tuple[float, int]], earlier: list[float], limit: int
) -> None:
    windows = [Window(60.0, limit, Crowd(3, place)) for place in range(3)]
    left = sorted(earlier)[:limit]
    for then in left:
        for window in windows:
            window.before.add(then)
    for now, place in sorted(tries):
        if windows[place].room(now) > 0:
            windows[place].count(now)
            left.append(now)
    assert all(sum(start - 60 < at <= start for at in left) <= limit for start in left)


def test_a_limit_smaller_than_the_crowd_leaves_the_last_ones_nothing() -> None:
    rooms = [Pacer(Pace(2, 2, 2, 1), Crowd(3, place)) for place in range(3)]
    assert [pacer.room(0.0) for pacer in rooms] == [1, 1, 0]
    assert [pacer.rooms(0.0).take("quay.example") for pacer in rooms] == [True, False, False]


def test_who_waits_for_what_others_have_used_is_told_until_when() -> None:
    pacer = Pacer(PACE, Crowd(2, 1))
    pacer.remember("", -50.0, 4)
    pacer.remember("quay.example", -20.0, 6)
    assert pacer.room(0.0) == 0
    assert pacer.wait(0.0) == pytest.approx(10.0)
    assert pacer.room(10.0) == 2


@pytest.mark.parametrize(
    ("count", "domain", "minutes"),
    [(0, 0, 0), (1, 1, 0), (10, 5, 0), (11, 1, 1), (100, 1, 9), (101, 1, 60), (5, 5, 0), (6, 6, 1), (11, 11, 2)],
)
def test_the_last_mail_leaves_when_the_limits_let_it(count: int, domain: int, minutes: int) -> None:
    assert PACE.minutes_for(count, domain) == minutes


def test_a_thousand_mails_take_a_day_under_a_limit_of_a_thousand() -> None:
    assert PACE.minutes_for(1000, 1) == 9 * 60 + 9
    assert PACE.minutes_for(1001, 1) == 1440


def test_waves_that_overlap_leave_one_after_the_other() -> None:
    waves = {
        NOON: Load.of({"quay.example": 3, "harbour.example": 8}),
        NOON + timedelta(hours=5): Load.of({"quay.example": 11}),
    }
    assert finish({NOON: waves[NOON]}, PACE) == NOON + timedelta(minutes=1)
    assert finish(waves, PACE) == NOON + timedelta(hours=5, minutes=2)
    crowded = {
        NOON: Load.of({f"{n}.example": 1 for n in range(101)}),
        NOON + timedelta(minutes=1): Load.of({"quay.example": 1}),
    }
    assert finish(crowded, PACE) == NOON + timedelta(minutes=60)
