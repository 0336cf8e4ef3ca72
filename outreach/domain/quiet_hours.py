"""When a person may be written to: outside the quiet hours, on working days, by the clocks where she lives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from outreach.domain.errors import InvalidInput
from outreach.domain.zones import local_time, shown, zone_named

MIDNIGHT = time()
EVERY_DAY = frozenset(range(1, 8))
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {name: n % 7 + 1 for n, name in enumerate(_NAMES + _FULL_NAMES)}
_WORTH_A_DASH = 3

# How far to look for an hour in which mail may go: a few days are enough nearly always. A week may lose its only
# working day to a change of the date line, or its only open hour to a change of clocks, but not four in a row.
_REACHES = (timedelta(days=4), timedelta(days=30))

_Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class ContactHours:
    """When mail may go: not from ``quiet_from`` until ``quiet_until``, and only on ``working_days``.

    The quiet hours may go over midnight; if both times are the same there are none. Working days are ISO weekdays,
    1 (Monday) to 7. Everything is read on the clocks of the zone that is asked about.
    """

    quiet_from: time
    quiet_until: time
    working_days: frozenset[int]

    def __post_init__(self) -> None:
        if not self.working_days or not self.working_days <= EVERY_DAY:
            raise InvalidInput("Working days must name at least one day of the week, or no mail could ever go.")
        if self.quiet_from.tzinfo is not None or self.quiet_until.tzinfo is not None:
            raise InvalidInput(
                "Quiet hours are read on each recipient's own clock; they have no zone of their own."
            )

    def __str__(self) -> str:
        days = say_working_days(self.working_days)
        if self.quiet_from == self.quiet_until:
            return f"{days}, no quiet hours"
        return f"{days}, quiet {self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"

    def allows(self, instant: datetime, zone: str) -> bool:
        """True if somebody in the zone may be written to at the instant."""
        local = local_time(instant, zone)
        return local.isoweekday() in self.working_days and not self._quiet(local.time())

    def next_allowed(self, instant: datetime, zone: str) -> datetime:
        """The earliest instant, in UTC and not before the given one, at which mail may go to the zone."""
        start = _in_utc(instant)
        if self.allows(start, zone):
            return start
        for reach in _REACHES:
            window = next(self._windows(start, start + reach, zone), None)
            if window is not None:
                return window[0]
        raise self._never(start, zone)

    def previous_allowed(self, instant: datetime, zone: str, margin: timedelta = timedelta(hours=1)) -> datetime:
        """The instant itself, in UTC, if mail may go then; else a moment in the last window before it.

        That moment is the ``margin`` before the window closes (nobody likes mail at 19:59:59), or the window's
        opening if it is shorter than that.
        """
        end = _in_utc(instant)
        if margin <= timedelta():
            raise ValueError("a window is closed at its end: the margin must be positive")
        if self.allows(end, zone):
            return end
        for reach in _REACHES:
            windows = list(self._windows(end - reach, end, zone))
            if windows:
                opening, closing = windows[-1]
                return max(opening, closing - margin)
        raise self._never(end, zone)

    def _quiet(self, local: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return local >= self.quiet_from or local < self.quiet_until

    def _windows(self, start: datetime, end: datetime, zone: str) -> Iterator[_Window]:
        """The stretches between start and end, in order, in which mail may go; neighbours are joined."""
        edges = self._edges(start, end, zone)
        opening: datetime | None = None
        for edge in edges[:-1]:
            if self.allows(edge, zone):
                opening = opening or edge
            elif opening is not None:
                yield opening, edge
                opening = None
        if opening is not None:
            yield opening, edges[-1]

    def _edges(self, start: datetime, end: datetime, zone: str) -> list[datetime]:
        """Start, end, and every instant between them at which what is allowed may change, in order.

        Those are the instants at which the clocks show midnight or an end of the quiet hours (twice, when an hour
        is shown twice), and the changes of the clocks, which may jump over either.
        """
        tz = zone_named(zone)
        times = {MIDNIGHT, self.quiet_from, self.quiet_until}
        first = local_time(start, zone).date()
        days = [first + timedelta(days=n) for n in range(-1, (end - start).days + 3)]
        walls = [datetime.combine(day, shows, tzinfo=tz) for day in days for shows in times]
        edges = {wall.replace(fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1)} | {start, end}
        for earlier, later in pairwise(sorted(edges)):
            edges.update(_change_of_clocks(earlier, later, zone))
        return [edge for edge in sorted(edges) if start <= edge <= end]

    def _never(self, instant: datetime, zone: str) -> InvalidInput:
        return InvalidInput(
            f"With these contact hours ({self}) no mail could go to {zone} around {instant:%Y-%m-%d}."
        )


def parse_hours(text: str) -> tuple[time, time]:
    """Quiet hours such as ``20:00-08:00``, as (from, until); ``none`` gives two equal times, which is none.

    Raises InvalidInput with a sentence.
    """
    plain = text.strip().casefold()
    if plain == "none":
        return MIDNIGHT, MIDNIGHT
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})\s*[-\N{EN DASH}]\s*([0-9]{1,2}):([0-9]{2})", plain)
    if found is None:
        raise InvalidInput(f'{shown(text)} are no quiet hours: write them as "20:00-08:00", or "none".')
    hours = [int(part) for part in found.groups()]
    try:
        return time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError:
        raise InvalidInput(f"{shown(text)}: times run from 00:00 to 23:59; midnight is 00:00.") from None


def parse_working_days(text: str) -> frozenset[int]:
    """Working days such as ``mon-fri``, ``sun-thu``, ``mon,tue,thu`` or ``every day``, as ISO weekdays 1 to 7.

    Raises InvalidInput with a sentence.
    """
    plain = text.strip().casefold().replace("\N{EN DASH}", "-")
    if plain == "every day":
        return EVERY_DAY
    days: set[int] = set()
    for part in plain.split(","):
        first, _, last = (name.strip() for name in part.partition("-"))
        if first not in _DAYS or (last or first) not in _DAYS or part.strip().endswith("-"):
            raise InvalidInput(
                f"{shown(text)} are no working days: "
                'write them as "mon-fri", "sun-thu", "mon,tue,thu" or "every day".'
            )
        days.update(_run(_DAYS[first], (_DAYS[last or first] - _DAYS[first]) % 7 + 1))
    return frozenset(days)


def say_working_days(days: frozenset[int]) -> str:
    """What ``parse_working_days`` reads: ``mon-fri``, ``mon,tue,thu`` or ``every day``."""
    if days == EVERY_DAY:
        return "every day"
    for first in sorted(days):
        run = _run(first, len(days))
        if len(run) >= _WORTH_A_DASH and days == set(run):
            return f"{_NAMES[run[0] - 1]}-{_NAMES[run[-1] - 1]}"
    return ",".join(_NAMES[day - 1] for day in sorted(days))


def working_days_of(country: str) -> frozenset[int] | None:
    """The days that are not the weekend in a country, by its ISO 3166 code and CLDR's week data.

    Sunday to Thursday in Egypt, Saturday to Thursday in Iran. None if the country is not known.
    """
    from babel import Locale, UnknownLocaleError

    if not re.fullmatch(r"[A-Za-z]{2}", country):
        return None
    try:
        week = Locale.parse(f"und_{country.upper()}")
    except UnknownLocaleError:
        return None
    first, last = week.weekend_start + 1, week.weekend_end + 1  # CLDR's data as babel has it count from 0, Monday
    return EVERY_DAY - set(_run(first, (last - first) % 7 + 1))


def _run(first: int, length: int) -> list[int]:
    """So many weekdays on end, Monday following Sunday."""
    return [(first - 1 + n) % 7 + 1 for n in range(length)]


def _in_utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} is no instant: it has no offset from UTC")
    return instant.astimezone(UTC)


def _change_of_clocks(earlier: datetime, later: datetime, zone: str) -> Iterator[datetime]:
    """The instant after ``earlier`` and not after ``later`` at which the zone's offset changes, if it does.

    Found by halving, because zoneinfo does not tell; changes fall on whole seconds.
    """
    before = local_time(earlier, zone).utcoffset()
    if local_time(later, zone).utcoffset() == before:
        return
    while later - earlier > timedelta(seconds=1):
        middle = earlier + (later - earlier) / 2
        if local_time(middle, zone).utcoffset() == before:
            earlier = middle
        else:
            later = middle
    yield later.replace(microsecond=0)
