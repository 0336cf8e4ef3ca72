"""How many mails may still leave: in this minute, this hour, these 24 hours; and confirmations to strangers."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.floods import AN_HOUR
from outreach.store.tables import Attempt, Message, Signature
from outreach.store.wanted import ASKING_TO_CONFIRM

_MIDDLE = "(SELECT at FROM attempt WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) > :since"
_HALVING = sa.text(
    "WITH RECURSIVE halving(low, high) AS ("  # noqa: S608  our own words
    "SELECT CAST(:low AS INTEGER), CAST(:high AS INTEGER) UNION ALL SELECT "
    f"CASE WHEN {_MIDDLE} THEN low ELSE (low + high) / 2 + 1 END, "
    f"CASE WHEN {_MIDDLE} THEN (low + high) / 2 ELSE high END "
    "FROM halving WHERE low < high) SELECT low FROM halving WHERE low >= high"
).bindparams(sa.bindparam("since", type_=Attempt.__table__.c.at.type))  # type: ignore[attr-defined]
"""The first attempt after a moment, found by halving the numbers between two, in one statement."""

WINDOWS = (("minute", timedelta(minutes=1)), ("hour", timedelta(hours=1)), ("day", timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class LimitLeft:
    """One limit: how many mails it allows, how many have used it, and, if it is used up, until when."""

    name: str
    limit: int
    used: int
    until: datetime | None = None

    @property
    def left(self) -> int:
        """How many more may leave now."""
        return max(self.limit - self.used, 0)


def limits_left(session: Session, *, now: datetime, house: House) -> list[LimitLeft]:
    """The limits of the account (minute, hour, day), and that of confirmations to people whom nobody invited.

    The engine counts what it claims; what is counted here are its attempts, those in flight left out. Attempts are
    numbered as they are made, so the first one of a window is found by halving, however many there are.
    """
    limits = house.settings.limits
    newest = session.execute(sa.select(sa.func.max(col(Attempt.id)))).scalar() or 0
    found, first = [], 1
    longest_first = zip(reversed(WINDOWS), (limits.per_day, limits.per_hour, limits.per_minute), strict=True)
    for (name, length), limit in longest_first:
        first = _first_since(session, now - length, first, newest)
        used = newest - first + 1
        until = _at(session, newest - limit + 1) + length if used >= limit else None
        found.append(LimitLeft(name, limit, used, until))
    return [*reversed(found), _confirmations(session, now, limits.confirmations_per_hour)]


def _first_since(session: Session, since: datetime, low: int, newest: int) -> int:
    """The number of the first attempt after ``since``; one more than the newest if there is none."""
    return int(session.execute(_HALVING, {"since": since, "low": low, "high": newest + 1}).scalar_one())


def _at(session: Session, number: int) -> datetime:
    """When the attempt of that number was made, or the next one, where a number was never given."""
    statement = sa.select(col(Attempt.at)).where(col(Attempt.id) >= number).order_by(col(Attempt.id)).limit(1)
    return session.execute(statement).scalar_one()  # type: ignore[no-any-return]


def _confirmations(session: Session, now: datetime, limit: int) -> LimitLeft:
    lately = (
        sa.select(col(Message.queued_at))
        .join(Signature, col(Signature.id) == col(Message.signature_id))
        .where(
            col(Message.kind).in_(ASKING_TO_CONFIRM),
            col(Message.queued_at) > now - AN_HOUR,
            col(Signature.invited).is_(False),
        )
        .order_by(col(Message.queued_at).desc())
        .limit(limit)
    )
    moments = session.execute(lately).scalars().all()
    until = moments[-1] + AN_HOUR if len(moments) >= limit else None
    return LimitLeft("confirmations", limit, len(moments), until)


def as_data(limits: list[LimitLeft]) -> list[dict[str, Any]]:
    """The limits for --json."""
    return [{**asdict(one), "until": one.until and one.until.isoformat(), "left": one.left} for one in limits]
