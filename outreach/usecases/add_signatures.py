"""Many signatures are added at once, as far as each is the first of its signer; the others go one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import Address, address_digest, parse_address
from outreach.domain.correspondence import RoundKind
from outreach.domain.entries import Entry
from outreach.domain.names import name_key
from outreach.domain.signatures import Origin, SignatureKind, signing_ended
from outreach.domain.states import SIGNATURE_MOVES, SignatureState, move
from outreach.store.events import record
from outreach.store.many_signers import KnownSigners, known_signers
from outreach.store.signing import signer_key
from outreach.store.tables import Call, Contact, Organisation, Signature
from outreach.usecases.add_signature import DEAD_ENDS, Added, new_signature
from outreach.usecases.sign import new_contact


@dataclass(frozen=True, slots=True)
class Given:
    """A signature to add, with the evidence for it and the moment at which it was given."""

    entry: Entry
    address: str
    evidence: str
    at: datetime

    @property
    def name_key(self) -> str:
        """What makes two names one."""
        return name_key(self.entry.name)


@dataclass(slots=True)
class _First:
    """The first signature of its signer, on its way."""

    given: Given
    parsed: Address | None
    organisation: Organisation | None
    contact: Contact | None = None
    is_late: bool = False
    signature: Signature | None = None

    @property
    def added(self) -> Added | None:
        """What is new, once it has been written."""
        return Added(self.signature, known=False) if self.signature else None


def add_signatures(
    session: Session,
    call: Call,
    many: Sequence[Given],
    *,
    origin: Origin,
    now: datetime,
    house: House,
    by: str,
) -> list[Added | None]:
    """Add those of whom nothing is known under the letter, as ``add_signature`` would; nobody is told.

    What the same signer gave before is given back, as ``add_signature`` gives it back.
    None for each that must go through ``add_signature`` itself, after these: its organisation or mailbox has
    another signature, it was taken back, or it stands twice among the many; and for all of an approval round, whose
    members are judged there. A few statements for all of them.
    """
    session.flush()
    session.refresh(call, with_for_update={"key_share": True})
    if call.round is RoundKind.APPROVAL:
        return [None] * len(many)
    parsed = [parse_address(one.address) if one.address else None for one in many]
    digests = [address_digest(one.key, house.salt) if one else "" for one in parsed]
    known = known_signers(
        session,
        call.letter_id,
        name_keys={one.name_key for one in many if one.entry.kind is SignatureKind.ORGANISATION},
        digests={digest for digest in digests if digest},
        signer_keys={signer_key(None, one.entry.kind, one.entry.name) for one in many},
    )
    added: list[Added | _First | None] = []
    seen: set[tuple[object, ...]] = set()
    ended = signing_ended(call.deadline_at, call.closed_at)
    for one, address, digest in zip(many, parsed, digests, strict=True):
        before = _before(one, digest, known)
        first = None if before else _first(one, address, digest, known, seen)
        if first is not None:
            first.is_late = one.at > ended
        added.append(before or first)
    firsts = [one for one in added if isinstance(one, _First)]
    _write(session, call, firsts, origin=origin, now=now, house=house, by=by)
    return [one.added if isinstance(one, _First) else one for one in added]


def _before(given: Given, digest: str, known: KnownSigners) -> Added | None:
    """What the very same signer gave before, unless it was taken back or refused, which has its own answer."""
    kind, contact = given.entry.kind, known.contacts.get(digest)
    if digest and contact is None:
        return None
    body = known.organisations.get(given.name_key) if kind is SignatureKind.ORGANISATION else None
    key = signer_key(contact.id if contact else None, kind, given.entry.name, body)
    signature = known.given.get((kind, key))
    return Added(signature, known=True) if signature and signature.state not in DEAD_ENDS else None


def _first(
    given: Given, parsed: Address | None, digest: str, known: KnownSigners, seen: set[tuple[object, ...]]
) -> _First | None:
    """The signature, if nothing of its signer, mailbox and organisation is there or came before."""
    kind = given.entry.kind
    body = known.organisations.get(given.name_key) if kind is SignatureKind.ORGANISATION else None
    contact = known.contacts.get(digest)
    marks: list[tuple[object, ...]] = [(kind, given.name_key)]
    marks += [("mailbox", digest)] if digest else []
    marks += [("organisation", body.id)] if body else []
    taken = any(mark in seen for mark in marks)
    seen.update(marks)
    signed = (
        (kind, signer_key(None, kind, given.entry.name)) in known.given
        or (body is not None and body.id in known.signed_organisations)
        or (contact is not None and contact.id in known.signed_contacts)
    )
    return None if taken or signed else _First(given, parsed, body, contact)


def _write(
    session: Session, call: Call, firsts: Sequence[_First], *, origin: Origin, now: datetime, house: House, by: str
) -> None:
    """Contacts and organisations, then the signatures, then the log, which needs their numbers."""
    for one in firsts:
        _complete(session, call, one, now=now, house=house)
    session.flush()
    for one in firsts:
        one.signature = _signature(call, one, origin=origin, now=now, house=house)
        session.add(one.signature)
    session.flush()
    for one in firsts:
        if one.signature is not None:
            record(
                session,
                at=now,
                by=by,
                verb="add_signature",
                subject="signature",
                subject_id=one.signature.id,
                origin=origin.value,
                state=one.signature.state.value,
            )
    session.flush()


def _complete(session: Session, call: Call, one: _First, *, now: datetime, house: House) -> None:
    """Whoever is new becomes a contact; an organisation that nobody knew becomes one if its signature counts."""
    entry = one.given.entry
    if one.contact is None and one.parsed is not None:
        language = call.default_language
        one.contact = new_contact(call, one.parsed, entry, language=language, now=now, house=house)
        session.add(one.contact)
    if entry.kind is SignatureKind.INDIVIDUAL or one.is_late:
        return
    if one.organisation is None:
        one.organisation = Organisation(name=entry.name, name_key=one.given.name_key, created_at=now)
    one.organisation.country = one.organisation.country or entry.country
    session.add(one.organisation)


def _signature(call: Call, one: _First, *, origin: Origin, now: datetime, house: House) -> Signature:
    entry, contact_id = one.given.entry, one.contact.id if one.contact else None
    key = signer_key(contact_id, entry.kind, entry.name, one.organisation)
    signature = new_signature(
        call, entry, one.parsed, one.contact, key, origin=origin, evidence=one.given.evidence, house=house
    )
    signature.submitted_at = one.given.at
    if one.is_late:
        signature.state, signature.late_at = SignatureState.LATE, now
        return signature
    signature.organisation_id = one.organisation.id if one.organisation else None
    signature.state = move(signature.state, SignatureState.CONFIRMED, SIGNATURE_MOVES)
    signature.confirmed_at = now
    return signature
