"""Messages of which nobody knows whether the server took them: how they come about, and what may go once more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.proofs import AGAIN, Proof
from outreach.domain.states import MESSAGE_MOVES, MessageState, move
from outreach.store.outbox import COPIES
from outreach.store.tables import Attempt, Message
from outreach.store.tables.messages import UNDER_WAY

AT_ONCE: Final = 1000
INTERRUPTED = "interrupted"
"""The reason of a message whose owner died while it was being submitted."""


def recover(session: Session, *, now: datetime, dead_owner: str) -> int:
    """Messages that a dead owner left in ``sending`` become unknown; how many there were."""
    statement = (
        sa.update(Message)
        .where(UNDER_WAY, col(Message.claimed_by) == dead_owner)
        .values(
            state=MessageState.UNKNOWN,
            reason=INTERRUPTED,
            detail="The program stopped while this message was being submitted.",
            copies=col(Message.copies) + 1,
            settled_at=now,
            claimed_by="",
        )
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    ids = session.execute(statement).scalars().all()
    session.add_all(_told(found, MessageState.UNKNOWN, INTERRUPTED, now) for found in ids)
    return len(ids)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message in doubt: when it was claimed for the attempt in question, and since when it is unknown."""

    message_id: int
    claimed_at: datetime
    since: datetime
    kind: MessageKind


def doubts(session: Session) -> list[Doubt]:
    """The messages in doubt, the newest first, so many as one look may concern."""
    statement = (
        sa.select(col(Message.id), col(Message.claimed_at), col(Message.settled_at), col(Message.kind))
        .where(col(Message.state) == MessageState.UNKNOWN)
        .where(col(Message.claimed_at).is_not(None), col(Message.settled_at).is_not(None))
        .order_by(col(Message.id).desc())
        .limit(AT_ONCE)
    )
    return [Doubt(*row) for row in session.execute(statement)]


def leave_by_one_machine(session: Session) -> bool:
    """Whether all mails leave by the machine that asks, so that its relay's log is the only one there is.

    On PostgreSQL workers may be on several, each with a relay of its own.
    """
    return session.get_bind().dialect.name == "sqlite"


def left_between(
    session: Session, numbers: Collection[int], *, since: datetime | None = None, until: datetime | None = None
) -> bool:
    """Whether one of these messages left before ``until``, or was claimed after ``since`` and has left."""
    left = sa.exists().where(col(Message.id).in_(numbers), col(Message.state) == MessageState.SENT)
    left = left.where(col(Message.sent_at) < until) if until else left
    left = left.where(col(Message.claimed_at) > since) if since else left
    return bool(session.execute(sa.select(left)).scalar())


def accepted_after_all(session: Session, message: Message, now: datetime) -> None:
    """What comes back or is answered had been accepted: a message in doubt is in doubt no more."""
    if message.state is MessageState.UNKNOWN:
        message.state = move(message.state, MessageState.SENT, MESSAGE_MOVES)
        message.reason, message.sent_at = Proof.ANSWERED, message.sent_at or message.claimed_at or now
        session.add(message)
        session.add(_told(message.id, message.state, Proof.ANSWERED, now))


def prove_taken(session: Session, doubt: Doubt, reason: str, proof: str, *, now: datetime) -> bool:
    """The message had been taken, as ``proof`` shows; False if it is in doubt no more."""
    taken_at = sa.func.coalesce(col(Message.sent_at), col(Message.claimed_at))
    sent = {"state": MessageState.SENT, "sent_at": taken_at, "settled_at": now}
    return _prove(session, doubt, sent, reason, proof, now)


def prove_not_taken(session: Session, doubt: Doubt, reason: str, *, now: datetime) -> bool:
    """The message was never taken, and waits again; False if it is in doubt no more, or was submitted twice."""
    waits = {"state": MessageState.QUEUED, "due_at": now, "settled_at": None}
    return _prove(session, doubt, waits, reason, "", now)


def _prove(session: Session, doubt: Doubt, values: dict[str, Any], reason: str, proof: str, now: datetime) -> bool:
    statement = sa.update(Message).where(
        col(Message.id) == doubt.message_id,
        col(Message.state) == MessageState.UNKNOWN,
        col(Message.claimed_at) == doubt.claimed_at,
    )
    if values["state"] is MessageState.QUEUED:
        statement = statement.where(col(Message.copies) < COPIES)
    statement = statement.values(reason=str(reason), detail=proof, **values)
    done = session.execute(statement.execution_options(synchronize_session=False))
    if done.rowcount:  # type: ignore[attr-defined]
        session.add(_told(doubt.message_id, values["state"], str(reason), now, proof))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def resolve_unknown(session: Session, *, now: datetime, bulk_again: bool, after: timedelta = timedelta()) -> int:
    """Queue once more what may be submitted again after nobody knows whether it was accepted.

    Automatic answers (confirmations, receipts) always, bulk mail where the operator wants it; never a third
    copy. How many were queued. ``after``: only what has been in doubt for so long.
    """
    automatic = tuple(kind for kind, rules in KINDS.items() if rules.automatic)
    may_again: sa.ColumnElement[bool] = col(Message.kind).in_(automatic)
    if bulk_again:
        may_again = sa.or_(may_again, col(Message.bulk).is_(True))
    again = session.execute(
        sa.update(Message)
        .where(col(Message.state) == MessageState.UNKNOWN, col(Message.copies) < COPIES, may_again)
        .where(col(Message.settled_at) <= now - after)
        .values(state=MessageState.QUEUED, reason=AGAIN, due_at=now)  # it may have left, and counts (left_lately)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    ids = again.scalars().all()
    session.add_all(_told(found, MessageState.QUEUED, AGAIN, now) for found in ids)
    return len(ids)


def _told(message_id: int | None, state: MessageState, reason: str, at: datetime, detail: str = "") -> Attempt:
    """A line of the message's history."""
    return Attempt(message_id=message_id or 0, at=at, state=state, reason=reason, detail=detail)
