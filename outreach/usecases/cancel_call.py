"""A coordinator gives a call up: nothing of it is sent any more."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.domain.states import CALL_MOVES, MAILING_MOVES, CallState, MailingState, move
from outreach.store.events import record
from outreach.store.queueing import cancel_unsent
from outreach.store.tables import Call, Mailing, Message


def cancel_call(session: Session, call: Call, *, now: datetime, by: str) -> int:
    """Cancel the call and all its mails that wait; how many. Raises Refusal when it is over already."""
    if CallState.CANCELLED not in CALL_MOVES[call.state]:
        raise Refusal(f"The call {call.slug} is {call.state.value}; it cannot be cancelled.")
    call.state = move(call.state, CallState.CANCELLED, CALL_MOVES)
    call.cancelled_at = now
    session.add(call)
    planned = select(Mailing).where(Mailing.call_id == call.id, Mailing.state == MailingState.PLANNED)
    for mailing in session.exec(planned):
        mailing.state = move(mailing.state, MailingState.CANCELLED, MAILING_MOVES)
        mailing.reason = "the call was cancelled"
        session.add(mailing)
    session.flush()
    cancelled = cancel_unsent(
        session, now=now, reason="the call was cancelled", where=[col(Message.call_id) == call.id]
    )
    record(session, at=now, by=by, verb="cancel_call", subject="call", subject_id=call.id, cancelled=cancelled)
    return cancelled
