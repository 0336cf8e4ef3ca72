"""The scheduler's question: which mailings are due, and which have become senseless."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.planning import catch_up, due_by_zone
from outreach.domain.reminders import Planned, parse_offset
from outreach.domain.states import MAILING_MOVES, CallState, MailingState, move
from outreach.store.calls import shared_values
from outreach.store.events import record
from outreach.store.queueing import cancel_unsent, queue_mailing, zones_of_contacts
from outreach.store.tables import Call, Mailing, Message
from outreach.store.wanted import REMINDING
from outreach.store.waves import OTHERS

BY = "scheduler"


@dataclass(frozen=True, slots=True)
class Rung:
    """What one ring of the clock did."""

    queued: int = 0
    skipped: int = 0
    closed: int = 0
    released: int = 0
    again: int = 0
    """Messages of which nobody knows whether they were accepted, queued once more."""


def queue_due_mailings(session: Session, *, now: datetime, house: House) -> Rung:
    """Queue every planned mailing whose time has come; skip those that have become senseless."""
    due = session.exec(
        select(Mailing, Call)
        .join(Call, col(Call.id) == col(Mailing.call_id))
        .where(Mailing.state == MailingState.PLANNED, col(Mailing.earliest_at) <= now)
        .order_by(col(Mailing.earliest_at), col(Mailing.id))
        .with_for_update()
    ).all()
    queued = skipped = 0
    for mailing, call in due:
        if mailing.kind is MessageKind.RELEASED or _waits(mailing, call):
            continue
        reason = _senseless(mailing, call, [other for other, _ in due], now)
        if reason:
            skip(session, mailing, reason, now=now)
            skipped += 1
        else:
            queued += queue_now(session, call, mailing, now=now, house=house)
    return Rung(queued=queued, skipped=skipped)


def _waits(mailing: Mailing, call: Call) -> bool:
    """Thanks go when signing has closed, not a ring before."""
    return mailing.kind is MessageKind.THANK_YOU and call.state is CallState.OPEN


def _senseless(mailing: Mailing, call: Call, due: list[Mailing], now: datetime) -> str:
    """Why a due mailing no longer makes sense; empty when it does."""
    if mailing.deadline_revision != call.deadline_revision:
        return "the deadline was changed"
    if KINDS[mailing.kind].asks and call.state is not CallState.OPEN:
        return "the call is over"
    if mailing.not_after is not None and now >= mailing.not_after:
        return "too late before the deadline"
    later = (o for o in due if o.call_id == mailing.call_id and o.kind in REMINDING and _comes_after(o, mailing))
    if mailing.kind in REMINDING and any(o.not_after is None or now < o.not_after for o in later):
        return "a later reminder is due as well"
    return ""


def _comes_after(other: Mailing, mailing: Mailing) -> bool:
    return (other.earliest_at, other.id or 0) > (mailing.earliest_at, mailing.id or 0)


def queue_now(session: Session, call: Call, mailing: Mailing, *, now: datetime, house: House) -> int:
    """Turn a mailing into messages; how many. What they share is frozen here."""
    mailing.state = move(mailing.state, MailingState.QUEUED, MAILING_MOVES)
    mailing.queued_at = now
    mailing.shared = {**shared_values(session, call, house), **mailing.shared}
    session.add(mailing)
    session.flush()
    due = _due(session, call, mailing, now=now, house=house)
    queued = queue_mailing(session, call, mailing, due, now=now, house=house)
    if mailing.kind in REMINDING:
        _supersede(session, call, mailing, now=now)
    record(
        session,
        at=now,
        by=BY,
        verb="queue_mailing",
        subject="mailing",
        subject_id=mailing.id,
        kind=mailing.kind.value,
        occurrence=mailing.occurrence,
        messages=queued,
    )
    return queued


def _due(
    session: Session, call: Call, mailing: Mailing, *, now: datetime, house: House
) -> datetime | dict[str, datetime]:
    """When the mailing may go: to everybody, or in each zone in which anybody lives."""
    if mailing.kind in REMINDING:
        deadline, offset = parse_wall_clock(call.deadline), parse_offset(mailing.occurrence)
        zones = zones_of_contacts(session, house)
        plans = due_by_zone(
            offset, deadline, zones, house.hours, not_before=mailing.created_at, margin=house.margin
        )
        due = {zone: plan.due for zone, plan in plans.items() if isinstance(plan, Planned)}
        return catch_up(due, house.hours, now=now, not_after=mailing.not_after)
    if mailing.occurrence == OTHERS or mailing.kind is MessageKind.THANK_YOU:
        allowed = {zone: house.hours.next_allowed(now, zone) for zone in zones_of_contacts(session, house)}
        return {
            zone: when for zone, when in allowed.items() if mailing.not_after is None or when < mailing.not_after
        }
    return now


def _supersede(session: Session, call: Call, mailing: Mailing, *, now: datetime) -> None:
    """An earlier reminder that still waits for somebody gives way to this one."""
    same_person = select(Message.address_digest).where(Message.mailing_id == mailing.id)
    cancel_unsent(
        session,
        now=now,
        reason="a later reminder took its place",
        where=[
            col(Message.call_id) == call.id,
            col(Message.kind).in_(REMINDING),
            col(Message.mailing_id) != mailing.id,
            col(Message.address_digest).in_(same_person),
        ],
    )


def skip(session: Session, mailing: Mailing, reason: str, *, now: datetime) -> None:
    """A planned mailing that has become senseless goes to nobody, and says why."""
    mailing.state = move(mailing.state, MailingState.SKIPPED, MAILING_MOVES)
    mailing.reason = reason
    session.add(mailing)
    record(
        session,
        at=now,
        by=BY,
        verb="skip_mailing",
        subject="mailing",
        subject_id=mailing.id,
        kind=mailing.kind.value,
        reason=reason,
    )
