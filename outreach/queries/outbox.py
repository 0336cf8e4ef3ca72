"""Reads the outbox: who got it, who did not, and why."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.states import MessageState
from outreach.store.accounts import resting
from outreach.store.parts import parts_of
from outreach.store.tables import Bounce, Call, Mailing, Message

CAME_BACK = "came back: "
AT_ONCE = 50_000
"""So many messages are counted together."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a kind are in a state, for a reason."""

    call: str
    kind: str
    occurrence: str
    state: str
    reason: str
    messages: int


@dataclass(frozen=True, slots=True)
class Line:
    """One message: to whom, what became of it, why, and when. ``came_back``: why it bounced after it was sent."""

    id: int
    call: str
    kind: str
    address: str
    state: str
    reason: str
    detail: str
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    rehearsal: bool
    test: bool
    came_back: str


def counts(session: Session, call: str = "") -> list[Count]:
    """How the messages stand, for each call, mailing, state and reason; of one call, or of all."""
    keys = (
        sa.func.coalesce(col(Call.slug), ""),
        col(Message.kind),
        sa.func.coalesce(col(Mailing.occurrence), ""),
        col(Message.state),
        _reason(),
        col(Message.mailing_id),
    )
    statement = (
        sa.select(*keys, sa.func.count(), sa.func.min(col(Message.id)))
        .select_from(Message)
        .outerjoin(Call, col(Call.id) == col(Message.call_id))
        .outerjoin(Mailing, col(Mailing.id) == col(Message.mailing_id))
        .outerjoin(Bounce, col(Bounce.message_id) == col(Message.id))
        .where(col(Message.test).is_(False))
        .group_by(*keys)
    )
    if call:
        statement = statement.where(col(Call.slug) == call)
    numbers, firsts = Counter[tuple[Any, ...]](), dict[tuple[Any, ...], int]()
    for part in parts_of(session, col(Message.id), AT_ONCE):
        for *key, number, first in session.execute(statement.where(part.of(col(Message.id)))):
            numbers[tuple(key)] += number
            firsts.setdefault(tuple(key), first)
    ordered = sorted(numbers, key=lambda key: (key[0], firsts[key], key[3].value))
    return [
        Count(slug, kind.value, occurrence, state.value, reason, numbers[slug, kind, occurrence, state, reason, of])
        for slug, kind, occurrence, state, reason, of in ordered
    ]


def _reason() -> sa.ColumnElement[str]:
    """Why a message is in its state; of one that was sent, why it came back afterwards."""
    came_back = sa.literal(CAME_BACK) + sa.cast(col(Bounce.reason), sa.String)
    return sa.case((col(Bounce.id).is_not(None), came_back), else_=col(Message.reason))


def lines(
    session: Session,
    *,
    call: str = "",
    state: MessageState | None = None,
    kind: str = "",
    address: str = "",
    salt: bytes = b"",
    limit: int = 50,
) -> list[Line]:
    """The newest messages that meet all that is given, at most ``limit``."""
    statement = (
        sa.select(Message, col(Call.slug), Bounce)
        .outerjoin(Call, col(Call.id) == col(Message.call_id))
        .outerjoin(Bounce, col(Bounce.message_id) == col(Message.id))
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    if call:
        statement = statement.where(col(Call.slug) == call)
    if state:
        statement = statement.where(col(Message.state) == state)
    if kind:
        statement = statement.where(col(Message.kind) == kind)
    if address:
        digest = address_digest(parse_address(address).key, salt)
        statement = statement.where(col(Message.address_digest) == digest)
    return [_line(message, slug or "", bounce) for message, slug, bounce in session.execute(statement)]


def _line(message: Message, slug: str, bounce: Bounce | None) -> Line:
    came_back = f"{CAME_BACK}{bounce.reason.value} {bounce.diagnostic}".strip() if bounce else ""
    return Line(
        id=message.id or 0,
        call=slug,
        kind=message.kind.value,
        address=message.address,
        state=message.state.value,
        reason=message.reason,
        detail=message.detail,
        attempts=message.attempts,
        due_at=message.due_at,
        settled_at=message.settled_at,
        rehearsal=message.rehearsal,
        test=message.test,
        came_back=came_back,
    )


def account_rests(session: Session, now: datetime) -> str:
    """Why no mail leaves at the moment; empty when mails may leave."""
    account = resting(session, now)
    if account is None:
        return ""
    if account.needs_person or account.rests_until is None:
        return f"Nothing is sent until a person has looked: {account.reason}"
    return f"Nothing is sent before {account.rests_until:%Y-%m-%d %H:%M} UTC: {account.reason}"


def as_data(rows: list[Count] | list[Line]) -> list[dict[str, Any]]:
    """The rows for --json."""
    return [asdict(row) for row in rows]
