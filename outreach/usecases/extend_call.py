"""A coordinator moves the deadline: what was planned is planned anew, and those it concerns are told."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import WallClock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import (
    CALL_MOVES,
    MAILING_MOVES,
    SIGNATURE_MOVES,
    CallState,
    MailingState,
    SignatureState,
    move,
)
from outreach.store.events import record
from outreach.store.preflight import zone_counts
from outreach.store.queueing import cancel_unsent
from outreach.store.signing import agrees_to_it
from outreach.store.tables import Call, Mailing, Message, Signature
from outreach.store.wanted import ASKING
from outreach.usecases.confirm_signature import one_of_each, settle_organisation
from outreach.usecases.launch_call import plan_mailings
from outreach.usecases.queue_due_mailings import queue_now
from outreach.usecases.queue_message import queue_for_signature


@dataclass(frozen=True, slots=True)
class Extended:
    """How many mails of the old deadline were cancelled, how many people are told, how many invited anew."""

    cancelled: int
    told: int
    invited: int
    in_time: int
    """Signatures that had come too late for the old deadline, and are in time now."""


def extend_call(
    session: Session,
    call: Call,
    deadline: WallClock,
    *,
    now: datetime,
    by: str,
    house: House,
    release: WallClock | None = None,
) -> Extended:
    """Move the deadline later, and the release too if one is given.

    Raises Refusal as ``refuse_extension``.
    """
    refuse_extension(call, deadline, release, now=now, house=house)
    previous = call.deadline
    if release is not None:
        call.release, call.release_at = str(release), release.instant()
    if call.state is CallState.CLOSED:
        call.state = move(call.state, CallState.OPEN, CALL_MOVES)
        call.closed_at = None
    call.deadline, call.deadline_at = str(deadline), deadline.instant()
    call.deadline_revision += 1
    session.add(call)
    cancelled = _cancel_old(session, call, now)
    plan_mailings(session, call, zone_counts(session, call, house), now=now, house=house)
    told = _queue(session, call, MessageKind.DEADLINE_EXTENDED, {"previous_deadline": previous}, now, house)
    invited = _queue(session, call, MessageKind.INVITATION, {}, now, house)
    in_time = _accept_late(session, call, now=now, house=house, by=by)
    record(
        session,
        at=now,
        by=by,
        verb="extend_call",
        subject="call",
        subject_id=call.id,
        before=previous,
        after=call.deadline,
        cancelled=cancelled,
        told=told,
        invited=invited,
        in_time=in_time,
    )
    return Extended(cancelled, told, invited, in_time)


def _accept_late(session: Session, call: Call, *, now: datetime, house: House, by: str) -> int:
    """Signatures kept as late that the new deadline covers count, and their signers are told; how many."""
    late = session.exec(
        select(Signature).where(
            Signature.call_id == call.id,
            Signature.state == SignatureState.LATE,
            col(Signature.submitted_at) <= call.deadline_at,
        )
    ).all()
    agreed = [signature for signature in late if agrees_to_it(session, signature)]
    for signature in agreed:
        signature.state = move(signature.state, SignatureState.CONFIRMED, SIGNATURE_MOVES)
        signature.confirmed_at, signature.late_at = now, None
        session.add(signature)
        queue_for_signature(session, call, signature, MessageKind.RECEIPT, now=now, house=house)
        settle_organisation(session, signature, now=now)
        one_of_each(session, signature, by=by, now=now, house=house)
    return len(agreed)


def refuse_extension(
    call: Call, deadline: WallClock, release: WallClock | None = None, *, now: datetime, house: House
) -> None:
    """Raises Refusal when the call is over or the new deadline cannot be."""
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        raise Refusal(f"The call {call.slug} is {call.state.value}; only an open or closed one can be extended.")
    if deadline.instant() <= call.deadline_at:
        raise Refusal(f"The new deadline {deadline} is not later than the present one, {call.deadline}.")
    if deadline.instant() <= now:
        raise Refusal(f"The new deadline {deadline} has passed already.")
    if deadline.instant() - house.margin <= now:
        raise Refusal(
            f"The new deadline {deadline} is so near that nobody could be told in time "
            "(schedule.arrival_margin_minutes in config.toml)."
        )
    shown, release_at = (str(release), release.instant()) if release else (call.release, call.release_at)
    if release_at is not None and deadline.instant() > release_at:
        raise Refusal(
            f"The new deadline {deadline} is after the release, {shown}; give a later one with --release."
        )


def _cancel_old(session: Session, call: Call, now: datetime) -> int:
    """What waits under the old deadline, thanks included, does not go; what was planned for it is cancelled."""
    planned = select(Mailing).where(Mailing.call_id == call.id, Mailing.state == MailingState.PLANNED)
    for mailing in session.exec(planned):
        mailing.state = move(mailing.state, MailingState.CANCELLED, MAILING_MOVES)
        mailing.reason = "the deadline was extended"
        session.add(mailing)
    session.flush()
    return cancel_unsent(
        session,
        now=now,
        reason="the deadline was extended",
        where=[
            col(Message.call_id) == call.id,
            col(Message.kind).in_((*ASKING, MessageKind.THANK_YOU)),
            col(Message.test).is_(False),
        ],
    )


def _queue(
    session: Session, call: Call, kind: MessageKind, shared: dict[str, str], now: datetime, house: House
) -> int:
    mailing = Mailing(
        call_id=call.id or 0,
        kind=kind,
        deadline_revision=call.deadline_revision,
        earliest_at=now,
        not_after=call.deadline_at - house.margin,
        shared=shared,
        created_at=now,
    )
    session.add(mailing)
    session.flush()
    return queue_now(session, call, mailing, now=now, house=house)
