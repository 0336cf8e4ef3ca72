import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.errors import InvalidInput

ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))
LOCAL_TIMES = st.datetimes(datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2090-01-01")).map(
    lambda t: t.replace(microsecond=0)
)


@pytest.mark.shows("F39")
@pytest.mark.parametrize(
    ("announced", "instant"),
    [
        ("2015-12-17 17:00 America/Los_Angeles", "2015-12-18T01:00Z"),
        # skipped by the clocks: the offset before the gap
        ("2027-03-28 02:30 Europe/Brussels", "2027-03-28T01:30Z"),
        ("2027-03-14 02:30 America/New_York", "2027-03-14T07:30Z"),
        # skipped at midnight, where a day begins at one
        ("2026-04-24 00:00 Africa/Cairo", "2026-04-23T22:00Z"),
        ("2026-03-29 00:00 Asia/Beirut", "2026-03-28T22:00Z"),
        ("2018-11-04 00:00 America/Sao_Paulo", "2018-11-04T03:00Z"),
        # shown twice by the clocks: the first
        ("2026-10-25 02:30 Europe/Brussels", "2026-10-25T00:30Z"),
        ("2026-11-01 01:30 America/New_York", "2026-11-01T05:30Z"),
        # a whole day skipped: the offset before the gap, like any other
        ("2011-12-30 12:00 Pacific/Apia", "2011-12-30T22:00Z"),
        # a change of half an hour: 02:00 became 02:30
        ("2026-10-04 02:15 Australia/Lord_Howe", "2026-10-03T15:45Z"),
        # the last place where a day ends
        ("2026-05-01 23:59 AoE", "2026-05-02T11:59Z"),
        ("2028-02-29 12:00 UTC", "2028-02-29T12:00Z"),
    ],
)
def test_an_announced_time_is_one_instant_whatever_the_clocks_do(announced: str, instant: str) -> None:
    assert parse_wall_clock(announced).instant() == datetime.fromisoformat(instant)


@pytest.mark.shows("F39")
def test_a_deadline_in_a_gap_is_when_the_clocks_show_the_same_time_after_it() -> None:
    skipped = parse_wall_clock("2027-03-28 02:30 Europe/Brussels")
    assert skipped.instant() == parse_wall_clock("2027-03-28 03:30 Europe/Brussels").instant()


@pytest.mark.parametrize(
    "text", ["2015-12-17 17:00", "2015-12-17T17:00", "2015-12-17t17:00:00", " 2015-12-17  17:00 "]
)
def test_the_zone_may_be_given_apart(text: str) -> None:
    expected = parse_wall_clock("2015-12-17 17:00 America/Los_Angeles")
    assert parse_wall_clock(text, "America/Los_Angeles") == expected


def test_a_zone_in_the_text_comes_before_the_zone_given_apart() -> None:
    assert parse_wall_clock("2015-12-17 17:00 Asia/Manila", "Europe/Paris").zone == "Asia/Manila"


@pytest.mark.parametrize("zone", ["AoE", "aoe", "anywhere on earth", "Anywhere on Earth", "Etc/GMT+12"])
def test_anywhere_on_earth_is_a_zone(zone: str) -> None:
    assert parse_wall_clock(f"2026-05-01 23:59 {zone}").zone == "Etc/GMT+12"


@settings(deadline=None)
@given(LOCAL_TIMES, ZONES)
def test_what_is_written_can_be_read_again(local: datetime, zone: str) -> None:
    clock = WallClock(local, zone)
    assert parse_wall_clock(str(clock)) == clock


@settings(deadline=None)
@given(LOCAL_TIMES, ZONES)
def test_every_local_time_in_every_zone_is_an_instant_in_utc(local: datetime, zone: str) -> None:
    instant = WallClock(local, zone).instant()
    assert instant.tzinfo is UTC
    assert abs(instant.replace(tzinfo=None) - local) <= timedelta(hours=16)


def test_it_is_written_as_it_was_announced() -> None:
    assert (
        str(parse_wall_clock("2015-12-17T17:00:00 America/Los_Angeles")) == "2015-12-17 17:00 America/Los_Angeles"
    )
    assert str(parse_wall_clock("2015-12-17 23:59:59 utc")) == "2015-12-17 23:59:59 UTC"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The time is missing"),
        ("2015-02-29 17:00", "no day 29 in February 2015, which has 28 days"),
        ("2015-12-00 17:00", "no day 0 in December 2015"),
        ("2015-13-01 17:00", "no month 13"),
        ("2015-12-31 24:00", 'Write "2016-01-01 00:00"'),
        ("2015-12-31 24:01", "from 00:00 to 23:59"),
        ("2015-12-17 17:60", "from 00:00 to 23:59"),
        ("2015-12-17 17:00:60", "from 00:00 to 23:59"),
        ("15-12-17 17:00", "four digits"),
        ("0015-12-17 17:00", "the year must be from 1900 to 2999"),
        ("9999-12-31 23:59", "the year must be from 1900 to 2999"),
        ("12/17/2015 17:00", "year-month-day"),
        ("17.12.2015 17:00", "year-month-day"),
        ("17-12-2015 17:00", "year-month-day"),
        ("2015/12/17 17:00", "year-month-day"),
        ("2015-12-17", "names no time of day"),
        ("2015-12-17 Europe/Paris", "names no time of day"),
        ("2015-12-17 5 pm", "the time cannot be read"),
        ("2015-12-17 5:00 pm", "24-hour clock"),
        ("2015-12-17 5:00pm", "24-hour clock"),
        ("2015-12-17 17:00Z", "is an offset"),
        ("2015-12-17 17:00+01:00", "is an offset"),
        ("2015-12-17 17:00Europe/Paris", "a space between the time and the zone"),
        ("5 pm Pacific on December 17", "is no date and time"),
        ("tomorrow", "is no date and time"),
        ("٢٠١٥-١٢-١٧ ١٧:٠٠", "is no date and time"),
    ],
)
def test_a_wrong_time_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_wall_clock(text, "Europe/Paris")
    assert sentence in str(refusal.value)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="names no time zone"):
        parse_wall_clock("2015-12-17 17:00")


@settings(deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        parse_wall_clock(text, "Europe/Paris")
    except InvalidInput as refusal:
        assert str(refusal)  # noqa: PT017  both ends are fine, a crash is not


def test_a_wall_clock_has_neither_offset_nor_fractions() -> None:
    for local in (
        datetime(2015, 12, 17, 17, tzinfo=UTC),
        datetime.fromisoformat("2015-12-17T17:00:00.000001"),
    ):
        with pytest.raises(InvalidInput, match="whole seconds"):
            WallClock(local, "Europe/Paris")


def test_days_before_are_days_of_the_calendar() -> None:
    deadline = parse_wall_clock("2026-03-30 17:00 Europe/Brussels")
    assert deadline.minus(days=2) == parse_wall_clock("2026-03-28 17:00 Europe/Brussels").instant()
    assert deadline.instant() - deadline.minus(days=2) == timedelta(hours=47)


def test_hours_before_are_hours_that_pass() -> None:
    deadline = parse_wall_clock("2026-10-25 12:00 Europe/Brussels")
    assert deadline.minus(hours=24) == parse_wall_clock("2026-10-24 13:00 Europe/Brussels").instant()
    # 02:00 is shown twice that night; an hour before 03:00 it is shown the second time
    assert parse_wall_clock("2026-10-25 03:00 Europe/Brussels").minus(hours=1) == datetime(
        2026, 10, 25, 1, tzinfo=UTC
    )


@pytest.mark.shows("F39")
def test_a_day_before_may_fall_into_a_gap() -> None:
    deadline = parse_wall_clock("2027-03-29 02:30 Europe/Brussels")
    assert deadline.minus(days=1) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_without_time_zone_data_there_is_an_error_and_never_utc() -> None:
    program = (
        "from outreach.domain.deadlines import parse_wall_clock\n"
        "try: print(parse_wall_clock('2015-12-17 17:00 America/Los_Angeles').instant())\n"
        "except Exception as error: print(error)"
    )
    ran = subprocess.run(  # noqa: S603  our own program; without site-packages there is no tzdata package
        [sys.executable, "-S", "-c", program],
        env={**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "This machine has no time zone data" in ran.stdout
