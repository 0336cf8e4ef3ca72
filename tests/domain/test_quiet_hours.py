from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput
from outreach.domain.quiet_hours import (
    EVERY_DAY,
    ContactHours,
    parse_hours,
    parse_working_days,
    say_working_days,
    working_days_of,
)
from outreach.domain.zones import local_time

OFFICE = ContactHours(*parse_hours("20:00-08:00"), parse_working_days("mon-fri"))

ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))
INSTANTS = st.datetimes(
    datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2040-01-01"), timezones=st.just(UTC)
)
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
HOURS = st.builds(ContactHours, TIMES, TIMES, st.frozensets(st.integers(1, 7), min_size=1))
MISSING_DAY = datetime(2011, 12, 30, 9, 59, tzinfo=UTC)


def hours(quiet: str, days: str = "every day") -> ContactHours:
    return ContactHours(*parse_hours(quiet), parse_working_days(days))


def at(text: str) -> datetime:
    return parse_wall_clock(text).instant()


@pytest.mark.parametrize(
    ("local", "allowed"),
    [
        ("2015-12-17 07:59:59", False),
        ("2015-12-17 08:00", True),
        ("2015-12-17 19:59:59", True),
        ("2015-12-17 20:00", False),
        ("2015-12-18 00:00", False),
        ("2015-12-19 12:00", False),  # a Saturday
    ],
)
def test_quiet_hours_over_midnight_hold_from_their_first_minute_until_before_their_last(
    local: str,
    *,
    allowed: bool,
) -> None:
    assert OFFICE.allows(at(f"{local} Africa/Nairobi"), "Africa/Nairobi") is allowed


def test_quiet_hours_may_lie_within_a_day() -> None:
    siesta = hours("13:00-16:00")
    assert siesta.next_allowed(at("2026-06-01 14:00 Europe/Madrid"), "Europe/Madrid") == at(
        "2026-06-01 16:00 Europe/Madrid"
    )


def test_two_equal_times_are_no_quiet_hours() -> None:
    assert hours("09:00-09:00").allows(at("2026-06-01 03:00 UTC"), "UTC")
    assert hours("none").allows(at("2026-06-01 00:00 UTC"), "UTC")


@pytest.mark.parametrize(
    ("quiet", "days", "zone", "asked", "answer"),
    [
        ("20:00-08:00", "mon-fri", "Africa/Nairobi", "2015-12-17 04:00", "2015-12-17 08:00"),
        ("20:00-08:00", "mon-fri", "Africa/Nairobi", "2015-12-18 21:00", "2015-12-21 08:00"),
        ("none", "sun-thu", "Africa/Cairo", "2026-05-01 10:00", "2026-05-03 00:00"),
        # the clocks jump over the end of the quiet hours: 02:00 becomes 03:00
        ("22:00-02:30", "every day", "Europe/Brussels", "2027-03-28 01:00", "2027-03-28 03:00"),
        # the day begins at one
        ("none", "fri", "Africa/Cairo", "2026-04-23 12:00", "2026-04-24 01:00"),
        ("none", "sun", "Asia/Beirut", "2026-03-28 12:00", "2026-03-29 01:00"),
        # Friday 30 December 2011 was left out
        ("20:00-08:00", "fri", "Pacific/Apia", "2011-12-29 12:00", "2012-01-06 08:00"),
        ("20:00-08:00", "mon-fri", "Pacific/Apia", "2011-12-29 21:00", "2012-01-02 08:00"),
        ("none", "every day", "Pacific/Apia", "2011-12-29 21:00", "2011-12-29 21:00"),
    ],
)
def test_the_next_hour_in_which_mail_may_go(quiet: str, days: str, zone: str, asked: str, answer: str) -> None:
    found = hours(quiet, days).next_allowed(at(f"{asked} {zone}"), zone)
    assert f"{local_time(found, zone):%Y-%m-%d %H:%M:%S}" == f"{answer}:00"


def test_an_hour_shown_twice_may_be_quiet_twice() -> None:
    night = hours("20:00-02:30")
    second_showing = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 in winter time
    assert night.allows(datetime(2026, 10, 25, 0, 40, tzinfo=UTC), "Europe/Brussels")
    assert not night.allows(second_showing, "Europe/Brussels")
    assert night.next_allowed(second_showing, "Europe/Brussels") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_mail_brought_forward_goes_an_hour_before_the_window_closes() -> None:
    assert OFFICE.previous_allowed(at("2015-12-20 10:00 Asia/Manila"), "Asia/Manila") == at(
        "2015-12-18 19:00 Asia/Manila"
    )


def test_a_window_shorter_than_the_margin_is_used_from_its_opening() -> None:
    narrow = hours("12:20-12:00")
    assert narrow.previous_allowed(at("2015-12-18 10:00 UTC"), "UTC") == at("2015-12-17 12:00 UTC")


def test_days_without_quiet_hours_between_them_are_one_window() -> None:
    assert hours("none", "mon-fri").previous_allowed(at("2015-12-20 10:00 UTC"), "UTC", timedelta(hours=30)) == at(
        "2015-12-17 18:00 UTC"
    )


@settings(deadline=None)
@given(HOURS, INSTANTS, ZONES)
@example(hours("03:00-02:00", "sun"), datetime(2027, 3, 22, tzinfo=UTC), "Europe/Brussels")
@example(hours("none", "fri"), MISSING_DAY, "Pacific/Apia")
def test_the_next_allowed_instant_is_allowed_never_earlier_and_stays(
    open_hours: ContactHours, instant: datetime, zone: str
) -> None:
    found = open_hours.next_allowed(instant, zone)
    assert open_hours.allows(found, zone)
    assert found >= instant
    assert open_hours.next_allowed(found, zone) == found


@settings(deadline=None)
@given(HOURS, INSTANTS, ZONES)
@example(hours("03:00-02:00", "sun"), datetime(2027, 4, 2, tzinfo=UTC), "Europe/Brussels")
@example(hours("none", "fri"), MISSING_DAY + timedelta(days=3), "Pacific/Apia")
def test_the_previous_allowed_instant_is_allowed_never_later_and_stays(
    open_hours: ContactHours, instant: datetime, zone: str
) -> None:
    found = open_hours.previous_allowed(instant, zone)
    assert open_hours.allows(found, zone)
    assert found <= instant
    assert open_hours.previous_allowed(found, zone) == found


@settings(deadline=None)
@given(HOURS, INSTANTS, ZONES, st.floats(0, 1, exclude_max=True))
def test_nothing_between_is_allowed(
    open_hours: ContactHours, instant: datetime, zone: str, fraction: float
) -> None:
    found = open_hours.next_allowed(instant, zone)
    between = instant + (found - instant) * fraction
    assert between >= found or not open_hours.allows(between, zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20:00-08:00", (time(20), time(8))),
        (" 9:30 – 17:05 ", (time(9, 30), time(17, 5))),
        ("none", (time(), time())),
    ],
)
def test_quiet_hours_are_read(text: str, expected: tuple[time, time]) -> None:
    assert parse_hours(text) == expected


@pytest.mark.parametrize("text", ["", "20-8", "20:00", "8pm-8am", "24:00-08:00", "20:00-08:60"])
def test_wrong_quiet_hours_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"no quiet hours|from 00:00 to 23:59"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon-fri", {1, 2, 3, 4, 5}),
        ("Sun-Thu", {7, 1, 2, 3, 4}),
        ("mon, tue, thu", {1, 2, 4}),
        ("monday-wednesday,sat", {1, 2, 3, 6}),
        ("mon–fri", {1, 2, 3, 4, 5}),
        ("every day", EVERY_DAY),
        ("wed", {3}),
    ],
)
def test_working_days_are_read(text: str, expected: set[int]) -> None:
    assert parse_working_days(text) == expected


@pytest.mark.parametrize("text", ["", "weekdays", "mon-", "-fri", "mon,", "1-5", "mon-fri-sun"])
def test_wrong_working_days_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no working days"):
        parse_working_days(text)


@settings(deadline=None)
@given(st.frozensets(st.integers(1, 7), min_size=1))
def test_working_days_that_are_written_can_be_read_again(days: frozenset[int]) -> None:
    assert parse_working_days(say_working_days(days)) == days


def test_contact_hours_say_what_they_are() -> None:
    assert str(OFFICE) == "mon-fri, quiet 20:00-08:00"
    assert str(hours("none")) == "every day, no quiet hours"


def test_no_working_day_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one day"):
        ContactHours(time(20), time(8), frozenset())


@pytest.mark.parametrize(
    ("country", "days"),
    [("EG", "sun-thu"), ("ch", "mon-fri"), ("IN", "mon-sat"), ("IR", "sat-thu"), ("AF", "sat-wed")],
)
def test_the_working_days_of_a_country_leave_out_its_own_weekend(country: str, days: str) -> None:
    assert working_days_of(country) == parse_working_days(days)


@pytest.mark.parametrize("country", ["", "XX", "Egypt", "12", "E/"])
def test_an_unknown_country_has_no_known_working_days(country: str) -> None:
    assert working_days_of(country) is None
