"""Who is out of office until a date gets the next reminder after it, if the deadline allows."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.deadlines import WallClock
from outreach.domain.replies import ReplyKind
from outreach.domain.zones import local_time
from outreach.store.chunks import in_chunks
from outreach.store.queueing import postpone_for
from outreach.store.tables import Message, Reply
from outreach.store.tables.messages import READY
from outreach.store.wanted import REMINDING

BACK_AT = time(9, 0)
LONGEST = timedelta(days=366)
"""A last day further off was misread, or leaves no time before any deadline: it must not hide another absence."""


def respect_absences(session: Session, *, now: datetime, house: House) -> int:
    """Postpone the reminders that wait for people who are away; how many.

    Such a reminder goes in the first hour after the absence in which its reader may be written to. Where that
    would be too late for the deadline it goes as it was planned.
    """
    moved = 0
    for back, people in _away(session, now=now, house=house).items():
        for some in in_chunks(people):
            moved += postpone_for(session, REMINDING, some, back)
    return moved


def _away(session: Session, *, now: datetime, house: House) -> dict[datetime, list[int]]:
    """The contacts for whom a reminder waits that is due before they are back, by the moment at which they are."""
    today = local_time(now, house.time_zone).date()
    absences = (
        sa.select(col(Reply.contact_id), sa.func.max(col(Reply.until)).label("until"))
        .where(
            col(Reply.kind) == ReplyKind.OUT_OF_OFFICE,
            col(Reply.contact_id).is_not(None),
            col(Reply.until) >= today - timedelta(days=1),  # zones differ by up to a day
            col(Reply.until) <= today + LONGEST,
        )
        .group_by(col(Reply.contact_id))
        .subquery()
    )
    waiting = (
        sa.select(
            col(Message.contact_id),
            sa.func.max(col(Message.time_zone)),
            sa.func.max(absences.c.until),
            sa.func.min(col(Message.due_at)),
        )
        .join(absences, absences.c.contact_id == col(Message.contact_id))
        .where(READY, col(Message.kind).in_(REMINDING))
        .group_by(col(Message.contact_id))
    )
    away = defaultdict[datetime, list[int]](list)
    back_at = cache(lambda until, zone: _back(until, zone or house.time_zone, house))
    for contact_id, zone, until, due in session.execute(waiting):
        if due < (back := back_at(until, zone)):
            away[back].append(contact_id)
    return away


def _back(until: date, zone: str, house: House) -> datetime:
    morning = WallClock(datetime.combine(until + timedelta(days=1), BACK_AT), zone).instant()
    return house.hours.next_allowed(morning, zone)
