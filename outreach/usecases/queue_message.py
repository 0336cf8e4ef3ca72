"""Queues one message to one person, because of something that person or a colleague did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.signatures import Visibility
from outreach.domain.states import MessageState
from outreach.store.calls import shared_values
from outreach.store.preflight import values_for
from outreach.store.tables import Call, CallText, Contact, Message, Signature
from outreach.store.texts import sample_values, text_for

UNPROVED = (MessageKind.CONFIRMATION, MessageKind.CONFIRMATION_REMINDER)
"""Anybody may have typed what these are about, so they say nothing of it: nobody writes to a victim by our hand."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a mail goes: an address, what makes it one with others, and how its reader is spoken to."""

    address: str
    digest: str
    language: str
    time_zone: str
    contact_id: int | None = None
    given_name: str = ""


def queue_for_signature(
    session: Session,
    call: Call,
    signature: Signature,
    kind: MessageKind,
    *,
    now: datetime,
    house: House,
    at: datetime | None = None,
    more: dict[str, Any] | None = None,
    state: MessageState = MessageState.QUEUED,
    reason: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
) -> bool:
    """Queue a mail about a signature to its signatory; False when that very message was queued before.

    ``at`` tells mails of one kind about one signature apart, ``more`` are words that only this mail needs. Nobody
    is written to about a signature without a mailbox, such as one of an imported list: False as well.
    """
    if signature.contact_id is None:
        return False
    contact = session.get_one(Contact, signature.contact_id)
    values = {
        **shared_values(session, call, house),
        **values_for(session, signature.contact_id),
        "signature": signature_values(signature),
        **(more or {}),
    }
    if kind in UNPROVED:
        values["signature"] |= dict.fromkeys(("name", "acronym", "title", "affiliation"), "")
        if not signature.invited:
            values["contact"] = {**dict.fromkeys(values["contact"], ""), "email": contact.address, "custom": {}}
    return add_message(
        session,
        kind,
        Recipient(
            contact.address,
            contact.address_digest,
            contact.language,
            contact.time_zone or house.time_zone,
            contact.id,
        ),
        values,
        text=text_for(session, kind, contact.language, house, call=call, now=now),
        occurrence=f"{kind.value}:{signature.id}:{(at or signature.submitted_at).isoformat()}",
        rehearsal=call.rehearsal,
        call_id=call.id,
        signature_id=signature.id,
        now=now,
        state=state,
        reason=reason,
        due_at=due_at,
        not_after=not_after,
    )


def signature_values(signature: Signature) -> dict[str, Any]:
    """What a mail may know of a signature: no word of it that is not public."""
    public = signature.visibility is Visibility.PUBLIC
    return {
        "name": signature.name if public else "",
        "acronym": signature.acronym if public else "",
        "title": signature.signer_title if public else "",
        "affiliation": signature.affiliation if public else "",
        "kind": signature.kind.value,
        "visibility": signature.visibility.value,
        "state": signature.state.value,
        "revision": signature.revision,
    }


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
    values = {
        **shared_values(session, call, house, **sample_values(call)),
        **values_for(session, as_contact),
        "signature": {"name": contact.name or contact.address, "kind": "organisation"},
    }
    digest = address_digest(parsed.key, house.salt)
    add_message(
        session,
        kind,
        Recipient(parsed.wire, digest, contact.language, contact.time_zone or house.time_zone),
        values,
        text=text_for(session, kind, contact.language, house, call=call, now=now),
        occurrence=f"test:{call.id}:{kind.value}:{now.isoformat()}:{digest}",
        rehearsal=house.rehearsal,
        call_id=call.id,
        test=True,
        now=now,
    )


def add_message(
    session: Session,
    kind: MessageKind,
    to: Recipient,
    values: dict[str, Any],
    *,
    text: CallText,
    occurrence: str,
    rehearsal: bool,
    now: datetime,
    call_id: int | None = None,
    signature_id: int | None = None,
    test: bool = False,
    state: MessageState = MessageState.QUEUED,
    reason: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
) -> bool:
    """Add one mail of no mailing to the outbox; False when that very one (``occurrence``) is there already."""
    if session.exec(select(Message.id).where(Message.occurrence == occurrence)).first() is not None:
        return False
    session.add(
        Message(
            kind=kind,
            bulk=KINDS[kind].bulk,
            test=test,
            rehearsal=rehearsal,
            priority=0 if test else KINDS[kind].priority,
            call_id=call_id,
            contact_id=to.contact_id,
            signature_id=signature_id,
            occurrence=occurrence,
            address=to.address,
            address_digest=to.digest,
            domain=parse_address(to.address).domain,
            language=text.language,
            time_zone=to.time_zone,
            text_id=text.id or 0,
            values=values,
            state=state,
            reason=reason,
            due_at=due_at or now,
            not_after=not_after,
            queued_at=now,
        )
    )
    session.flush()
    return True
