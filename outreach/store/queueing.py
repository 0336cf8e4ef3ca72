"""Queues a mailing: an INSERT ... SELECT for each part of the list, and the rows it makes obsolete."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.states import MessageState, SignatureState
from outreach.store import wanted
from outreach.store.bulk import with_room
from outreach.store.parts import parts_of
from outreach.store.recipient_values import recipient_values
from outreach.store.recipients import recipients
from outreach.store.statements import insert_missing
from outreach.store.tables import Call, CallText, Contact, Mailing, Message, Organisation, Signature
from outreach.store.tables.messages import READY

DUE = Message.__table__.c.due_at.type  # type: ignore[attr-defined]
AT_ONCE = 5_000
"""So many contacts are gone through in a statement: what SQLite must be able to undo of one, it keeps in memory."""


def queue_mailing(
    session: Session,
    call: Call,
    mailing: Mailing,
    due: Mapping[str, datetime] | datetime,
    *,
    now: datetime,
    house: House,
) -> int:
    """Insert one message for each person the mailing goes to; how many were inserted.

    ``due`` says when the messages may go: all of them, or those of each zone; who lives in a zone that is not in it
    gets none. Whoever has a row of this mailing already gets no second one.
    """
    texts = _texts(session, call, mailing.kind)
    if not due or not texts:
        return 0
    zone = sa.func.coalesce(sa.func.nullif(col(Contact.time_zone), ""), house.time_zone)
    zones = None if isinstance(due, datetime) else _zones(due)
    columns = _columns(call, mailing, now=now) | {
        "language": _language(call, texts),
        "text_id": _text_id(call, texts),
        "time_zone": zone,
        "due_at": sa.literal(due, DUE) if zones is None else zones.c.due,
    }
    statement = (
        sa.select(*columns.values())
        .select_from(Contact)
        .outerjoin(Organisation, col(Organisation.id) == col(Contact.organisation_id))
        .outerjoin(Signature, _signature_of(call) if _has_signatures(session, call) else sa.false())
        .order_by(col(Contact.id))  # so that the outbox has one order on every database
    )
    if zones is not None:
        statement = statement.join(zones, zones.c.zone == zone)
    if call.default_language not in texts:
        statement = statement.where(col(Contact.language).in_(texts))
    whom = recipients(session, call, mailing, house.salt)
    queued = 0
    with with_room(session):
        for part in parts_of(session, col(Contact.id), AT_ONCE):
            some = statement.where(*whom(part))
            insert = insert_missing(session, Message).from_select(list(columns), some).on_conflict_do_nothing()
            queued += session.execute(insert).rowcount  # type: ignore[attr-defined]
    return queued


def _zones(due: Mapping[str, datetime]) -> Any:
    table = sa.values(sa.column("zone", sa.String), sa.column("due", DUE), name="zone_due")
    return table.data(list(due.items())).cte("zones")


def _texts(session: Session, call: Call, kind: MessageKind) -> dict[str, int]:
    """The call's texts of a kind, by language."""
    rows = session.execute(
        sa.select(col(CallText.language), col(CallText.id)).where(
            col(CallText.call_id) == call.id, col(CallText.kind) == kind, col(CallText.current).is_(True)
        )
    )
    return {language: number for language, number in rows}  # noqa: C416  a row is no pair to dict()


def _language(call: Call, texts: Mapping[str, int]) -> Any:
    """The contact's language if the call has this text in it, otherwise the call's."""
    known = col(Contact.language).in_(texts)
    return sa.type_coerce(sa.case((known, col(Contact.language)), else_=call.default_language), sa.String)


def _text_id(call: Call, texts: Mapping[str, int]) -> Any:
    return sa.case(texts, value=col(Contact.language), else_=texts.get(call.default_language))


def _has_signatures(session: Session, call: Call) -> bool:
    """Whether anybody at all has signed: if not, it need not be asked of each."""
    some = sa.exists().where(col(Signature.call_id) == call.id)
    return bool(session.execute(sa.select(some)).scalar())


def _signature_of(call: Call) -> sa.ColumnElement[bool]:
    """The confirmed signature that a contact gave, the first if there are several.

    Whose organisation had signed already has signed as well: those entries are merged.
    """
    first = (
        sa.select(sa.func.min(Signature.id))
        .where(
            col(Signature.call_id) == call.id,
            col(Signature.state).in_((SignatureState.CONFIRMED, SignatureState.MERGED)),
            col(Signature.contact_id) == col(Contact.id),
        )
        .correlate(Contact)
        .scalar_subquery()
    )
    return col(Signature.id) == first


def _columns(call: Call, mailing: Mailing, *, now: datetime) -> dict[str, Any]:
    rules = KINDS[mailing.kind]
    types = Message.__table__.c  # type: ignore[attr-defined]

    def fixed(name: str, value: Any) -> Any:
        return sa.literal(value, types[name].type).label(name)

    return {
        "kind": fixed("kind", mailing.kind),
        "bulk": fixed("bulk", rules.bulk),
        "test": fixed("test", value=False),
        "rehearsal": fixed("rehearsal", call.rehearsal),
        "priority": fixed("priority", rules.priority),
        "call_id": fixed("call_id", call.id),
        "mailing_id": fixed("mailing_id", mailing.id),
        "contact_id": col(Contact.id),
        "signature_id": col(Signature.id),
        "address": col(Contact.address),
        "address_digest": col(Contact.address_digest),
        "domain": col(Contact.domain),
        "values": recipient_values(),
        "state": fixed("state", MessageState.QUEUED),
        "reason": fixed("reason", ""),
        "detail": fixed("detail", ""),
        "not_after": fixed("not_after", mailing.not_after),
        "attempts": fixed("attempts", 0),
        "copies": fixed("copies", 0),
        "queued_at": fixed("queued_at", now),
        "claimed_by": fixed("claimed_by", ""),
    }


def zones_of_contacts(session: Session, house: House) -> set[str]:
    """The time zones in which anybody lives."""
    zone = sa.func.coalesce(sa.func.nullif(col(Contact.time_zone), ""), house.time_zone)
    return set(session.execute(sa.select(zone).distinct()).scalars())


def zones_waiting(session: Session, kinds: Sequence[MessageKind], now: datetime) -> set[str]:
    """The time zones of those to whom a due message of these kinds has not gone yet."""
    waits = sa.select(col(Message.time_zone)).where(READY, col(Message.kind).in_(kinds), col(Message.due_at) <= now)
    return set(session.execute(waits.distinct()).scalars())


def postpone(session: Session, kinds: Sequence[MessageKind], zone: str, until: datetime, *, now: datetime) -> int:
    """Let what is due in a zone wait until a later moment; how many messages."""
    result = session.execute(
        sa.update(Message)
        .where(READY, col(Message.kind).in_(kinds), col(Message.time_zone) == zone, col(Message.due_at) <= now)
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def postpone_for(
    session: Session, kinds: Sequence[MessageKind], contact_ids: Sequence[int], until: datetime
) -> int:
    """Let what waits for these contacts wait until later, if it is not too late then; how many messages."""
    result = session.execute(
        sa.update(Message)
        .where(
            READY,
            col(Message.kind).in_(kinds),
            col(Message.contact_id).in_(contact_ids),
            col(Message.due_at) < until,
            sa.or_(col(Message.not_after).is_(None), col(Message.not_after) > until),
        )
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def cancel_unsent(session: Session, *, now: datetime, reason: str, where: list[sa.ColumnElement[bool]]) -> int:
    """Cancel the messages that wait or are held and meet all conditions; how many.

    What is being submitted goes on.
    """
    waits = sa.or_(READY, col(Message.state) == MessageState.HELD)
    return _take_out(session, MessageState.CANCELLED, now=now, reason=reason, where=[waits, *where])


def hold_unsent(session: Session, *, now: datetime, reason: str, where: list[sa.ColumnElement[bool]]) -> int:
    """Hold the messages that wait and meet all conditions, for a person to release; how many."""
    return _take_out(session, MessageState.HELD, now=now, reason=reason, where=[READY, *where])


def _take_out(
    session: Session,
    state: MessageState,
    *,
    now: datetime,
    reason: str,
    where: Sequence[sa.ColumnElement[bool] | sa.TextClause],
) -> int:
    """Take waiting messages out of the queue; what was too late anyway has expired, whoever asks."""
    too_late = sa.func.coalesce(col(Message.not_after) <= now, sa.false())
    kind = Message.__table__.c.state.type  # type: ignore[attr-defined]
    result = session.execute(
        sa.update(Message)
        .where(*where)
        .values(
            state=sa.case((too_late, sa.literal(MessageState.EXPIRED, kind)), else_=sa.literal(state, kind)),
            reason=sa.case((too_late, wanted.TOO_LATE), else_=reason),
            settled_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
