"""Closing ends signing: at the deadline by the scheduler, or earlier by a coordinator."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CALL_MOVES, MAILING_MOVES, CallState, MailingState, move
from outreach.store.events import record
from outreach.store.queueing import cancel_unsent
from outreach.store.tables import Call, Mailing, Message
from outreach.store.wanted import ASKING, CALL_OVER


def close_call(session: Session, call: Call, *, now: datetime, by: str) -> int:
    """Close an open call; how many mails that still asked for a signature were cancelled."""
    if call.state is not CallState.OPEN:
        raise Refusal(f"The call {call.slug} is {call.state.value}; only an open one can be closed.")
    call.state = move(call.state, CallState.CLOSED, CALL_MOVES)
    call.closed_at = now
    session.add(call)
    _give_up_planned(session, call)
    session.flush()
    cancelled = cancel_unsent(
        session,
        now=now,
        reason=CALL_OVER,
        where=[col(Message.call_id) == call.id, col(Message.kind).in_(ASKING), col(Message.test).is_(False)],
    )
    record(session, at=now, by=by, verb="close_call", subject="call", subject_id=call.id, cancelled=cancelled)
    return cancelled


def _give_up_planned(session: Session, call: Call) -> None:
    """A mailing that would ask for a signature will not be; the thanks go as soon as signing has ended."""
    planned = session.exec(select(Mailing).where(Mailing.call_id == call.id, Mailing.state == MailingState.PLANNED))
    for mailing in planned:
        if mailing.kind in ASKING:
            mailing.state = move(mailing.state, MailingState.CANCELLED, MAILING_MOVES)
            mailing.reason = CALL_OVER
        elif mailing.kind is MessageKind.THANK_YOU and call.closed_at is not None:
            mailing.earliest_at = min(mailing.earliest_at, call.closed_at)
        session.add(mailing)


def close_due_calls(session: Session, *, now: datetime, by: str) -> int:
    """Close every open call whose deadline has passed; how many."""
    due = session.exec(
        select(Call).where(Call.state == CallState.OPEN, col(Call.deadline_at) <= now).with_for_update()
    ).all()
    for call in due:
        close_call(session, call, now=now, by=by)
    return len(due)
