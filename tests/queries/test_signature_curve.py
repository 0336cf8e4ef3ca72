"""How signatures came in, and what one may honestly expect of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.domain.states import CallState, SignatureState
from outreach.queries.signature_curve import MOST_POINTS, curve, projection
from outreach.store.database import Database
from outreach.store.editions import counts_now
from tests import make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(minutes=st.lists(st.integers(0, 400_000), max_size=12), age=st.integers(0, 400_000))
def test_the_curve_ends_at_as_many_as_there_are_and_each_point_is_what_one_counts(
    database: Database, minutes: list[int], age: int
) -> None:
    house, now = make.house(database), make.NOON + timedelta(minutes=age)
    times = [make.NOON + timedelta(minutes=each) for each in minutes if each <= age]
    with database.changing(dry_run=True) as session:
        call = make.call(session, house)
        call.state, call.launched_at = CallState.OPEN, make.NOON
        for number, at in enumerate(times):
            make.signature(session, call, at=at, key=str(number))
        make.signature(session, call, at=now, key="waits", state=SignatureState.PENDING)
        found = curve(session, call, now=now)

        assert found.total == counts_now(session, call).all == len(times)
        assert found.points[-1].total == len(times)
        assert len(found.points) <= MOST_POINTS + 2
        for point in found.points:
            assert point.total == sum(at < point.ends_at for at in times)
        for before, after in pairwise(found.points):
            assert after.total == before.total + after.new
            assert after.ends_at > before.ends_at


def test_days_begin_at_midnight_of_the_zone_in_which_the_deadline_was_given(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = make.call(session, house)
        call.launched_at = make.NOON
        late_in_the_evening = datetime(2027, 1, 14, 7, 30, tzinfo=UTC)  # still the 13th in Los Angeles
        make.signature(session, call, at=late_in_the_evening)
        found = curve(session, call, now=make.NOON + 5 * DAY)
    assert found.step == DAY
    assert [point.ends_at.hour for point in found.points] == [8] * len(found.points)
    assert [point.new for point in found.points][:3] == [0, 0, 1]


def test_what_goes_on_as_it_came_is_expected_within_what_chance_allows() -> None:
    times = [(make.NOON + number * HOUR, 1) for number in range(24 * 10)]
    found = projection(times, since=make.NOON, until=make.NOON + 17 * DAY, now=make.NOON + 10 * DAY)
    assert found is not None
    assert found.days == 7
    assert found.low < 240 + 7 * 24 < found.high
    assert found.low >= 240
    assert found.high - found.low < 80


def test_nobody_is_told_what_to_expect_of_a_few_or_of_a_day_or_of_silence() -> None:
    many = [(make.NOON + number * HOUR, 1) for number in range(24)]
    until = make.NOON + 30 * DAY
    assert projection(many[:9], since=make.NOON, until=until, now=make.NOON + 5 * DAY) is None
    assert projection(many, since=make.NOON, until=until, now=make.NOON + 1 * DAY) is None
    assert projection(many, since=make.NOON, until=until, now=make.NOON + 20 * DAY) is None
    assert projection(many, since=make.NOON, until=make.NOON + DAY, now=make.NOON + 3 * DAY) is None
    assert projection(many, since=None, until=until, now=make.NOON + 3 * DAY) is None
    assert projection(many, since=make.NOON, until=until, now=make.NOON + 3 * DAY) is not None
