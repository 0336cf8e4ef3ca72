"""A coordinator lets chosen messages go once more."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.kinds import CALL_KINDS, HOUSE_KINDS
from outreach.domain.states import MessageState
from outreach.store.events import record
from outreach.store.outbox import COPIES
from outreach.store.tables import Call, Message

RETRIABLE = (MessageState.FAILED, MessageState.HELD, MessageState.UNKNOWN)
"""From these a person lets messages go once more; what was cancelled comes back only with what cancelled it."""


def retry_messages(
    session: Session,
    call: Call | None,
    *,
    state: MessageState,
    now: datetime,
    by: str,
    addresses: Sequence[str] = (),
    only: Message | None = None,
) -> int:
    """Queue the call's messages in ``state`` (failed, held or unknown) again, or only some.

    ``addresses``: those to these; ``only``: that one.

    Without a call: those that belong to none.
    How many were queued. Never a third copy of anything; opt-outs and deadlines are checked again at the claim.
    """
    if state not in RETRIABLE:
        raise Refusal(f"Messages that are {state.value} cannot be retried; only failed, held and unknown ones can.")
    statement = (
        sa.update(Message)
        .where(_of(call), col(Message.state) == state, col(Message.copies) < COPIES)
        .values(state=MessageState.QUEUED, reason="retried", detail="", attempts=0, due_at=now, settled_at=None)
        .execution_options(synchronize_session=False)
    )
    if addresses:
        wanted = [address.strip().lower() for address in addresses]
        statement = statement.where(sa.func.lower(col(Message.address)).in_(wanted))
    if only is not None:
        statement = statement.where(col(Message.id) == only.id)
    count = int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
    record(
        session,
        at=now,
        by=by,
        verb="retry_messages",
        subject="message" if only else "call",
        subject_id=only.id if only else call.id if call else None,
        state=state.value,
        messages=count,
    )
    return count


def _of(call: Call | None) -> sa.ColumnElement[bool]:
    if call is None:
        return col(Message.kind).in_(HOUSE_KINDS)
    return sa.and_(col(Message.call_id) == call.id, col(Message.kind).in_(CALL_KINDS))
