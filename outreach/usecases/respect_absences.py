"""Who is out of office until a date gets the next reminder after it, if the deadline allows."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.deadlines import WallClock
from outreach.domain.replies import ReplyKind
from outreach.domain.zones import local_time
from outreach.store.queueing import postpone_for
from outreach.store.tables import Message, Reply
from outreach.store.tables.messages import READY
from outreach.usecases.queue_due_mailings import REMINDING

BACK_AT = time(9, 0)
LONGEST = timedelta(days=366)
"""A last day further off was misread, or leaves no time before any deadline: it must not hide another absence."""


def respect_absences(session: Session, *, now: datetime, house: House) -> int:
    """Postpone the reminders that wait for people who are away; how many.

    Such a reminder goes in the first hour after the absence in which its reader may be written to. Where that
    would be too late for the deadline it goes as it was planned.
    """
    return sum(
        postpone_for(session, REMINDING, contact_id, _back(until, zone, house))
        for contact_id, zone, until in _away(session, now=now, house=house)
    )


def _away(session: Session, *, now: datetime, house: House) -> list[tuple[int, str, date]]:
    """The contacts for whom a reminder waits and who are away, each with the last day of the absence."""
    today = local_time(now, house.time_zone).date()
    absences = sa.select(col(Reply.contact_id), sa.func.max(col(Reply.until))).where(
        col(Reply.kind) == ReplyKind.OUT_OF_OFFICE,
        col(Reply.contact_id).is_not(None),
        col(Reply.until) >= today - timedelta(days=1),  # zones differ by up to a day
        col(Reply.until) <= today + LONGEST,
    )
    found = session.execute(absences.group_by(col(Reply.contact_id)))
    away: dict[int, date] = {contact_id: until for contact_id, until in found if until is not None}
    if not away:
        return []
    waits = sa.select(col(Message.contact_id), sa.func.max(col(Message.time_zone)))
    waits = waits.where(READY, col(Message.kind).in_(REMINDING), col(Message.contact_id).in_(away))
    waiting = session.execute(waits.group_by(col(Message.contact_id)))
    return [(contact_id, zone or house.time_zone, away[contact_id]) for contact_id, zone in waiting]


def _back(until: date, zone: str, house: House) -> datetime:
    morning = WallClock(datetime.combine(until + timedelta(days=1), BACK_AT), zone).instant()
    return house.hours.next_allowed(morning, zone)
