"""Suppressions as rows: written with what they stop, and taken back when they were a mistake."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.states import MessageState
from outreach.store.queueing import cancel_unsent
from outreach.store.statements import insert_missing
from outreach.store.tables import Message, Suppression, SuppressionReason
from outreach.store.wanted import DEAD_ADDRESS, OPTED_OUT


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Whether the suppression is new, and how many messages that waited it cancelled."""

    added: bool
    cancelled: int


def suppress(
    session: Session, digest: str, reason: SuppressionReason, *, evidence: str, now: datetime, scope: int = 0
) -> Suppressed:
    """Write to the address no more: of the call ``scope``, or at all (0).

    An opt-out stops bulk messages, every other reason all. From the commit on none is claimed; what waits is
    cancelled here.
    """
    row = insert_missing(session, Suppression).values(
        address_digest=digest, scope=scope, reason=reason, evidence=evidence, at=now
    )
    added = session.execute(row.on_conflict_do_nothing()).rowcount  # type: ignore[attr-defined]
    opted_out = reason is SuppressionReason.OPT_OUT
    where: list[sa.ColumnElement[bool]] = [col(Message.address_digest) == digest, col(Message.test).is_(False)]
    if opted_out:
        where.append(col(Message.bulk).is_(True))
    if scope:
        where.append(col(Message.call_id) == scope)
    cancelled = cancel_unsent(session, now=now, reason=OPTED_OUT if opted_out else DEAD_ADDRESS, where=where)
    return Suppressed(bool(added), cancelled)


def lift(session: Session, digest: str, reason: SuppressionReason, *, scope: int, since: datetime) -> int:
    """Take a suppression back, and let the messages wait again that it had cancelled; how many.

    Each is judged anew when it is claimed: what has become senseless meanwhile goes to nobody.
    """
    session.execute(
        sa.delete(Suppression).where(
            col(Suppression.address_digest) == digest,
            col(Suppression.scope) == scope,
            col(Suppression.reason) == reason,
        )
    )
    result = session.execute(
        sa.update(Message)
        .where(
            col(Message.address_digest) == digest,
            col(Message.state) == MessageState.CANCELLED,
            col(Message.reason).in_((OPTED_OUT, DEAD_ADDRESS)),
            col(Message.settled_at) >= since,
        )
        .values(state=MessageState.QUEUED, reason="wanted after all", settled_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
