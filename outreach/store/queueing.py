"""Queues a mailing: one INSERT ... SELECT that fixes who gets it, and the rows it makes obsolete."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.kinds import KINDS, MessageKind, Recipients
from outreach.domain.states import MessageState, SignatureState
from outreach.store import wanted
from outreach.store.audiences import members
from outreach.store.recipient_values import recipient_values
from outreach.store.statements import insert_missing
from outreach.store.tables import Call, CallText, Contact, Mailing, Message, Organisation, Signature
from outreach.store.tables.messages import READY
from outreach.store.wanted import ASKING
from outreach.store.waves import of_this_wave

REACHED = (MessageState.SENT, MessageState.UNKNOWN)
IN_DOUBT_OR_REACHED = (*REACHED, MessageState.SENDING)


def queue_mailing(
    session: Session, call: Call, mailing: Mailing, due: Mapping[str, datetime], *, now: datetime, house: House
) -> int:
    """Insert one message for each person the mailing goes to; how many were inserted.

    ``due`` says for each recipient's zone when the message may go; who lives in a zone that is not in it gets
    none. Whoever has a row of this mailing already gets no second one.
    """
    if not due:
        return 0
    zone = sa.func.coalesce(sa.func.nullif(col(Contact.time_zone), ""), house.time_zone)
    zones = _zones(due)
    language = _language(call, mailing.kind)
    columns = _columns(call, mailing, zone=zone, language=language, due=zones.c.due, now=now)
    chosen = _recipients(call, mailing, house.salt)
    statement = (
        sa.select(*columns.values())
        .select_from(Contact)
        .outerjoin(Organisation, col(Organisation.id) == col(Contact.organisation_id))
        .join(zones, zones.c.zone == zone)
        .join(CallText, _text_of(call, mailing.kind, language))
        .outerjoin(Signature, _signature_of(call))
        .where(*chosen)
        .order_by(col(Contact.id))  # so that the outbox has one order on every database
    )
    insert = insert_missing(session, Message).from_select(list(columns), statement).on_conflict_do_nothing()
    return int(session.execute(insert).rowcount)  # type: ignore[attr-defined]


def _zones(due: Mapping[str, datetime]) -> Any:
    when = Message.__table__.c.due_at.type  # type: ignore[attr-defined]
    table = sa.values(sa.column("zone", sa.String), sa.column("due", when), name="zone_due")
    return table.data(list(due.items())).cte("zones")


def _language(call: Call, kind: MessageKind) -> Any:
    """The contact's language if the call has this text in it, otherwise the call's."""
    known = sa.exists().where(
        col(CallText.call_id) == call.id,
        col(CallText.kind) == kind,
        col(CallText.current).is_(True),
        col(CallText.language) == col(Contact.language),
    )
    return sa.case((known.correlate(Contact), col(Contact.language)), else_=call.default_language)


def _text_of(call: Call, kind: MessageKind, language: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(CallText.call_id) == call.id,
        col(CallText.kind) == kind,
        col(CallText.current).is_(True),
        col(CallText.language) == language,
    )


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


def _columns(call: Call, mailing: Mailing, *, zone: Any, language: Any, due: Any, now: datetime) -> dict[str, Any]:
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
        "language": sa.type_coerce(language, sa.String),
        "time_zone": zone,
        "text_id": col(CallText.id),
        "values": recipient_values(),
        "state": fixed("state", MessageState.QUEUED),
        "reason": fixed("reason", ""),
        "detail": fixed("detail", ""),
        "due_at": due,
        "not_after": fixed("not_after", mailing.not_after),
        "attempts": fixed("attempts", 0),
        "copies": fixed("copies", 0),
        "queued_at": fixed("queued_at", now),
        "claimed_by": fixed("claimed_by", ""),
    }


def _recipients(call: Call, mailing: Mailing, salt: bytes) -> list[sa.ColumnElement[bool]]:
    inside = col(Contact.id)
    match KINDS[mailing.kind].to:
        case Recipients.AUDIENCE:
            # A new revision of the deadline invites only those whom no invitation has reached.
            uninvited = ~_had(call, ASKING, IN_DOUBT_OR_REACHED)
            return [inside.in_(members(call, salt)), uninvited, *of_this_wave(call, mailing)]
        case Recipients.SILENT:
            return [
                _had(call, (MessageKind.INVITATION,), REACHED),
                ~wanted.answered(col(Contact.id), call.id),
                *_may_be_written_to(call),
            ]
        case Recipients.REACHED:
            got = sa.exists().where(
                col(Message.contact_id) == col(Contact.id),
                col(Message.call_id) == call.id,
                col(Message.kind).in_(_kind_of(mailing.corrects_id)),
                col(Message.test).is_(False),
                col(Message.state).in_(IN_DOUBT_OR_REACHED),
            )
            return [got, *_may_be_written_to(call)]
        case Recipients.SIGNATORIES:
            # A call that was closed, extended and closed again thanks nobody twice.
            had = _had(call, (mailing.kind,), IN_DOUBT_OR_REACHED)
            return [col(Signature.id).is_not(None), ~had, *_may_be_written_to(call)]
        case Recipients.ONE:
            raise ValueError(f"{mailing.kind.value} is no mailing: it answers one person")


def _kind_of(mailing_id: int | None) -> sa.Select[MessageKind]:
    """The kind of a mailing: an erratum is for those who got any of that kind, under whatever deadline."""
    return sa.select(col(Mailing.kind)).where(col(Mailing.id) == mailing_id)


def _may_be_written_to(call: Call) -> list[sa.ColumnElement[bool]]:
    return [
        ~wanted.opted_out(col(Contact.address_digest), call.id),
        ~wanted.dead_address(col(Contact.address_digest)),
    ]


def _had(call: Call, kinds: tuple[MessageKind, ...], states: tuple[MessageState, ...]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        col(Message.contact_id) == col(Contact.id),
        col(Message.call_id) == call.id,
        col(Message.kind).in_(kinds),
        col(Message.state).in_(states),
        col(Message.test).is_(False),
    )


def zones_of_recipients(session: Session, call: Call, mailing: Mailing, house: House) -> set[str]:
    """The time zones in which the people live to whom a mailing would go now."""
    zone = sa.func.coalesce(sa.func.nullif(col(Contact.time_zone), ""), house.time_zone)
    statement = (
        sa.select(zone)
        .select_from(Contact)
        .outerjoin(Signature, _signature_of(call))
        .where(*_recipients(call, mailing, house.salt))
        .distinct()
    )
    return set(session.execute(statement).scalars())


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
