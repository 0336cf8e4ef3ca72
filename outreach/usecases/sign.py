"""Somebody signs by a personal link; the signature waits for the mailbox to confirm it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.names import clean_line, has_contact_details, looks_like_address
from outreach.domain.signatures import SignatureKind, signing_ended
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.events import record
from outreach.store.organisations import find_or_add
from outreach.store.tables import Call, Contact, Organisation, Signature
from outreach.usecases.queue_message import queue_for_signature

CONFIRMATION_IS_LOST = timedelta(days=1)
REOPENED = (SignatureState.WITHDRAWN, SignatureState.REJECTED, SignatureState.PROPOSED)
"""What may be given again: taken back, refused, or so far only read out of a mail."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature, and whether it was there before. ``late``: the deadline had passed when it was submitted."""

    signature: Signature
    repeated: bool
    late: bool


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Nobody can sign now: the call has not been launched, was cancelled, or the letter is out."""

    state: CallState


def sign(
    session: Session,
    call: Call,
    contact: Contact,
    kind: SignatureKind,
    name: str,
    *,
    now: datetime,
    house: House,
    for_another: bool = False,
) -> Signed | NotOpen:
    """Record a pending signature under ``name`` and queue its confirmation mail.

    An organisation signs as the one the contact is known for, whatever spelling shall be printed, unless it is
    ``for_another``. Signing twice gives one signature; one that no mailbox has confirmed for a day can be given
    again, by a colleague too, and is asked about again. Raises InvalidInput when the name cannot be printed.
    """
    # One after the other: two clicks at once find each other's signature, and nobody signs while it is closed.
    session.flush()
    session.refresh(call, with_for_update={"key_share": True})
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        return NotOpen(call.state)
    printed = printable_name(name)
    organisation = None
    if kind is SignatureKind.ORGANISATION:
        organisation = _organisation(session, contact, printed, for_another=for_another, now=now)
    late = now > signing_ended(call.deadline_at, call.closed_at)
    known = _known(session, call, contact, kind, organisation)
    if known is not None and not _may_be_given_again(known, now):
        return Signed(known, repeated=True, late=late)
    signature = _pending(known, call, contact, kind, organisation, printed, now=now)
    session.add(signature)
    session.flush()
    queue_for_signature(session, call, signature, MessageKind.CONFIRMATION, now=now, house=house, asked_at=now)
    record(
        session,
        at=now,
        by=f"contact {contact.id}",
        verb="sign",
        subject="signature",
        subject_id=signature.id,
        kind=kind.value,
    )
    return Signed(signature, repeated=False, late=late)


def _may_be_given_again(known: Signature, now: datetime) -> bool:
    """It was taken back, or its confirmation seems lost: a pending signature must not bar its signer for ever."""
    lost = known.state is SignatureState.PENDING and now - known.submitted_at >= CONFIRMATION_IS_LOST
    return lost or known.state in REOPENED


def _known(
    session: Session, call: Call, contact: Contact, kind: SignatureKind, organisation: Organisation | None
) -> Signature | None:
    key = _signer_key(contact, organisation)
    return session.exec(
        select(Signature).where(
            Signature.letter_id == call.letter_id, Signature.kind == kind, Signature.signer_key == key
        )
    ).first()


def _signer_key(contact: Contact, organisation: Organisation | None) -> str:
    return f"organisation {organisation.id}" if organisation else contact.address_digest


def _pending(
    known: Signature | None,
    call: Call,
    contact: Contact,
    kind: SignatureKind,
    organisation: Organisation | None,
    name: str,
    *,
    now: datetime,
) -> Signature:
    """A new signature, or one given again, perhaps by a colleague this time.

    Whoever only asks for a new confirmation keeps the moment at which she signed.
    """
    values: dict[str, Any] = {
        "call_id": call.id or 0,
        "letter_version": call.letter_version,
        "name": name,
        "organisation_id": organisation.id if organisation else None,
        "contact_id": contact.id or 0,
        "submitted_at": now,
    }
    if known is None:
        return Signature(
            letter_id=call.letter_id, kind=kind, signer_key=_signer_key(contact, organisation), **values
        )
    if known.state is not SignatureState.PENDING:
        known.state = move(known.state, SignatureState.PENDING, SIGNATURE_MOVES)
    elif known.contact_id == contact.id:
        values["submitted_at"] = known.submitted_at
    known.confirmed_at = known.late_at = None
    return known.sqlmodel_update(values)


def _organisation(
    session: Session, contact: Contact, printed: str, *, for_another: bool, now: datetime
) -> Organisation:
    if contact.organisation_id is not None and not for_another:
        return session.get_one(Organisation, contact.organisation_id)
    return find_or_add(session, printed, now=now)


def printable_name(name: str) -> str:
    """The name, cleaned, as it may stand under a letter. Raises InvalidInput with the reason when it may not."""
    printed = clean_line(name)
    if not any(character.isalnum() for character in printed):
        raise InvalidInput("Please write the name as it shall stand under the letter.")
    if looks_like_address(printed) or has_contact_details(printed):
        raise InvalidInput("Please write a name only, without addresses, links or telephone numbers.")
    return printed
