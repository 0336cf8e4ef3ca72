"""Reads how signatures came in over time, and what that lets one expect by the deadline."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.zones import local_time
from outreach.store.editions import counting
from outreach.store.tables import Call, Letter, Signature

QUARTER = 900
"""All zones differ by whole quarters of an hour, so a day of any zone is made of them."""
MOST_POINTS = 120
WINDOW = timedelta(days=7)
FEWEST, SHORTEST = 10, timedelta(days=2)
"""Of fewer signatures, or after a shorter time, nobody can say what will come."""


@dataclass(frozen=True, slots=True)
class Point:
    """So many signatures stood at the end of this stretch of time, ``new`` of them since its beginning."""

    ends_at: datetime
    new: int
    total: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The signatures that count now, by when they were confirmed; the last point is as many as there are.

    ``step`` is the stretch of a point: an hour, or so many days of the call's own zone. ``times`` are the quarters
    of an hour in which signatures came, with how many.
    """

    step: timedelta
    points: tuple[Point, ...]
    times: tuple[tuple[datetime, int], ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.times)


@dataclass(frozen=True, slots=True)
class Projection:
    """What there may be by the deadline, if they go on as in the last ``days``: from ``low`` to ``high``.

    Two standard deviations of a count (Poisson) about the mean rate; it knows of no reminder to come.
    """

    low: int
    high: int
    days: float


def curve(session: Session, call: Call, *, now: datetime) -> Curve:
    """How the signatures that count now came in, in at most MOST_POINTS points."""
    times = _quarters(session, call)
    start = min([call.launched_at or now, *(at for at, _ in times[:1])])
    end = max(min(now, call.closed_at or now), *(at for at, _ in times[-1:]), start)
    step = _step(end - start)
    zone = parse_wall_clock(call.deadline).zone
    ends = _ends(start, end, step, zone)
    new: Counter[int] = Counter()
    for at, count in times:
        new[bisect_right(ends, at)] += count
    points, total = [], 0
    for number, at in enumerate(ends):
        total += new[number]
        points.append(Point(at, new[number], total))
    return Curve(step, tuple(points), times)


def _quarters(session: Session, call: Call) -> tuple[tuple[datetime, int], ...]:
    """In which quarters of an hour signatures were confirmed; an imported one has only when it was submitted."""
    letter = session.get_one(Letter, call.letter_id)
    at = sa.func.coalesce(col(Signature.confirmed_at), col(Signature.submitted_at))
    seconds = (
        sa.cast(sa.func.strftime("%s", at), sa.Integer)
        if session.get_bind().dialect.name == "sqlite"
        else sa.cast(sa.func.floor(sa.extract("epoch", at)), sa.BigInteger)
    )
    quarter = sa.func.floor(seconds / sa.literal_column(str(QUARTER))).label("quarter")
    rows = session.execute(sa.select(quarter, sa.func.count()).where(*counting(call, letter)).group_by(quarter))
    found = sorted((int(number), int(count)) for number, count in rows)
    return tuple((datetime.fromtimestamp(number * QUARTER, UTC), count) for number, count in found)


def _step(span: timedelta) -> timedelta:
    if span <= timedelta(hours=48):
        return timedelta(hours=1)
    return timedelta(days=span.days // MOST_POINTS + 1)


def _ends(start: datetime, end: datetime, step: timedelta, zone: str) -> list[datetime]:
    """Where each stretch ends: at whole hours, or at midnights of the zone; the last one is not before the end."""
    if step < timedelta(days=1):
        first = start.replace(minute=0, second=0, microsecond=0) + step
        count = max(-(-(end - first) // step), 0) + 1
        ends = [first + step * number for number in range(count)]
    else:
        midnight = local_time(start, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        ends = [(midnight + step).astimezone(UTC)]
        while ends[-1] < end:
            ends.append((midnight + step * (len(ends) + 1)).astimezone(UTC))
    return ends if ends[-1] > end else [*ends, ends[-1] + step]


def projection(
    times: Sequence[tuple[datetime, int]], *, since: datetime | None, until: datetime, now: datetime
) -> Projection | None:
    """What one may expect at the deadline from how signatures came in; None when that would be a guess.

    ``since`` is the launch. There are no expectations of fewer than ten signatures, in the first two days, after
    the deadline, or when nothing came in the last week.
    """
    total = sum(count for _, count in times)
    if since is None or now - since < SHORTEST or total < FEWEST or until <= now:
        return None
    window = min(WINDOW, now - since)
    lately = sum(count for at, count in times if at > now - window)
    if not lately:
        return None
    share = (until - now) / window
    more = lately * share
    doubt = 2 * sqrt(more * (1 + share))
    return Projection(total + max(round(more - doubt), 0), total + round(more + doubt), window / timedelta(days=1))
