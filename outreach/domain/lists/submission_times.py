"""When a form says that it was filled in: the timestamps of Google and Microsoft Forms, and of spreadsheets."""

import re
from calendar import month_name
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Final

from outreach.domain.deadlines import EARLIEST_YEAR, LATEST_YEAR
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.zones import zone_named

_MOMENT: Final = re.compile(
    r"(?P<first>\d{1,4})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<third>\d{1,4})"
    r"(?:(?:\s*[T,،]\s*|\s+)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<sec>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?|\s*(?P<arabic>[صم])\b)?)?"
    r"\s*(?P<zone>.*)",
    re.IGNORECASE,
)
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?\s*(?P<sign>[+\-\u2212])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?")
_HOW: Final = "write it like 2026-04-03 17:00"
_YEAR_DIGITS: Final = 4
_HALF_DAY: Final = 12


class DayOrder(StrEnum):
    """In which order a column writes day and month."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def day_order_of(cells: Iterable[str]) -> DayOrder:
    """The order that the dates of a column prove, as 25/12/2026 does; UNKNOWN if none does, or both occur."""
    proved: set[DayOrder] = set()
    for cell in cells:
        found = _MOMENT.fullmatch(clean_line(cell))
        if found and len(found["first"]) < _YEAR_DIGITS and found["sign"] != ".":
            if int(found["first"]) > _HALF_DAY:
                proved.add(DayOrder.DAY_FIRST)
            elif int(found["second"]) > _HALF_DAY:
                proved.add(DayOrder.MONTH_FIRST)
    return proved.pop() if len(proved) == 1 else DayOrder.UNKNOWN


def read_submitted(text: str, *, zone: str, order: DayOrder) -> datetime:
    """The moment, aware, in UTC. A date alone is the beginning of its day.

    Without a zone of its own it is on the clocks of ``zone``; an hour that they show twice is the first (RFC 5545,
    3.3.5). With points the day comes first. Raises InvalidInput, the end of a sentence, for what is no moment, and
    for a date that can be read in two ways unless ``order`` says which.
    """
    found = _MOMENT.fullmatch(clean_line(text))
    if found is None:
        raise InvalidInput(f"is no date and time that is understood; {_HOW}")
    year, month, day = _date(found, order)
    try:
        local = datetime(year, month, day, *_time(found))  # noqa: DTZ001  the zone follows
    except ValueError:
        raise InvalidInput(f"is no date and time of the calendar; {_HOW}") from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidInput(f"is not in a year from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return local.replace(tzinfo=_zone(found["zone"].strip(), local, zone)).astimezone(UTC)


def _date(found: re.Match[str], order: DayOrder) -> tuple[int, int, int]:
    first, second, third = int(found["first"]), int(found["second"]), int(found["third"])
    if len(found["first"]) == _YEAR_DIGITS:
        return first, second, third
    if len(found["third"]) != _YEAR_DIGITS:
        raise InvalidInput(f"has no year of four digits; {_HOW}")
    if found["sign"] == "." or first > _HALF_DAY:
        return third, second, first
    if second > _HALF_DAY or first == second or order is DayOrder.MONTH_FIRST:
        return third, first, second
    if order is DayOrder.DAY_FIRST:
        return third, second, first
    one, other = f"{first} {_month(second)} {third}", f"{second} {_month(first)} {third}"
    raise InvalidInput(
        f"is {one} or {other}, and no other date of the column tells which; "
        f"{_HOW.partition(' like')[0]} as {third}-{second:02}-{first:02} or {third}-{first:02}-{second:02}"
    )


def _month(number: int) -> str:
    return month_name[number] if 1 <= number <= _HALF_DAY else str(number)


def _time(found: re.Match[str]) -> tuple[int, int, int]:
    if found["hour"] is None:
        return 0, 0, 0
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["sec"] or 0)
    half = {"ص": "a", "م": "p"}.get(found["arabic"] or "", (found["half"] or "").lower())
    if half:
        if not 1 <= hour <= _HALF_DAY:
            raise ValueError(hour)
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    return hour, minute, second


def _zone(word: str, local: datetime, usual: str) -> tzinfo:
    """The zone that is written after the time, or the usual one.

    An abbreviation can be several zones' (CST); it is taken only if the usual zone's clocks are
    called so at that time.
    """
    ours = zone_named(usual)
    if not word or word == local.replace(tzinfo=ours).tzname():
        return ours
    if word.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    if found := _OFFSET.fullmatch(word):
        ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if ahead < timedelta(hours=24):
            return timezone(ahead if found["sign"] == "+" else -ahead)
    try:
        return zone_named(word)
    except InvalidInput as refusal:
        raise InvalidInput(f"ends in a zone that is not understood: {refusal}") from None
