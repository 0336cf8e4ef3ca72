from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.errors import InvalidInput
from outreach.domain.quiet_hours import ContactHours, parse_hours, parse_working_days
from outreach.domain.reminders import NotPlanned, Offset, Planned, due, parse_offset, plan
from outreach.domain.zones import local_time

OFFICE = ContactHours(*parse_hours("20:00-08:00"), parse_working_days("mon-fri"))
ANY_TIME = ContactHours(*parse_hours("none"), parse_working_days("every day"))
HOUR = timedelta(hours=1)

OPENED = parse_wall_clock("2015-10-20 10:00 America/Los_Angeles")
DEADLINE = parse_wall_clock("2015-12-17 17:00 America/Los_Angeles")

ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))
DEADLINES = st.builds(
    WallClock,
    st.datetimes(datetime.fromisoformat("1995-01-01"), datetime.fromisoformat("2040-01-01")).map(
        lambda local: local.replace(microsecond=0)
    ),
    ZONES,
)
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
HOURS = st.builds(ContactHours, TIMES, TIMES, st.frozensets(st.integers(1, 7), min_size=1))
OFFSETS = st.one_of(
    st.builds(Offset, st.integers(1, 90), st.just("d"), st.none() | TIMES),
    st.builds(Offset, st.integers(1, 2000), st.sampled_from("hm")),
)


@pytest.mark.parametrize(
    ("mailing", "zone", "local"),
    [
        # The call opens at 10:00 in California: 19:00 in Zurich, 20:00 in Nairobi, 01:00 the next day in Manila.
        ("opening", "Asia/Manila", "Wed 2015-10-21 08:00 +0800"),
        ("opening", "Europe/Zurich", "Tue 2015-10-20 19:00 +0200"),
        ("opening", "Africa/Nairobi", "Wed 2015-10-21 08:00 +0300"),
        ("opening", "America/Los_Angeles", "Tue 2015-10-20 10:00 -0700"),
        # 28 October: Europe has put its clocks back, California has not.
        ("50d", "Asia/Manila", "Thu 2015-10-29 08:00 +0800"),
        ("50d", "Europe/Zurich", "Thu 2015-10-29 08:00 +0100"),
        ("50d", "Africa/Nairobi", "Thu 2015-10-29 08:00 +0300"),
        ("50d", "America/Los_Angeles", "Wed 2015-10-28 17:00 -0700"),
        # 26 November, 17:00 in California, is Friday 09:00 in Manila, 02:00 in Zurich, 04:00 in Nairobi.
        ("21d", "Asia/Manila", "Fri 2015-11-27 09:00 +0800"),
        ("21d", "Europe/Zurich", "Fri 2015-11-27 08:00 +0100"),
        ("21d", "Africa/Nairobi", "Fri 2015-11-27 08:00 +0300"),
        ("21d", "America/Los_Angeles", "Thu 2015-11-26 17:00 -0800"),
        # The deadline is on Friday the 18th for all but California.
        ("7d 09:00", "Asia/Manila", "Fri 2015-12-11 09:00 +0800"),
        ("7d 09:00", "Europe/Zurich", "Fri 2015-12-11 09:00 +0100"),
        ("7d 09:00", "Africa/Nairobi", "Fri 2015-12-11 09:00 +0300"),
        ("7d 09:00", "America/Los_Angeles", "Thu 2015-12-10 09:00 -0800"),
        ("24h", "Asia/Manila", "Thu 2015-12-17 09:00 +0800"),
        ("24h", "Europe/Zurich", "Thu 2015-12-17 08:00 +0100"),
        ("24h", "Africa/Nairobi", "Thu 2015-12-17 08:00 +0300"),
        ("24h", "America/Los_Angeles", "Wed 2015-12-16 17:00 -0800"),
    ],
)
def test_a_call_for_migrants_day_reaches_each_reader_by_day_on_both_sides_of_both_changes_of_clocks(
    mailing: str, zone: str, local: str
) -> None:
    if mailing == "opening":
        goes = OFFICE.next_allowed(OPENED.instant(), zone)
    else:
        goes = planned(plan(parse_offset(mailing), DEADLINE, zone, OFFICE, OPENED.instant(), HOUR)).due
    # The expected day is written out: the names that strftime gives depend on the machine.
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local_time(goes, zone).weekday()]
    assert f"{day} {local_time(goes, zone):%Y-%m-%d %H:%M %z}" == local


def planned(answer: Planned | NotPlanned) -> Planned:
    assert isinstance(answer, Planned), answer
    return answer


def test_days_before_the_deadline_keep_the_time_on_the_calls_clock_and_hours_do_not() -> None:
    in_summer_time = local_time(due(parse_offset("50d"), DEADLINE, "Asia/Manila"), "America/Los_Angeles")
    assert in_summer_time.isoformat() == "2015-10-28T17:00:00-07:00"
    in_hours = local_time(due(parse_offset("1200h"), DEADLINE, "Asia/Manila"), "America/Los_Angeles")
    assert in_hours.isoformat() == "2015-10-28T18:00:00-07:00"


def test_minutes_before_the_deadline_are_minutes_that_pass() -> None:
    assert due(parse_offset("90m"), DEADLINE, "Asia/Manila") == datetime(2015, 12, 17, 23, 30, tzinfo=UTC)


def test_a_reminder_that_would_go_at_night_goes_the_next_morning() -> None:
    early = parse_wall_clock("2015-12-17 05:00 Africa/Nairobi")
    answer = planned(plan(parse_offset("7d"), early, "Africa/Nairobi", OFFICE, OPENED.instant(), HOUR))
    assert answer.due == parse_wall_clock("2015-12-10 08:00 Africa/Nairobi").instant()
    assert answer.not_after == parse_wall_clock("2015-12-17 04:00 Africa/Nairobi").instant()


def test_a_reminder_whose_next_morning_is_too_late_goes_the_evening_before() -> None:
    monday_morning = parse_wall_clock("2015-12-14 08:30 Africa/Nairobi")
    answer = planned(plan(parse_offset("24h"), monday_morning, "Africa/Nairobi", OFFICE, OPENED.instant(), HOUR))
    assert answer.due == parse_wall_clock("2015-12-11 19:00 Africa/Nairobi").instant()


def test_a_reminder_nearer_to_the_deadline_than_mail_needs_is_brought_forward() -> None:
    answer = planned(plan(parse_offset("30m"), DEADLINE, "America/Los_Angeles", OFFICE, OPENED.instant(), HOUR))
    assert answer.due == answer.not_after == DEADLINE.instant() - HOUR


def test_a_reminder_whose_time_was_over_before_the_call_opened_is_not_planned() -> None:
    answer = plan(parse_offset("90d"), DEADLINE, "Asia/Manila", OFFICE, OPENED.instant(), HOUR)
    assert answer == NotPlanned(
        "The time for it, 90d before 2015-12-17 17:00 America/Los_Angeles, was over before 2015-10-20 10:00."
    )


def test_a_reminder_without_an_hour_to_go_in_is_not_planned() -> None:
    saturday = parse_wall_clock("2015-12-12 09:00 Africa/Nairobi").instant()
    monday_morning = parse_wall_clock("2015-12-14 08:30 Africa/Nairobi")
    answer = plan(parse_offset("24h"), monday_morning, "Africa/Nairobi", OFFICE, saturday, HOUR)
    assert answer == NotPlanned(
        "No hour from 2015-12-12 09:00 to 2015-12-14 07:30 Africa/Nairobi is one in which mail may go to "
        "people in Africa/Nairobi (mon-fri, quiet 20:00-08:00)."
    )


def test_a_reminder_that_could_not_arrive_before_the_deadline_is_not_planned() -> None:
    too_late = DEADLINE.instant() - timedelta(minutes=50)
    answer = plan(parse_offset("30m"), DEADLINE, "America/Los_Angeles", OFFICE, too_late, HOUR)
    assert answer == NotPlanned(
        "It could leave at 2015-12-17 16:10 at the earliest, and had to leave by 2015-12-17 16:00 "
        "to arrive before 2015-12-17 17:00 America/Los_Angeles."
    )


def test_a_reminder_on_a_day_that_the_calendar_left_out_still_comes_before_the_deadline() -> None:
    deadline = parse_wall_clock("2011-12-31 05:00 Pacific/Apia")
    earlier = deadline.minus(days=5)
    answer = planned(plan(parse_offset("1d 09:00"), deadline, "Pacific/Apia", ANY_TIME, earlier, HOUR))
    assert answer.due == deadline.instant() - HOUR


@settings(deadline=None)
@given(
    OFFSETS,
    DEADLINES,
    ZONES,
    HOURS,
    st.timedeltas(timedelta(days=-2), timedelta(days=120)),
    st.timedeltas(timedelta(), timedelta(days=1)),
)
@example(
    Offset(1, "d", time(9)),
    WallClock(datetime.fromisoformat("2011-12-31 05:00"), "Pacific/Apia"),
    "Pacific/Apia",
    OFFICE,
    timedelta(days=5),
    HOUR,
)
def test_a_reminder_is_in_an_allowed_hour_and_never_before_its_start_nor_too_late_to_arrive(
    offset: Offset, deadline: WallClock, zone: str, hours: ContactHours, lead: timedelta, margin: timedelta
) -> None:
    not_before = deadline.instant() - lead
    answer = plan(offset, deadline, zone, hours, not_before, margin)
    if isinstance(answer, NotPlanned):
        assert answer.reason.endswith(".")
        return
    assert not_before <= answer.due <= answer.not_after == deadline.instant() - margin
    assert hours.allows(answer.due, zone)


@settings(deadline=None)
@given(OFFSETS, DEADLINES, ZONES)
def test_whoever_may_always_be_written_to_gets_the_reminder_when_the_offset_says(
    offset: Offset, deadline: WallClock, zone: str
) -> None:
    nominal = due(offset, deadline, zone)
    assume(nominal <= deadline.instant())  # a day that the calendar left out
    assert plan(offset, deadline, zone, ANY_TIME, nominal, timedelta()) == Planned(nominal, deadline.instant())


@settings(deadline=None)
@given(OFFSETS)
def test_an_offset_that_is_written_can_be_read_again(offset: Offset) -> None:
    assert parse_offset(str(offset)) == offset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", Offset(7, "d")),
        ("24H", Offset(24, "h")),
        (" 90 m ", Offset(90, "m")),
        ("7d 9:00", Offset(7, "d", time(9))),
    ],
)
def test_an_offset_is_read(text: str, expected: Offset) -> None:
    assert parse_offset(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no offset"),
        ("7", "no offset"),
        ("7 weeks", "no offset"),
        ("-7d", "no offset"),
        ("1.5d", "no offset"),
        ("0d", "not before the deadline"),
        ("0h", "not before the deadline"),
        ("9999d", "more than ten years"),
        ("24h 09:00", "only a number of days"),
        ("7d 24:00", "from 00:00 to 23:59"),
    ],
)
def test_a_wrong_offset_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_offset(text)
