"""A coordinator says what became of a mail of which nobody could tell: it arrived, or it did not."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.states import MESSAGE_MOVES, MessageState, move
from outreach.store.events import record
from outreach.store.tables import Message

SAID = {True: "a person says that it arrived", False: "a person says that it did not arrive"}


def settle_unknown(session: Session, message: Message, *, arrived: bool, now: datetime, by: str) -> None:
    """The message is sent, or failed. Raises Refusal when it is not unknown."""
    state = move(MessageState.UNKNOWN, MessageState.SENT if arrived else MessageState.FAILED, MESSAGE_MOVES)
    settled = (
        sa.update(Message)
        .where(col(Message.id) == message.id, col(Message.state) == MessageState.UNKNOWN)
        .values(
            state=state,
            reason=SAID[arrived],
            settled_at=now,
            sent_at=sa.func.coalesce(col(Message.sent_at), col(Message.claimed_at), now) if arrived else None,
        )
        .execution_options(synchronize_session=False)
    )
    if not session.execute(settled).rowcount:  # type: ignore[attr-defined]
        session.refresh(message)
        raise Refusal(f"This mail is {message.state.value}; nobody need say what became of it.")
    record(
        session, at=now, by=by, verb="settle_unknown", subject="message", subject_id=message.id, state=state.value
    )
