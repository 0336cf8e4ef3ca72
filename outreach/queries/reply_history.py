"""Reads what passed between us and the person who wrote a reply."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import MessageKind
from outreach.domain.replies import ReplyKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, ReplyState, SignatureState
from outreach.store.tables import Call, Message, Reply, Signature

LAST = 8


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing that passed. ``what`` is a reply, a message or a signature; ``call`` the title of its call."""

    at: datetime
    what: str
    kind: ReplyKind | MessageKind | SignatureKind
    state: ReplyState | MessageState | SignatureState
    call: str
    number: int


def history_with(session: Session, reply: Reply, calls: frozenset[int] | None) -> list[Passed]:
    """The last things, newest first, of the calls that the reader may see (None: all); without the reply itself."""
    rows = [
        *_replies(session, reply, calls),
        *_messages(session, reply, calls),
        *_signatures(session, reply, calls),
    ]
    return sorted(rows, key=lambda one: one.at, reverse=True)[: 2 * LAST]


def _replies(session: Session, reply: Reply, calls: frozenset[int] | None) -> list[Passed]:
    same = [col(Reply.contact_id) == reply.contact_id] if reply.contact_id else []
    same += [col(Reply.sender_digest) == reply.sender_digest] if reply.sender_digest else []
    if not same:
        return []
    statement = (
        sa.select(col(Reply.at), col(Reply.kind), col(Reply.state), col(Call.title), col(Reply.id))
        .outerjoin(Call, col(Call.id) == col(Reply.call_id))
        .where(sa.or_(*same), col(Reply.id) != reply.id, _of(col(Reply.call_id), calls))
        .order_by(col(Reply.id).desc())
        .limit(LAST)
    )
    return [
        Passed(at, "reply", kind, state, call or "", number)
        for at, kind, state, call, number in session.execute(statement)
    ]


def _messages(session: Session, reply: Reply, calls: frozenset[int] | None) -> list[Passed]:
    if reply.contact_id is None:
        return []
    statement = (
        sa.select(col(Message.queued_at), col(Message.kind), col(Message.state), col(Call.title), col(Message.id))
        .outerjoin(Call, col(Call.id) == col(Message.call_id))
        .where(col(Message.contact_id) == reply.contact_id, _of(col(Message.call_id), calls))
        .order_by(col(Message.id).desc())
        .limit(LAST)
    )
    return [
        Passed(at, "message", kind, state, call or "", number)
        for at, kind, state, call, number in session.execute(statement)
    ]


def _signatures(session: Session, reply: Reply, calls: frozenset[int] | None) -> list[Passed]:
    if reply.contact_id is None:
        return []
    statement = (
        sa.select(
            *(col(Signature.submitted_at), col(Signature.kind), col(Signature.state)),
            *(col(Call.title), col(Signature.id)),
        )
        .join(Call, col(Call.id) == col(Signature.call_id))
        .where(col(Signature.contact_id) == reply.contact_id, _of(col(Signature.call_id), calls))
        .order_by(col(Signature.id).desc())
        .limit(LAST)
    )
    return [
        Passed(at, "signature", kind, state, call, number)
        for at, kind, state, call, number in session.execute(statement)
    ]


def _of(column: Any, calls: frozenset[int] | None) -> sa.ColumnElement[bool]:
    """A column with a call's number is one of those."""
    if calls is None:
        return sa.true()
    allowed: sa.ColumnElement[bool] = column.in_(calls)
    return allowed if calls else sa.false()
