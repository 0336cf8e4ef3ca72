"""Suppressions as rows: written with what they stop, and taken back when they were a mistake."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.replies import Channel
from outreach.domain.states import MessageState
from outreach.store.queueing import cancel_unsent
from outreach.store.statements import insert_missing
from outreach.store.tables import Message, Reply, Suppression, SuppressionReason
from outreach.store.wanted import DEAD_ADDRESS, OPTED_OUT

_REPLY = "reply "
NOTED = "noted by"
"""How the evidence begins where staff noted what a person said."""


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
    cancelled here. Whoever asks for it without a reply that can be misread has asked for good, even if a reply
    said so first.
    """
    row = insert_missing(session, Suppression).values(
        address_digest=digest, scope=scope, reason=reason, evidence=evidence, at=now
    )
    added = session.execute(row.on_conflict_do_nothing()).rowcount  # type: ignore[attr-defined]
    if not added and not is_from_reply(evidence):
        session.execute(sa.update(Suppression).where(_is_of(digest, reason, scope)).values(evidence=evidence))
    opted_out = reason is SuppressionReason.OPT_OUT
    where: list[sa.ColumnElement[bool]] = [col(Message.address_digest) == digest, col(Message.test).is_(False)]
    if opted_out:
        where.append(col(Message.bulk).is_(True))
    if scope:
        where.append(col(Message.call_id) == scope)
    cancelled = cancel_unsent(session, now=now, reason=OPTED_OUT if opted_out else DEAD_ADDRESS, where=where)
    return Suppressed(bool(added), cancelled)


def is_from_reply(evidence: str) -> bool:
    """Whether a reply was what asked for the suppression: then a person may say that it was misread."""
    return _REPLY in evidence and not is_noted(evidence)


def is_noted(evidence: str) -> bool:
    """Whether staff noted what the person said."""
    return evidence.startswith(f"{NOTED} ")


def is_for_good(evidence: str) -> bool:
    """Whether the person asked for it in a way that nobody of us can have misread or misheard."""
    return not is_from_reply(evidence) and not is_noted(evidence)


def evidence_of(reply: Reply) -> str:
    """What a suppression says of a reply that asked for it."""
    said = f"{_REPLY}{reply.id}"
    return said if reply.channel is Channel.MAIL else f"{reply.channel.value}, {said}"


def lift(session: Session, digest: str, reason: SuppressionReason, *, scope: int, noted: bool = False) -> int:
    """Take back a suppression that a reply had asked for, and let wait again what it had cancelled; how many.

    With ``noted`` also one that staff noted.

    One that somebody asked for in another way stays.
    """
    suppression = session.exec(select(Suppression).where(_is_of(digest, reason, scope))).first()
    if suppression is None or is_for_good(suppression.evidence) or (is_noted(suppression.evidence) and not noted):
        return 0
    session.delete(suppression)
    session.flush()
    cancelled = OPTED_OUT if reason is SuppressionReason.OPT_OUT else DEAD_ADDRESS
    return let_wait_again(session, cancelled, since=suppression.at, where=[col(Message.address_digest) == digest])


def let_wait_again(
    session: Session, cancelled: str, *, since: datetime, where: list[sa.ColumnElement[bool]]
) -> int:
    """Let the messages wait again that were cancelled for a reason which was none; how many.

    Each is judged anew when it is claimed: what has become senseless meanwhile goes to nobody. What may have
    arrived already waits for a person, as it did before.
    """
    doubtful = col(Message.copies) > 0
    state = sa.case((doubtful, MessageState.HELD.value), else_=MessageState.QUEUED.value)
    result = session.execute(
        sa.update(Message)
        .where(
            col(Message.state) == MessageState.CANCELLED,
            col(Message.reason) == cancelled,
            col(Message.settled_at) >= since,
            *where,
        )
        .values(
            state=sa.type_coerce(state, Message.__table__.c.state.type),  # type: ignore[attr-defined]
            reason="wanted after all",
            settled_at=sa.case((doubtful, col(Message.settled_at)), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _is_of(digest: str, reason: SuppressionReason, scope: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Suppression.address_digest) == digest,
        col(Suppression.scope) == scope,
        col(Suppression.reason) == reason,
    )
