"""The outbox as a queue: claim what may go now, settle what came of it, retire what nobody wants any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.judging import Verdict
from outreach.domain.kinds import KINDS
from outreach.domain.pacing import Rooms
from outreach.domain.states import MessageState
from outreach.rendering.attachments import Attachment
from outreach.rendering.composing import MailRecord
from outreach.store.carried import carried_by
from outreach.store.stopping import claim_beside_others, none_is_stopped
from outreach.store.tables import Attempt, Call, CallText, Mailing, Message
from outreach.store.tables.messages import READY
from outreach.store.wanted import TOO_LATE, unwanted

PRIORITIES = tuple(sorted({rules.priority for rules in KINDS.values()}))
COPIES = 2
"""Nothing is ever submitted more often than this."""
RETIRED_AT_ONCE = 1000
TABLE: sa.Table = Message.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed message with everything that is needed to render it, and nothing to look up later."""

    record: MailRecord
    domain: str
    attempts: int

    @property
    def id(self) -> int:
        """The message's row."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class Settlement:
    """A message and the verdict on its last attempt."""

    message_id: int
    verdict: Verdict
    at: datetime


def claim(
    session: Session, *, now: datetime, owner: str, want: int, rehearsal: bool, rooms: Rooms | None = None
) -> list[Claimed]:
    """Claim up to ``want`` messages that are due and still wanted, for ``owner``; retire those no longer wanted.

    ``rehearsal`` messages go only through a transport that writes files, real ones only through a real server.
    ``rooms``: how many may leave to each recipient domain at the moment. While all mail is stopped there are none.
    """
    claim_beside_others(session)
    rooms = rooms or Rooms()
    ids: list[int] = []
    for priority in PRIORITIES:
        while len(ids) < want:
            full = rooms.full
            waiting = _waiting(session, priority, now, want - len(ids), rehearsal=rehearsal, full=full)
            chosen = [found for found, domain in waiting if rooms.take(domain)]
            if not chosen:
                break
            marked = _mark_claimed(session, chosen, now, owner)
            ids += [found for found in chosen if found in marked]
            if len(marked) < len(chosen):  # where one is no longer wanted, a whole mailing may not be
                behind = _waiting(session, priority, now, RETIRED_AT_ONCE, rehearsal=rehearsal, full=full)
                _retire(session, [*chosen, *(found for found, _ in behind)], now)
    return _load(session, ids)


def _waiting(
    session: Session, priority: int, now: datetime, limit: int, *, rehearsal: bool, full: Sequence[str]
) -> list[tuple[int, str]]:
    """The first messages in the queue that are due, each with its domain; nobody else can claim them meanwhile."""
    values = {"priority": priority, "rehearsal": rehearsal, "now": now, "limit": limit, "full": full}
    return [(found, domain) for found, domain in session.execute(_due_in_queue(), values) if found is not None]


# These statements run at every turn, and writing them takes longer than running them: they are written once.


@cache
def _due_in_queue() -> sa.Executable:
    return (
        _queue()
        .with_only_columns(col(Message.id), col(Message.domain))
        .where(col(Message.due_at) <= sa.bindparam("now"))
        .where(col(Message.domain).not_in(sa.bindparam("full", expanding=True)))
        .with_for_update(skip_locked=True)
    )


@cache
def _queue() -> sa.Select[Any]:
    """The messages of a priority that may be claimed once they are due, in the order of an index."""
    return (
        sa.select(col(Message.due_at))
        .where(READY, col(Message.priority) == sa.bindparam("priority"))
        .where(col(Message.rehearsal) == sa.bindparam("rehearsal"))
        .where(~_paused(), none_is_stopped())
        .order_by(col(Message.due_at), col(Message.id))
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def _paused() -> sa.ColumnElement[bool]:
    """The message's call is paused. Signing goes on meanwhile, so confirmations and receipts do too."""
    paused = sa.exists().where(col(Call.id) == col(Message.call_id), col(Call.paused_at).is_not(None))
    return sa.and_(col(Message.bulk).is_(True), paused)


def _mark_claimed(session: Session, candidates: list[int], now: datetime, owner: str) -> set[int]:
    found = session.execute(_mark(), {"candidates": candidates, "now": now, "owner": owner})
    return {row for (row,) in found if row is not None}


@cache
def _mark() -> sa.Executable:
    now = sa.bindparam("now", type_=TABLE.c.claimed_at.type)
    return (
        sa.update(TABLE)
        .where(TABLE.c.id.in_(sa.bindparam("candidates", expanding=True)), READY, unwanted(now).is_(None))
        .values(
            state=MessageState.SENDING,
            claimed_at=now,
            claimed_by=sa.bindparam("owner"),
            text_id=sa.func.coalesce(_current_text(), TABLE.c.text_id),
        )
        .returning(TABLE.c.id)
    )


def _current_text() -> sa.ScalarSelect[int | None]:
    """The call's present template for a message: it may have been edited while the message was in flight."""
    return (
        sa.select(sa.func.max(CallText.id))
        .where(
            col(CallText.call_id) == col(Message.call_id),
            col(CallText.kind) == col(Message.kind),
            col(CallText.language) == col(Message.language),
            col(CallText.current).is_(True),
        )
        .correlate(Message)
        .scalar_subquery()
    )


def _retire(session: Session, candidates: list[int], now: datetime) -> None:
    """What is no longer wanted leaves the queue with its reason: expired if too late, else cancelled."""
    session.execute(_leave(), {"candidates": candidates, "now": now})


@cache
def _leave() -> sa.Executable:
    now = sa.bindparam("now", type_=TABLE.c.settled_at.type)
    reason = unwanted(now)
    state = sa.case((reason == TOO_LATE, MessageState.EXPIRED.value), else_=MessageState.CANCELLED.value)
    return (
        sa.update(TABLE)
        .where(TABLE.c.id.in_(sa.bindparam("candidates", expanding=True)), READY, reason.is_not(None))
        .values(state=sa.type_coerce(state, TABLE.c.state.type), reason=reason, settled_at=now)
    )


def retire_unwanted(session: Session, now: datetime) -> int:
    """Let everything leave the queue that is no longer wanted, due or not; how many left."""
    ids = session.execute(_no_longer_wanted(), {"now": now}).scalars()
    candidates = [found for found in ids if found is not None]
    if candidates:
        _retire(session, candidates, now)
    return len(candidates)


@cache
def _no_longer_wanted() -> sa.Executable:
    now = sa.bindparam("now", type_=TABLE.c.settled_at.type)
    statement = sa.select(col(Message.id)).where(READY, unwanted(now).is_not(None)).limit(5000)
    return statement.with_for_update(skip_locked=True, of=Message)


def _load(session: Session, ids: list[int]) -> list[Claimed]:
    if not ids:
        return []
    rows = session.execute(_whole(), {"ids": ids}).all()
    claimed = {
        message.id: _claimed(message, source, shared, slug, carried_by(session, message))
        for message, source, shared, slug in rows
    }
    return [claimed[found] for found in ids]


@cache
def _whole() -> sa.Select[Any]:
    """A message with all that is needed to write it."""
    return (
        sa.select(Message, col(CallText.source), col(Mailing.shared), col(Call.slug))
        .join(CallText, col(CallText.id) == col(Message.text_id))
        .outerjoin(Mailing, col(Mailing.id) == col(Message.mailing_id))
        .outerjoin(Call, col(Call.id) == col(Message.call_id))
        .where(col(Message.id).in_(sa.bindparam("ids", expanding=True)))
        .execution_options(populate_existing=True)
    )


def _claimed(
    message: Message,
    source: str,
    shared: dict[str, Any] | None,
    slug: str | None,
    documents: tuple[Attachment, ...],
) -> Claimed:
    record = MailRecord(
        id=message.id or 0,
        kind=message.kind,
        bulk=message.bulk,
        test=message.test,
        call_id=message.call_id or 0,
        call_slug=slug or "",
        contact_id=message.contact_id or 0,
        signature_id=message.signature_id or 0,
        address=message.address,
        language=message.language,
        time_zone=message.time_zone,
        source=source,
        shared=shared or {},
        values=message.values,
        date=message.claimed_at or message.queued_at,
        documents=documents,
    )
    return Claimed(record, message.domain, message.attempts)


def load_message(session: Session, message_id: int) -> Claimed | None:
    """One message as it would be rendered, claimed or not; None if there is none."""
    exists = session.get(Message, message_id)
    return _load(session, [message_id])[0] if exists else None


def settle(session: Session, settlements: Sequence[Settlement], owner: str) -> None:
    """Write what came of each attempt of ``owner``: the message's state and one line of its history.

    A message that was taken from the owner meanwhile, because it seemed dead, keeps its state; only that the
    server accepted it is still good to know of one that is in doubt.
    """
    if not settlements:
        return
    session.execute(_settle(), [{"owner": owner, **_settled(one)} for one in settlements])
    session.execute(
        sa.insert(Attempt),
        [
            {
                "message_id": one.message_id,
                "at": one.at,
                "state": one.verdict.state,
                "reason": one.verdict.reason,
                "detail": one.verdict.detail,
            }
            for one in settlements
        ],
    )


@cache
def _settle() -> sa.Update:
    table = TABLE
    owned = sa.and_(table.c.state == MessageState.SENDING, table.c.claimed_by == sa.bindparam("owner"))
    proven = sa.and_(table.c.state == MessageState.UNKNOWN, sa.bindparam("sent", type_=sa.Boolean))
    return (
        sa.update(table)
        .where(table.c.id == sa.bindparam("message"), sa.or_(owned, proven))
        .values(
            state=sa.bindparam("to"),
            reason=sa.bindparam("why"),
            detail=sa.bindparam("said"),
            due_at=sa.bindparam("due"),
            attempts=table.c.attempts + sa.bindparam("counted"),
            # A copy of a message in doubt has been counted when it came into doubt.
            copies=table.c.copies + sa.case((owned, sa.bindparam("copied", type_=sa.Integer)), else_=0),
            settled_at=sa.bindparam("at"),
            sent_at=sa.case((sa.bindparam("sent"), sa.bindparam("at")), else_=table.c.sent_at),
            claimed_by="",
        )
    )


def _settled(one: Settlement) -> dict[str, Any]:
    return {
        "message": one.message_id,
        "to": one.verdict.state,
        "why": one.verdict.reason,
        "said": one.verdict.detail,
        "due": one.at + one.verdict.wait,
        "counted": int(one.verdict.counted),
        "copied": int(one.verdict.copy),
        "at": one.at,
        "sent": one.verdict.state is MessageState.SENT,
    }


def next_due(session: Session, *, rehearsal: bool) -> datetime | None:
    """When the next message may be claimed; None when the queue is empty, or all mail is stopped."""
    values = {"rehearsal": rehearsal, "limit": 1}
    first = (session.execute(_queue(), {**values, "priority": each}).scalar() for each in PRIORITIES)
    return min((due_at for due_at in first if due_at is not None), default=None)
