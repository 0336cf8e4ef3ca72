"""A reply that says "add us" becomes a proposed signature, filled in as far as can be, for a person to accept."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, flood_key, parse_address, same_house
from outreach.domain.correspondence import RoundKind
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.signatures import Origin, SignatureKind, signing_ended
from outreach.domain.states import SignatureState
from outreach.store.entries import entry_columns
from outreach.store.events import record
from outreach.store.membership import entry_of_member, members_asked_by, signature_of_member
from outreach.store.organisations import find_organisation
from outreach.store.signing import find_given, signer_key
from outreach.store.tables import Call, Contact, Organisation, Reply, Signature

SIGNED_BY_MAIL = "signed by mail"


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposed signature, or none; ``note`` is a sentence for the person who decides."""

    signature: Signature | None
    note: str = ""


def propose_signature(session: Session, reply: Reply, *, now: datetime, house: House, by: str) -> Proposed:
    """Propose what the reply asks for.

    What it does not say is taken from the contact's record. Nothing is proposed for whom a signature is there
    already, or in whose name nobody can tell.
    """
    call = session.get(Call, reply.call_id) if reply.call_id else None
    signer = _signer(session, reply, now=now, house=house) if call else None
    if call is None or signer is None:
        return Proposed(None)
    said = {field: clean_line(str(value)) for field, value in reply.signer.items()}
    if call.round is RoundKind.APPROVAL:
        return _approval(session, call, reply, signer, said.get("organisation", ""), now=now, house=house, by=by)
    organisation = _organisation(session, said.get("organisation", ""), signer)
    kind = SignatureKind.ORGANISATION if organisation or said.get("organisation") else SignatureKind.INDIVIDUAL
    person = said.get("name") or signer.name
    name = person
    if kind is SignatureKind.ORGANISATION:
        name = said.get("organisation") or (organisation.name if organisation else "")
    if not name:
        return Proposed(None, "It does not say in whose name to sign.")
    key = signer_key(signer.id, kind, name, organisation)
    known = find_given(session, call.letter_id, kind, key) or _of_the_organisation(session, call, organisation)
    if known is not None:
        return Proposed(None, f"There is a signature already, no. {known.id}: it is {known.state.value}.")
    signature = Signature(
        letter_id=call.letter_id,
        letter_version=call.letter_version,
        call_id=call.id or 0,
        kind=kind,
        state=SignatureState.PROPOSED,
        name=name,
        signer_key=key,
        organisation_id=organisation.id if organisation else None,
        contact_id=signer.id,
        mailbox_digest=address_digest(flood_key(parse_address(signer.address)), house.salt),
        origin=Origin.REPLY,
        invited=True,
        signer_name=person if kind is SignatureKind.ORGANISATION else "",
        signer_title=said.get("title") or signer.role,
        country=said.get("country") or (organisation.country if organisation else "") or signer.country,
        submitted_at=reply.at,
    )
    return _proposed(session, call, reply, signature, now=now, by=by)


def _proposed(
    session: Session, call: Call, reply: Reply, signature: Signature, *, now: datetime, by: str
) -> Proposed:
    session.add(signature)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="propose_signature",
        subject="signature",
        subject_id=signature.id,
        reply=reply.id,
    )
    late = reply.at > signing_ended(call.deadline_at, call.closed_at)
    return Proposed(signature, "It came after the deadline." if late else "")


def _approval(
    session: Session, call: Call, reply: Reply, signer: Contact, said: str, *, now: datetime, house: House, by: str
) -> Proposed:
    """In a round an organisation signs as it signed before, seen by nobody who did not see its name then."""
    asked = members_asked_by(session, call, signer.id or 0)
    meant = find_organisation(session, said) if said else None
    of_it = [member for member in asked if meant is not None and member.organisation_id == meant.id]
    if len(of_it or asked) != 1:
        command = f"outreach letters round-answer {call.slug}"
        what = "It speaks for several organisations" if asked else "It is not asked in this round"
        return Proposed(None, f"{what}; note what it means with '{command}'.")
    (member,) = of_it or asked
    known = signature_of_member(session, member)
    if known is not None:
        return Proposed(None, f"There is a signature already, no. {known.id}: it is {known.state.value}.")
    entry, body = entry_of_member(session, member), session.get_one(Organisation, member.organisation_id)
    signature = Signature(
        letter_id=call.letter_id,
        letter_version=call.letter_version,
        call_id=call.id or 0,
        state=SignatureState.PROPOSED,
        signer_key=signer_key(signer.id, entry.kind, entry.name, body),
        organisation_id=body.id,
        contact_id=signer.id,
        mailbox_digest=address_digest(flood_key(parse_address(signer.address)), house.salt),
        origin=Origin.REPLY,
        invited=True,
        submitted_at=reply.at,
        **entry_columns(entry),
    )
    return _proposed(session, call, reply, signature, now=now, by=by)


def _signer(session: Session, reply: Reply, *, now: datetime, house: House) -> Contact | None:
    """The contact who wrote, new without consent to bulk mail if nobody knew the address."""
    written_to = session.get(Contact, reply.contact_id) if reply.contact_id else None
    if written_to is not None and reply.sender_digest in ("", written_to.address_digest):
        return written_to
    try:
        parsed = parse_address(reply.sender_address)
    except InvalidInput:
        return written_to
    digest = address_digest(parsed.key, house.salt)
    known = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    if known is not None:
        return known
    colleague = written_to if written_to and same_house(written_to.domain, parsed.domain) else None
    new = Contact(
        address=parsed.wire,
        address_digest=digest,
        domain=parsed.domain,
        name=clean_line(reply.sender_name),
        organisation_id=colleague.organisation_id if colleague else None,
        language=reply.language,
        source=SIGNED_BY_MAIL,
        created_at=now,
        updated_at=now,
    )
    session.add(new)
    session.flush()
    return new


def _organisation(session: Session, said: str, signer: Contact) -> Organisation | None:
    """The organisation that the mail names, as far as we know it; the signer's own if it names none."""
    if said:
        return find_organisation(session, said)
    return session.get(Organisation, signer.organisation_id) if signer.organisation_id else None


def _of_the_organisation(session: Session, call: Call, organisation: Organisation | None) -> Signature | None:
    """The signature that somebody else gave for the organisation already."""
    if organisation is None:
        return None
    return session.exec(
        select(Signature)
        .where(Signature.letter_id == call.letter_id, Signature.organisation_id == organisation.id)
        .order_by(col(Signature.id))
    ).first()
