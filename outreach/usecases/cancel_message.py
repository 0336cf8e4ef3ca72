"""A coordinator takes one mail out of the queue before it leaves."""

from datetime import datetime

from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.states import MessageState
from outreach.store.events import record
from outreach.store.queueing import cancel_unsent
from outreach.store.tables import Message

BY_HAND = "cancelled by a person"
UNSENT = (MessageState.QUEUED, MessageState.DEFERRED, MessageState.HELD)
"""From these a person cancels a message; what is being submitted cannot be called back."""


def cancel_message(session: Session, message: Message, *, now: datetime, by: str) -> None:
    """Cancel a message that waits or is held. Raises Refusal when it has left, is leaving, or is over."""
    if not cancel_unsent(session, now=now, reason=BY_HAND, where=[col(Message.id) == message.id]):
        session.refresh(message)
        raise Refusal(
            f"This mail is {message.state.value}; only one that is queued, deferred or held can be cancelled."
        )
    record(session, at=now, by=by, verb="cancel_message", subject="message", subject_id=message.id)
