from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.errors import InvalidInput
from outreach.domain.working_days import add_working_days, parse_days_off, weekend_of, working_days_since

FRIDAY = date(2026, 11, 20)


def test_a_weekend_is_not_counted() -> None:
    assert add_working_days(FRIDAY, 1, country="CH") == date(2026, 11, 23)
    assert add_working_days(FRIDAY, 10, country="CH") == date(2026, 12, 4)


def test_where_friday_and_saturday_are_free_sunday_is_a_working_day() -> None:
    assert weekend_of("EG") == {4, 5}
    assert add_working_days(date(2026, 11, 19), 1, country="EG") == date(2026, 11, 22)


def test_one_day_of_rest_is_known_too() -> None:
    assert weekend_of("IR") == {4}


def test_a_day_off_is_not_counted() -> None:
    off = parse_days_off("2026-12-25, 2026-12-28")
    assert add_working_days(date(2026, 12, 24), 1, country="CH", days_off=off) == date(2026, 12, 29)


def test_a_country_that_nobody_knows_rests_as_the_world_does() -> None:
    assert weekend_of("") == weekend_of("ZZ") == {5, 6}


def test_what_is_no_day_is_named() -> None:
    with pytest.raises(InvalidInput, match="Christmas"):
        parse_days_off("2026-12-25, Christmas")


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 300), st.sampled_from(["CH", "EG", "IR", "", "US"])
)
def test_so_many_working_days_ahead_is_so_many_working_days_since(start: date, number: int, country: str) -> None:
    ahead = add_working_days(start, number, country=country)
    assert working_days_since(start, ahead, country=country) == number
    assert ahead.weekday() not in weekend_of(country)
