"""The outbox as a queue: claim what may go now, and retire what nobody wants any more."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.pacing import Rooms
from outreach.domain.states import MessageState
from outreach.rendering.composing import MailRecord
from outreach.store.carried import carried_by
from outreach.store.frozen import NOTHING_SHARED, Frozen
from outreach.store.prepared import PreparedFor, Wording, given, in_json
from outreach.store.stopping import claim_beside_others, none_is_stopped
from outreach.store.tables import Call, CallText, Message, WorkspaceFact
from outreach.store.tables.messages import READY
from outreach.store.wanted import TOO_LATE, unwanted

PRIORITIES = tuple(sorted({rules.priority for rules in KINDS.values()}))
COPIES = 2
"""Nothing is ever submitted more often than this."""
RETIRED_AT_ONCE = 1000
LOOKED_AT = 10_000
"""So many messages are asked at a ring whether they are still wanted: a tenth of a second."""
_LOOKED_TO = "queue_looked_to"
TABLE: sa.Table = Message.__table__  # type: ignore[attr-defined]
_ORDER: Final = (TABLE.c.priority, TABLE.c.due_at, TABLE.c.id)
"""The order of the queue, which is that of ix_message_ready."""
COLUMNS: Final = (
    "id",
    "kind",
    "bulk",
    "test",
    "call_id",
    "mailing_id",
    "contact_id",
    "signature_id",
    "address",
    "domain",
    "language",
    "time_zone",
    "text_id",
    "values",
    "attempts",
)
_MAILING, _TEXT = COLUMNS.index("mailing_id"), COLUMNS.index("text_id")


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


def claim(
    session: Session,
    *,
    now: datetime,
    owner: str,
    want: int,
    rehearsal: bool,
    rooms: Rooms | None = None,
    frozen: Frozen | None = None,
) -> list[Claimed]:
    """Claim up to ``want`` messages that are due and still wanted, for ``owner``; retire those no longer wanted.

    ``rehearsal`` messages go only through a transport that writes files, real ones only through a real server.
    ``rooms``: how many may leave to each recipient domain at the moment. While all mail is stopped there are none.
    ``frozen``: what is known already of what many messages have in common.
    """
    claim_beside_others(session)
    rooms, frozen = rooms or Rooms(), frozen or Frozen()
    claimed: list[Claimed] = []
    while len(claimed) < want:
        full = rooms.full
        waiting = _waiting(session, now, want - len(claimed), rehearsal=rehearsal, full=full)
        chosen = [found for found, domain in waiting if rooms.take(domain)]
        if not chosen:
            break
        _MARK.run(session, candidates=in_json(chosen), now=now, owner=owner)
        marked = _load(session, chosen, frozen, state=MessageState.SENDING, owner=owner, date=now)
        claimed += marked
        if len(marked) < len(chosen):  # where one is no longer wanted, a whole mailing may not be
            behind = _waiting(session, now, RETIRED_AT_ONCE, rehearsal=rehearsal, full=full)
            _retire(session, [*chosen, *(found for found, _ in behind)], now)
    return claimed


def _waiting(
    session: Session, now: datetime, limit: int, *, rehearsal: bool, full: Sequence[str]
) -> list[tuple[int, str]]:
    """The first messages in the queue that are due, each with its domain; nobody else can claim them meanwhile."""
    found = _DUE.run(session, rehearsal=rehearsal, now=now, limit=limit, full=in_json(full))
    return json.loads(found[0][0] or "[]")  # type: ignore[no-any-return]


def _due(wording: Wording) -> sa.Select[Any]:
    """The head of the queue: what is due of each priority, the most urgent first."""
    # A bare place after LIMIT is looked at, and the statement written anew, at each run (see Prepared).
    limit = sa.cast(given("limit", sa.Integer()), sa.Integer)
    waiting = (
        _queue(priority, given("rehearsal", sa.Boolean()), limit)
        .with_only_columns(col(Message.id).label("id"), col(Message.domain).label("domain"))
        .where(col(Message.due_at) <= given("now", TABLE.c.due_at.type))
        .where(col(Message.domain).not_in(wording.texts("full")))
        .with_for_update(skip_locked=True)
        .subquery()
        for priority in PRIORITIES
    )
    first = sa.union_all(*(sa.select(each.c.id, each.c.domain) for each in waiting))
    return wording.one_text(first.limit(limit).subquery())


_DUE = PreparedFor(_due)


def _queue(priority: int, rehearsal: Any, limit: Any) -> sa.Select[Any]:
    """The messages of a priority that may be claimed once they are due, in the order of an index."""
    return (
        sa.select(col(Message.due_at))
        .where(READY, col(Message.priority) == priority)
        .where(col(Message.rehearsal) == rehearsal)
        .where(~_paused(), none_is_stopped())
        .order_by(col(Message.due_at), col(Message.id))
        .limit(limit)
    )


def _paused() -> sa.ColumnElement[bool]:
    """The message's call is paused. Signing goes on meanwhile, so confirmations and receipts do too."""
    paused = sa.exists().where(col(Call.id) == col(Message.call_id), col(Call.paused_at).is_not(None))
    return sa.and_(col(Message.bulk).is_(True), paused)


def _mark(wording: Wording) -> sa.Update:
    now = given("now", TABLE.c.claimed_at.type)
    return (
        sa.update(TABLE)
        .where(wording.is_among(TABLE.c.id, "candidates"), READY, unwanted(now).is_(None))
        .values(
            state=MessageState.SENDING,
            claimed_at=now,
            claimed_by=given("owner"),
            text_id=sa.func.coalesce(_current_text(), TABLE.c.text_id),
        )
    )


_MARK = PreparedFor(_mark)


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
    _LEAVE.run(session, candidates=in_json(candidates), now=now)


def _leave(wording: Wording) -> sa.Update:
    now = given("now", TABLE.c.settled_at.type)
    reason = unwanted(now)
    state = sa.case((reason == TOO_LATE, MessageState.EXPIRED.value), else_=MessageState.CANCELLED.value)
    return (
        sa.update(TABLE)
        .where(wording.is_among(TABLE.c.id, "candidates"), READY, reason.is_not(None))
        .values(state=sa.type_coerce(state, TABLE.c.state.type), reason=reason, settled_at=now)
    )


_LEAVE = PreparedFor(_leave)


def retire_unwanted(session: Session, now: datetime) -> int:
    """Let what is no longer wanted leave the queue, due or not; how many left.

    Of a long queue that is looked for in LOOKED_AT messages at a time, where the last ring left off; what nobody
    wants is never claimed meanwhile.
    """
    kept = session.get(WorkspaceFact, _LOOKED_TO)
    start = _place(kept.value) if kept else None
    end = session.execute(_end_of_slice(start)).first()
    places = {**_named(_START, start), **_named(_END, end)}
    candidates = [found for (found,) in _WANTED_NO_MORE[bool(start), bool(end)].run(session, now=now, **places)]
    if candidates:
        _retire(session, candidates, now)
    if end or start:
        session.merge(WorkspaceFact(name=_LOOKED_TO, value=_written(end)))
    return len(candidates)


_START, _END = "start", "end"


def _named(name: str, place: Sequence[Any] | None) -> dict[str, Any]:
    """The values of a place in the order of the queue, as ``_given_place`` names them."""
    return {f"{name}_{column.name}": value for column, value in zip(_ORDER, place or (), strict=False)}


def _given_place(name: str) -> sa.Tuple:
    return sa.tuple_(*(given(f"{name}_{column.name}", column.type) for column in _ORDER))


def _wanted_no_more(_wording: Wording, *, start: bool, end: bool) -> sa.Select[Any]:
    """The messages of a slice of the queue, which may have no start or no end, that nobody else has locked."""
    here = sa.tuple_(*_ORDER)
    inside = [*([here > _given_place(_START)] if start else []), *([here <= _given_place(_END)] if end else [])]
    reason = unwanted(given("now", TABLE.c.settled_at.type))
    found = sa.select(col(Message.id)).where(READY, *inside, reason.is_not(None))
    return found.with_for_update(skip_locked=True, of=Message)


_WANTED_NO_MORE = {
    (start, end): PreparedFor(partial(_wanted_no_more, start=start, end=end))
    for start, end in product((False, True), repeat=2)
}


def _end_of_slice(start: Sequence[Any] | None) -> sa.Select[Any]:
    """The last place of the next slice of the queue; none where the queue ends before."""
    return sa.select(*_ORDER).where(READY, *_after(start)).order_by(*_ORDER).offset(LOOKED_AT - 1).limit(1)


def _after(start: Sequence[Any] | None) -> list[sa.ColumnElement[bool]]:
    return [sa.tuple_(*_ORDER) > _values(start)] if start else []


def _values(place: Sequence[Any]) -> sa.Tuple:
    return sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(place, _ORDER, strict=True)))


def _place(kept: str) -> tuple[int, datetime, int] | None:
    priority, _, rest = kept.partition(" ")
    number, _, due = rest.partition(" ")
    return (int(priority), datetime.fromisoformat(due), int(number)) if kept else None


def _written(place: Sequence[Any] | None) -> str:
    return f"{place[0]} {place[2]} {place[1].isoformat()}" if place else ""


def _load(
    session: Session, ids: list[int], frozen: Frozen, *, state: MessageState, owner: str, date: datetime
) -> list[Claimed]:
    """The messages of these that are in a state and ``owner``'s, in the order of ``ids``."""
    found = _WHOLE.run(session, ids=in_json(ids), state=state.value, owner=owner)
    rows = {row[0]: row for row in json.loads(found[0][0] or "[]")}
    frozen.learn(session, {row[_TEXT] for row in rows.values()}, {row[_MAILING] for row in rows.values()})
    return [_claimed(session, rows[each], frozen, date) for each in ids if each in rows]


def _whole(wording: Wording) -> sa.Select[Any]:
    """What a message's own row says of it: the columns of ``_claimed``, in their order."""
    theirs = sa.select(
        *(TABLE.c[name] for name in COLUMNS),
        sa.select(col(Call.slug)).where(col(Call.id) == TABLE.c.call_id).scalar_subquery().label("slug"),
    ).where(
        wording.is_among(TABLE.c.id, "ids"),
        # As a bare place it would be looked at for each of the partial indexes, and the statement written anew.
        sa.cast(TABLE.c.state, sa.String) == given("state"),
        TABLE.c.claimed_by == given("owner"),
    )
    return wording.one_text(theirs.subquery())


_WHOLE = PreparedFor(_whole)


def _claimed(session: Session, row: Sequence[Any], frozen: Frozen, date: datetime) -> Claimed:
    (
        number, kind, bulk, test, call_id, mailing_id, contact_id, signature_id, address, domain, language,
        time_zone, text_id, values, attempts, slug,
    ) = row  # fmt: skip
    kind = MessageKind(kind)
    record = MailRecord(
        id=number,
        kind=kind,
        bulk=bool(bulk),
        test=bool(test),
        call_id=call_id or 0,
        call_slug=slug or "",
        contact_id=contact_id or 0,
        signature_id=signature_id or 0,
        address=address,
        language=language,
        time_zone=time_zone,
        source=frozen.sources[text_id],
        shared=frozen.shared[mailing_id] if mailing_id else NOTHING_SHARED,
        values=values,
        date=date,
        documents=carried_by(session, number, kind),
    )
    return Claimed(record, domain, attempts)


def load_message(session: Session, message_id: int) -> Claimed | None:
    """One message as it would be rendered, claimed or not; None if there is none."""
    message = session.get(Message, message_id)
    if message is None:
        return None
    date = message.claimed_at or message.queued_at
    return _load(session, [message_id], Frozen(), state=message.state, owner=message.claimed_by, date=date)[0]


def next_due(session: Session, *, rehearsal: bool) -> datetime | None:
    """When the next message may be claimed; None when the queue is empty, or all mail is stopped."""
    first = (session.execute(_queue(each, rehearsal, 1)).scalar() for each in PRIORITIES)
    return min((due_at for due_at in first if due_at is not None), default=None)
