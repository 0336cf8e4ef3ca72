"""When a reminder is due: so long before the deadline, in an hour in which its reader may be written to."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from outreach.domain.deadlines import WallClock
from outreach.domain.errors import InvalidInput
from outreach.domain.quiet_hours import ContactHours
from outreach.domain.zones import local_time, shown

LONGEST = timedelta(days=3650)
"""Longer than any call; the bound keeps the sum inside the calendar."""

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_OFFSET = re.compile(r"([0-9]{1,6})\s*([dhm])(?:\s+([0-9]{1,2}):([0-9]{2}))?", re.IGNORECASE)
_HOW = 'Write "7d", "24h" or "90m" before the deadline, or "7d 09:00" for seven days before it at 9 in the morning.'


@dataclass(frozen=True, slots=True)
class Offset:
    """How long before the deadline: a number of days ``d``, hours ``h`` or minutes ``m``.

    Days may name the time ``at`` which the reminder goes, on the clock of each recipient. Raises InvalidInput
    unless it is before the deadline and less than ten years.
    """

    count: int
    unit: str
    at: time | None = None

    def __post_init__(self) -> None:
        if self.unit not in _UNITS:
            raise InvalidInput(f"{shown(self.unit)} is no unit of a reminder's offset. {_HOW}")
        if self.count < 1:
            raise InvalidInput(f'"{self}" is not before the deadline. {_HOW}')
        if self.count * _UNITS[self.unit] > LONGEST:
            raise InvalidInput(f'"{self}" is more than ten years before the deadline. {_HOW}')
        if self.at is not None and self.unit != "d":
            raise InvalidInput(f'"{self}": only a number of days can name a time of day. {_HOW}')

    @property
    def length(self) -> timedelta:
        """So much time, where it is counted from a moment and not back from the deadline."""
        return self.count * _UNITS[self.unit]

    def __str__(self) -> str:
        """What ``parse_offset`` reads: ``7d``, ``24h``, ``90m`` or ``7d 09:00``."""
        return f"{self.count}{self.unit}" + (f" {self.at:%H:%M}" if self.at is not None else "")


@dataclass(frozen=True, slots=True)
class Planned:
    """The reminder goes at ``due`` and is senseless after ``not_after`` (instants, aware, in UTC)."""

    due: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """No reminder can go in time; the reason is a sentence."""

    reason: str


def parse_offset(text: str) -> Offset:
    """Read ``7d``, ``24h``, ``90m`` or ``7d 09:00``. Raises InvalidInput with a sentence."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(f"{shown(text)} is no offset of a reminder. {_HOW}")
    count, unit, hour, minute = found.groups()
    try:
        at = time(int(hour), int(minute)) if hour is not None else None
    except ValueError:
        raise InvalidInput(f"{shown(text)}: times run from 00:00 to 23:59.") from None
    return Offset(int(count), unit.lower(), at)


def due(offset: Offset, deadline: WallClock, recipient_zone: str) -> datetime:
    """The instant, aware, in UTC, at which the offset says that the reminder goes.

    ``7d`` is the time that the call's clock shows at the deadline, seven days of the calendar earlier; ``24h`` and
    ``90m`` are time that really passes. ``7d 09:00`` is 9 in the morning where the recipient lives, seven days
    before the date that the deadline has there, which is the date that her mails tell her.

    It is before the deadline, unless the clocks leave out the day that it falls on: ``plan`` minds that.
    """
    if offset.at is not None:
        closes = local_time(deadline.instant(), recipient_zone).date()
        day = closes - timedelta(days=offset.count)
        return WallClock(datetime.combine(day, offset.at), recipient_zone).instant()
    if offset.unit == "d":
        return deadline.minus(days=offset.count)
    return deadline.instant() - offset.count * _UNITS[offset.unit]


def plan(
    offset: Offset,
    deadline: WallClock,
    recipient_zone: str,
    hours: ContactHours,
    not_before: datetime,
    margin: timedelta,
) -> Planned | NotPlanned:
    """When the reminder goes to somebody in the zone, or why it does not go at all.

    At the instant that the offset says, if she may be written to then; else at the next instant at which she may;
    if that is later than the ``margin`` before the deadline, at the last one before. A planned reminder is never
    due before ``not_before`` nor later than the margin before the deadline.
    """
    closes = deadline.instant()
    not_after = closes - margin
    nominal = due(offset, deadline, recipient_zone)
    moment = hours.next_allowed(nominal, recipient_zone)
    if moment > not_after:
        moment = hours.previous_allowed(min(nominal, not_after), recipient_zone)
    if moment >= not_before:
        return Planned(moment, not_after)
    return NotPlanned(
        _reason(offset, deadline, nominal, not_before, not_after, f"people in {recipient_zone} ({hours})")
    )


def _reason(
    offset: Offset, deadline: WallClock, nominal: datetime, not_before: datetime, not_after: datetime, whom: str
) -> str:
    first, last = (f"{local_time(bound, deadline.zone):%Y-%m-%d %H:%M}" for bound in (not_before, not_after))
    if nominal < not_before:
        return f"The time for it, {offset} before {deadline}, was over before {first}."
    if not_after < not_before:
        return f"It could leave at {first} at the earliest, and had to leave by {last} to arrive before {deadline}."
    return f"No hour from {first} to {last} {deadline.zone} is one in which mail may go to {whom}."
