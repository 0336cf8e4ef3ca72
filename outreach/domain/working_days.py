"""Working days: which days an office works, and which day lies so many of them ahead."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

from babel import Locale, UnknownLocaleError

from outreach.domain.errors import InvalidInput
from outreach.domain.zones import shown

_WORLD = Locale("en")
_WEEK = 7


def parse_days_off(text: str) -> frozenset[date]:
    """The days in a list such as "2026-12-25, 2027-01-01". InvalidInput names the one that is no day."""
    return frozenset(_day(part.strip()) for part in text.split(",") if part.strip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f'{shown(text)} is no day: write it as "2026-12-25".') from error


def weekend_of(country: str) -> frozenset[int]:
    """The weekdays (Monday is 0) on which offices of that country rest (Unicode CLDR, supplemental week data)."""
    first, last = _weekend(country)
    length = (last - first) % _WEEK + 1
    return frozenset((first + day) % _WEEK for day in range(length))


@cache
def _weekend(country: str) -> tuple[int, int]:
    """The first and the last day of the weekend."""
    try:
        locale = Locale.parse(f"und_{country}") if country else _WORLD
    except (UnknownLocaleError, ValueError):
        locale = _WORLD
    return locale.weekend_start, locale.weekend_end


def add_working_days(start: date, number: int, *, country: str = "", days_off: Collection[date] = ()) -> date:
    """The ``number``-th working day after ``start``, in an office of that country (ISO 3166-1 alpha-2)."""
    rests, day = weekend_of(country), start
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() not in rests and day not in days_off
    return day


def working_days_since(start: date, today: date, *, country: str = "", days_off: Collection[date] = ()) -> int:
    """How many working days have passed after ``start``, ``today`` among them; 0 if it lies ahead."""
    rests = weekend_of(country)
    days = (start + timedelta(days=ahead) for ahead in range(1, (today - start).days + 1))
    return sum(day.weekday() not in rests and day not in days_off for day in days)
