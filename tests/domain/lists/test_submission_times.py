"""Timestamps as forms and spreadsheets write them."""

from datetime import UTC, datetime

import pytest

from outreach.domain.errors import InvalidInput
from outreach.domain.lists.submission_times import DayOrder, day_order_of, read_submitted

BRUSSELS = "Europe/Brussels"


def instant(text: str, order: DayOrder = DayOrder.UNKNOWN) -> datetime:
    return read_submitted(text, zone=BRUSSELS, order=order)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-13 15:04:05",
        "2026-04-13T15:04:05",
        "2026-04-13T13:04:05Z",
        "2026-04-13T13:04:05.123+00:00",
        "2026/04/13 3:04:05 PM GMT+2",
        "2026/04/13 3:04:05\u202fPM",
        "13/04/2026 15:04:05",
        "4/13/2026 3:04:05 p. m.",
        "13.04.2026, 15:04:05",
        "2026-04-13 15:04:05 CEST",
        "2026-04-13 09:04:05 America/New_York",
        "١٣/٤/٢٠٢٦ ٣:٠٤:٠٥ م",
    ],
)
def test_the_same_moment_is_read_however_it_is_written(text: str) -> None:
    assert instant(text) == datetime(2026, 4, 13, 13, 4, 5, tzinfo=UTC)


def test_a_date_alone_is_the_beginning_of_its_day_on_the_clocks_of_the_workspace() -> None:
    assert instant("2026-01-10") == datetime(2026, 1, 9, 23, tzinfo=UTC)


def test_a_date_with_two_readings_names_both() -> None:
    with pytest.raises(InvalidInput, match=r"is 3 April 2026 or 4 March 2026, .* as 2026-04-03 or 2026-03-04"):
        instant("3/4/2026 10:00")
    assert instant("5/5/2026 12:00") == datetime(2026, 5, 5, 10, tzinfo=UTC)


def test_the_column_decides_where_one_of_its_dates_does() -> None:
    assert day_order_of(["3/4/2026", "25/12/2026 10:00"]) is DayOrder.DAY_FIRST
    assert day_order_of(["3/4/2026", "12/25/2026 10:00"]) is DayOrder.MONTH_FIRST
    assert day_order_of(["25/12/2026", "12/25/2026"]) is DayOrder.UNKNOWN
    assert day_order_of(["3/4/2026", "", "who knows", "2026-12-25"]) is DayOrder.UNKNOWN
    assert instant("3/4/2026 12:00", DayOrder.MONTH_FIRST) == datetime(2026, 3, 4, 11, tzinfo=UTC)
    assert instant("3/4/2026 12:00", DayOrder.DAY_FIRST) == datetime(2026, 4, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "is no date and time"),
        ("31/02/2026", "of the calendar"),
        ("2026-04-13 25:00", "of the calendar"),
        ("2026-04-13 15:00 PM", "of the calendar"),
        ("13/04/26", "four digits"),
        ("0026-04-13", "from 1900 to 2999"),
        ("2026-04-13 15:00 CST", "zone that is not understood"),
    ],
)
def test_what_is_no_moment_says_so(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        instant(text)
