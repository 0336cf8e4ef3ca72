"""Queues one message to one person, because of something that person or a colleague did."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import Refusal
from outreach.domain.kinds import KINDS, MessageKind
from outreach.store.calls import shared_values
from outreach.store.preflight import values_for
from outreach.store.tables import Call, CallText, Contact, Message, Signature


def queue_for_signature(
    session: Session,
    call: Call,
    signature: Signature,
    kind: MessageKind,
    *,
    now: datetime,
    house: House,
    asked_at: datetime | None = None,
) -> bool:
    """Queue a confirmation or a receipt for a signature; False when that very message was queued before.

    ``asked_at`` tells confirmations that were asked for again from the first.
    """
    contact = session.get_one(Contact, signature.contact_id)
    values = {
        **shared_values(session, call, house),
        **values_for(session, signature.contact_id),
        "signature": {"name": signature.name, "kind": signature.kind.value},
    }
    return _queue(
        session,
        call,
        kind,
        values,
        address=contact.address,
        digest=contact.address_digest,
        language=contact.language,
        time_zone=contact.time_zone or house.time_zone,
        contact_id=contact.id,
        signature_id=signature.id,
        occurrence=f"{kind.value}:{signature.id}:{(asked_at or signature.submitted_at).isoformat()}",
        rehearsal=call.rehearsal,
        now=now,
    )


def queue_test(
    session: Session,
    call: Call,
    kind: MessageKind,
    address: str,
    *,
    as_contact: int,
    now: datetime,
    house: House,
) -> None:
    """Queue a test of a mail to ``address``, filled in as it would be for the contact ``as_contact``.

    Its links are for nobody, so that trying them changes nothing. Raises InvalidInput for a bad address.
    """
    parsed = parse_address(address)
    contact = session.get_one(Contact, as_contact)
    more: dict[str, Any] = {"erratum": {"text": "Here stands the correction."}, "previous_deadline": call.deadline}
    values = {
        **shared_values(session, call, house, **more),
        **values_for(session, as_contact),
        "signature": {"name": contact.name or contact.address, "kind": "organisation"},
    }
    _queue(
        session,
        call,
        kind,
        values,
        address=parsed.wire,
        digest=address_digest(parsed.key, house.salt),
        language=contact.language,
        time_zone=contact.time_zone or house.time_zone,
        occurrence=f"test:{call.id}:{kind.value}:{now.isoformat()}:{address_digest(parsed.key, house.salt)}",
        rehearsal=house.rehearsal,
        test=True,
        now=now,
    )


def _queue(
    session: Session,
    call: Call,
    kind: MessageKind,
    values: dict[str, Any],
    *,
    occurrence: str,
    language: str,
    now: datetime,
    address: str,
    digest: str,
    time_zone: str,
    rehearsal: bool,
    contact_id: int | None = None,
    signature_id: int | None = None,
    test: bool = False,
) -> bool:
    if session.exec(select(Message.id).where(Message.occurrence == occurrence)).first() is not None:
        return False
    text = _text(session, call, kind, language)
    session.add(
        Message(
            kind=kind,
            bulk=KINDS[kind].bulk,
            test=test,
            rehearsal=rehearsal,
            priority=0,
            call_id=call.id,
            contact_id=contact_id,
            signature_id=signature_id,
            occurrence=occurrence,
            address=address,
            address_digest=digest,
            domain=parse_address(address).domain,
            language=text.language,
            time_zone=time_zone,
            text_id=text.id or 0,
            values=values,
            due_at=now,
            queued_at=now,
        )
    )
    session.flush()
    return True


def _text(session: Session, call: Call, kind: MessageKind, language: str) -> CallText:
    """The call's template of that kind in the reader's language, or in the call's."""
    for wanted in (language, call.default_language):
        text = session.exec(
            select(CallText).where(
                CallText.call_id == call.id,
                CallText.kind == kind,
                CallText.language == wanted,
                col(CallText.current).is_(True),
            )
        ).first()
        if text is not None:
            return text
    raise Refusal(f"The call {call.slug} has no {kind.value} text in {call.default_language}.")
