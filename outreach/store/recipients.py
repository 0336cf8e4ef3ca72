"""To whom a mailing goes, as conditions on the contact table, for one part of the list after the other."""

from array import array
from bisect import bisect_right
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.correspondence import RoundKind
from outreach.domain.kinds import KINDS, MessageKind, Recipients
from outreach.domain.states import MessageState
from outreach.store import wanted
from outreach.store.audiences import chosen_for, left_out
from outreach.store.in_question import in_question
from outreach.store.parts import Part
from outreach.store.tables import Call, Contact, Mailing, Message, Signature
from outreach.store.tables.messages import INVITATIONS
from outreach.store.tallies import tallied
from outreach.store.waves import of_this_wave

REACHED = (MessageState.SENT, MessageState.UNKNOWN)
IN_DOUBT_OR_REACHED = (*REACHED, MessageState.SENDING)

Conditions = list[sa.ColumnElement[bool]]
Whom = Callable[[Part], Conditions]


def recipients(session: Session, call: Call, mailing: Mailing, salt: bytes) -> Whom:
    """Conditions on the contact table: who of a part of the list gets the mailing.

    What can be found out once for all is found out here.
    """
    of_kind: Callable[[Part], Conditions]
    match KINDS[mailing.kind].to:
        case Recipients.AUDIENCE:
            return _audience(session, call, mailing, salt)
        case Recipients.SILENT:
            without = _without(session, call, sa.or_(_unwritable(call), wanted.answered(col(Contact.id), call.id)))
            of_kind = lambda part: [_invited(call, part)]  # noqa: E731
        case Recipients.REACHED:
            without = _without(session, call, _unwritable(call))
            kind = col(Message.kind).op("||")("").in_(_kind_of(mailing.corrects_id))
            got = sa.exists().where(*_own_mails(call, kind, IN_DOUBT_OR_REACHED))
            of_kind = lambda _: [got]  # noqa: E731
        case Recipients.SIGNATORIES:
            # A call that was closed, extended and closed again thanks nobody twice.
            without = _without(session, call, _unwritable(call))
            had = _had(call, (mailing.kind,), IN_DOUBT_OR_REACHED)
            of_kind = lambda _: [col(Signature.id).is_not(None), ~had]  # noqa: E731
        case Recipients.ONE:
            raise ValueError(f"{mailing.kind.value} is no mailing: it answers one person")
    return lambda part: [part.of(col(Contact.id)), *of_kind(part), *without(part)]


def _audience(session: Session, call: Call, mailing: Mailing, salt: bytes) -> Whom:
    chosen, without = chosen_for(call, salt), _without(session, call, left_out(call.id).is_not(None))
    conditions = of_this_wave(call, mailing)
    if call.round is not RoundKind.APPROVAL:
        conditions.append(col(Contact.basis) != "")
    if any(
        one.kind in wanted.ASKING and one.state in IN_DOUBT_OR_REACHED for one in tallied(session, [call.id or 0])
    ):
        # A new revision of the deadline invites only those whom no invitation has reached.
        conditions.append(~_had(call, wanted.ASKING, IN_DOUBT_OR_REACHED))

    def whom(part: Part) -> Conditions:
        inside = sa.select(col(Contact.id)).where(part.of(col(Contact.id)), *chosen)
        among = [col(Contact.id).in_(inside)] if chosen else []
        return [part.of(col(Contact.id)), *among, *conditions, *without(part)]

    return whom


def _without(session: Session, call: Call, why: sa.ColumnElement[bool]) -> Whom:
    """Leaves out those of whom it is true; of those in question it is asked once, and of the others never.

    A round is small, and knows by itself whom it asks: there it is asked of each.
    """
    if call.round is RoundKind.APPROVAL:
        return lambda _: [~why]
    doubtful = sa.select(col(Contact.id)).where(col(Contact.id).in_(in_question(call.id)), why)
    found = array("q", session.execute(doubtful.order_by(col(Contact.id))).scalars())

    def others(part: Part) -> Conditions:
        some = found[bisect_right(found, part.after) : bisect_right(found, part.until)]
        return [col(Contact.id).not_in(some.tolist())] if some else []

    return others


def _unwritable(call: Call) -> sa.ColumnElement[bool]:
    return sa.or_(
        wanted.opted_out(col(Contact.address_digest), call.id), wanted.dead_address(col(Contact.address_digest))
    )


def _invited(call: Call, part: Part) -> sa.ColumnElement[bool]:
    """Whom the invitation has reached, by its own index."""
    reached = sa.select(col(Message.contact_id)).where(
        INVITATIONS,
        col(Message.call_id) == call.id,
        col(Message.state).in_(REACHED),
        part.of(col(Message.contact_id)),
    )
    return col(Contact.id).in_(reached)


def _kind_of(mailing_id: int | None) -> sa.Select[MessageKind]:
    """The kind of a mailing: an erratum is for those who got any of that kind, under whatever deadline."""
    return sa.select(col(Mailing.kind)).where(col(Mailing.id) == mailing_id)


def _had(call: Call, kinds: tuple[MessageKind, ...], states: tuple[MessageState, ...]) -> sa.ColumnElement[bool]:
    return sa.exists().where(*_own_mails(call, col(Message.kind).op("||")("").in_(kinds), states))


def _own_mails(call: Call, of_kind: sa.ColumnElement[bool], states: tuple[MessageState, ...]) -> Conditions:
    """Conditions on the message table: a contact's own mails of the call, which are few and found by the contact.

    The call's number stands in an expression, or SQLite would go through all mails of the call for each contact.
    """
    return [
        col(Message.contact_id) == col(Contact.id),
        col(Message.call_id).op("+")(0) == call.id,
        of_kind,
        col(Message.state).in_(states),
        col(Message.test).is_(False),
    ]
