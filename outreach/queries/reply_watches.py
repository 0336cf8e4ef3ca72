"""Reads who has a reply open, and whether it is still as somebody saw it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.replies import LONG_WATCHED, WATCHED
from outreach.queries.replies import find_reply
from outreach.store.tables import Event, Reply, ReplyEffect, ReplyWatch, Signature, User


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who has the reply open, and for how long; ``longer``: for at least that."""

    name: str
    span: timedelta
    longer: bool


def others_at(session: Session, reply_id: int, user_id: int, now: datetime) -> list[Watcher]:
    """Everybody else who has it open now, the first to open it first."""
    statement = (
        sa.select(col(User.name), col(User.address), col(ReplyWatch.at))
        .join(User, col(User.id) == col(ReplyWatch.user_id))
        .where(col(ReplyWatch.reply_id) == reply_id, col(ReplyWatch.user_id) != user_id)
        .where(col(ReplyWatch.at) > now - WATCHED)
        .order_by(col(ReplyWatch.at))
    )
    found = [(name or address, now - at) for name, address, at in session.execute(statement)]
    return [Watcher(name, min(span, LONG_WATCHED), span > LONG_WATCHED) for name, span in found]


def version_of(session: Session, reply: Reply) -> str:
    """A short word that is another one as soon as anybody has done anything about the reply."""
    last = sa.select(sa.func.max(col(Event.id))).where(
        col(Event.subject) == "reply", col(Event.subject_id) == reply.id
    )
    effects = (
        sa.select(col(ReplyEffect.id), col(ReplyEffect.undone_at), col(Signature.state))
        .outerjoin(Signature, col(Signature.id) == col(ReplyEffect.signature_id))
        .where(col(ReplyEffect.reply_id) == reply.id)
        .order_by(col(ReplyEffect.id))
    )
    facts = [
        *(reply.state, reply.kind, reply.call_id, reply.contact_id, reply.post_id, reply.until),
        session.execute(last).scalar(),
        *(tuple(row) for row in session.execute(effects)),
    ]
    return hashlib.sha256(repr([str(fact) for fact in facts]).encode()).hexdigest()[:16]


def find_unchanged(session: Session, number: int, version: str) -> Reply:
    """The reply, if it is as it was at that version. Raises Refusal with who changed it, or if there is none.

    In a transaction that writes, nobody else changes it until it ends.
    """
    reply = find_reply(session, number)
    if version_of(session, reply) != version:
        raise Refusal(
            f"Reply {number} has changed since you opened it: {_who(session, reply)} it first. "
            "Nothing was done; look at it again."
        )
    return reply


def _who(session: Session, reply: Reply) -> str:
    statement = (
        sa.select(col(Event.by), col(User.name))
        .outerjoin(User, col(User.address) == col(Event.by))
        .where(col(Event.subject) == "reply", col(Event.subject_id) == reply.id)
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    return f"{row[1] or row[0]} has sorted" if row else "somebody has sorted"
