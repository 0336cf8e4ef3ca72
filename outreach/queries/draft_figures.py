"""A draft's audience: how many get mail, why some do not, the first of them, and what each zone will see."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.planning import plan_reminders
from outreach.store.audiences import count_by_reason, members
from outreach.store.calls import calendar_of
from outreach.store.preflight import zone_counts
from outreach.store.tables import Call, Contact

FIRST = 10
AT_ONCE = 1_000
"""With so many contacts at most a page counts before it is shown; with more the figures come after it."""
MOST_ZONES = 40


@dataclass(frozen=True, slots=True)
class AudienceFigures:
    """``people`` get mail, ``left_out`` are those who do not, by reason; ``first`` are some, (name, address)."""

    people: int
    left_out: dict[str, int]
    first: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ZoneMailing:
    """When one mailing reaches a zone: ``at`` is None if it does not, and ``why`` says why not."""

    kind: MessageKind
    occurrence: str
    at: datetime | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A zone of the audience: how many live there, and when each mailing reaches them."""

    zone: str
    people: int
    mailings: tuple[ZoneMailing, ...]


def is_quickly_counted(session: Session) -> bool:
    """Whether there are so few contacts that an audience is counted at once."""
    return (session.execute(sa.select(sa.func.max(col(Contact.id)))).scalar() or 0) <= AT_ONCE


def audience_figures(session: Session, call: Call, house: House) -> AudienceFigures:
    """Who is invited, counted."""
    by_reason = count_by_reason(session, call, house.salt)
    ids = list(session.execute(members(call, house.salt).order_by(col(Contact.id)).limit(FIRST)).scalars())
    rows = session.execute(
        sa.select(col(Contact.name), col(Contact.address)).where(col(Contact.id).in_(ids)).order_by(col(Contact.id))
    )
    first = tuple((name, address) for name, address in rows)
    return AudienceFigures(by_reason.pop("", 0), by_reason, first)


def zone_views(session: Session, call: Call, house: House, now: datetime) -> list[ZoneView]:
    """The audience's zones, the most people first, and when each mailing of a launch at ``now`` reaches them."""
    zones = zone_counts(session, call, house) or {house.time_zone: 0}
    shown = sorted(zones, key=lambda zone: (-zones[zone], zone))[:MOST_ZONES]
    plans = plan_reminders(calendar_of(call), shown, house.hours, not_before=now, margin=house.margin)
    return [
        ZoneView(
            zone,
            zones[zone],
            tuple(
                ZoneMailing(one.kind, one.occurrence, one.due.get(zone), one.left_out.get(zone, ""))
                for one in plans
            ),
        )
        for zone in shown
    ]
