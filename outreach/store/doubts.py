"""Messages of which nobody knows whether the server took them: how they come about, and what may go once more."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import KINDS
from outreach.domain.states import MessageState
from outreach.store.outbox import COPIES
from outreach.store.tables import Attempt, Message


def recover(session: Session, *, now: datetime, dead_owner: str) -> int:
    """Messages that a dead owner left in ``sending`` become unknown; how many there were."""
    statement = (
        sa.update(Message)
        .where(col(Message.state) == MessageState.SENDING, col(Message.claimed_by) == dead_owner)
        .values(
            state=MessageState.UNKNOWN,
            reason="interrupted",
            detail="The program stopped while this message was being submitted.",
            copies=col(Message.copies) + 1,
            settled_at=now,
            claimed_by="",
        )
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    ids = session.execute(statement).scalars().all()
    session.add_all(
        Attempt(message_id=found or 0, at=now, state=MessageState.UNKNOWN, reason="interrupted") for found in ids
    )
    return len(ids)


def resolve_unknown(session: Session, *, now: datetime, bulk_again: bool) -> int:
    """Queue once more what may be submitted again after nobody knows whether it was accepted.

    Automatic answers (confirmations, receipts) always, bulk mail where the operator wants it; never a third
    copy. How many were queued.
    """
    automatic = tuple(kind for kind, rules in KINDS.items() if rules.automatic)
    may_again: sa.ColumnElement[bool] = col(Message.kind).in_(automatic)
    if bulk_again:
        may_again = sa.or_(may_again, col(Message.bulk).is_(True))
    result = session.execute(
        sa.update(Message)
        .where(col(Message.state) == MessageState.UNKNOWN, col(Message.copies) < COPIES, may_again)
        .values(state=MessageState.QUEUED, reason="submitted once more", due_at=now, settled_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
