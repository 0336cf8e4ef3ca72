"""Deadlines as they are announced: the time on the clocks of a named zone."""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from outreach.domain.errors import InvalidInput
from outreach.domain.zones import shown, zone_named

# Calls are made by living people; the bounds keep every conversion between zones inside the calendar.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999

_WALL_CLOCK = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:[T ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.0+)?)?)?"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WallClock:
    """What the clocks of a zone show: a local time, to the second, and the zone's IANA name.

    Which instant that is follows from the zone's rules when it is asked for, so a change of the rules moves
    the instant and leaves the announced time. Raises InvalidInput for an unknown zone.
    """

    local: datetime
    zone: str

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None or self.local.microsecond:
            raise InvalidInput(f"A wall clock shows whole seconds and no offset, not {self.local.isoformat()}.")
        if not EARLIEST_YEAR <= self.local.year <= LATEST_YEAR:
            raise InvalidInput(f"The year must be from {EARLIEST_YEAR} to {LATEST_YEAR}, not {self.local.year}.")
        object.__setattr__(self, "local", self.local.replace(fold=0))
        object.__setattr__(self, "zone", zone_named(self.zone).key)

    def __str__(self) -> str:
        """What ``parse_wall_clock`` reads: ``2015-12-17 17:00 America/Los_Angeles``."""
        return f"{self.local:%Y-%m-%d %H:%M:%S}".removesuffix(":00") + f" {self.zone}"

    def instant(self) -> datetime:
        """The instant, aware, in UTC.

        A time that the clocks skip is read with the offset before the gap, one that they show twice is the
        first (RFC 5545, 3.3.5; with ``fold=0`` that is what PEP 495 does, for a skipped hour as for a skipped day).
        """
        return self.local.replace(tzinfo=zone_named(self.zone)).astimezone(UTC)

    def minus(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> datetime:
        """An earlier instant, aware, in UTC.

        Days are days of the calendar (the same time on the clock, however long the days between were); hours
        and minutes are time that really passes (RFC 5545, 3.3.6, which counts the days first). It is an
        instant and not a wall clock because an hour that is shown twice could not be told apart.
        """
        earlier = WallClock(self.local - timedelta(days=days), self.zone)
        return earlier.instant() - timedelta(hours=hours, minutes=minutes)


def parse_wall_clock(text: str, zone: str | None = None) -> WallClock:
    """Read ``2015-12-17 17:00 America/Los_Angeles``; ``zone`` is taken when the text names none.

    A ``T`` may stand between date and time, and seconds after the minutes. Raises InvalidInput with a
    sentence that names the value and what is wrong with it.
    """
    plain = " ".join(text.split())
    found = _WALL_CLOCK.fullmatch(plain)
    if found is None:
        raise InvalidInput(_unreadable(plain))
    if found["hour"] is None:
        raise InvalidInput(_no_time(found, plain))
    rest = found["rest"]
    named = rest.strip() or zone
    if named is None:
        raise InvalidInput(f"{shown(plain)} names no time zone: write it after the time, as in {_EXAMPLE}.")
    if re.match(r"[ap]\.?m\b", named, re.IGNORECASE):
        raise InvalidInput(f"{shown(plain)}: write times on the 24-hour clock, as in {_EXAMPLE}.")
    if rest and not rest.startswith(" "):
        # 17:00Z, 17:00+01:00: zone_named says why an offset will not do; 17:00Europe/Paris lacks a space.
        zone_named(named)
        raise InvalidInput(f"{shown(plain)}: there must be a space between the time and the zone.")
    return WallClock(_local(found, plain), named)


_EXAMPLE = '"2015-12-17 17:00 America/Los_Angeles"'


def _local(found: re.Match[str], text: str) -> datetime:
    day = _date(found, text)
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if (hour, minute, second) == (24, 0, 0):
        following = day + timedelta(days=1)
        raise InvalidInput(
            f'{shown(text)}: no clock shows 24:00. Write "{following} 00:00", '
            f'or "{day} 23:59" for the end of the day.'
        )
    try:
        return datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise InvalidInput(f"{shown(text)}: times run from 00:00 to 23:59.") from None


def _date(found: re.Match[str], text: str) -> date:
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if month not in range(1, 13):
        raise InvalidInput(f"{shown(text)}: there is no month {month}; dates are written year-month-day.")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidInput(f"{shown(text)}: the year must be from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise InvalidInput(
            f"{shown(text)}: there is no day {day} in {month_name[month]} {year}, which has {last} days."
        )
    return date(year, month, day)


def _unreadable(text: str) -> str:
    if not text:
        return f"The time is missing. Write it as {_EXAMPLE}."
    if re.match(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])", text):
        return f"{shown(text)}: write the year with four digits, as in {_EXAMPLE}."
    if re.match(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}", text):
        return f"{shown(text)}: write the date as year-month-day, which nobody can misread, as in {_EXAMPLE}."
    return f"{shown(text)} is no date and time. Write it as {_EXAMPLE}."


def _no_time(found: re.Match[str], text: str) -> str:
    day = f"{found['year']}-{found['month']}-{found['day']}"
    if re.fullmatch(r" [^0-9].*|", found["rest"]):
        return f'{shown(text)} names no time of day. For the end of that day write "{day} 23:59" and the zone.'
    return f"{shown(text)}: the time cannot be read. Write it on the 24-hour clock, as in {_EXAMPLE}."
