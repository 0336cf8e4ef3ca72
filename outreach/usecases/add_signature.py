"""Staff add a signature that came by another way than the form: by telephone, by post, in a meeting, on a list."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import Address, address_digest, flood_key, parse_address
from outreach.domain.correspondence import RoundKind
from outreach.domain.entries import Entry
from outreach.domain.errors import Refusal
from outreach.domain.signatures import Origin, SignatureKind, signing_ended
from outreach.domain.states import CallState, SignatureState
from outreach.store.entries import entry_columns
from outreach.store.events import record
from outreach.store.organisations import find_organisation
from outreach.store.signing import find_given, signer_key
from outreach.store.tables import Call, Contact, RoundMember, Signature
from outreach.usecases.accept_signature import confirm_by_staff
from outreach.usecases.confirm_signature import settle_organisation
from outreach.usecases.sign import find_or_add_contact

TAKES_MORE = (CallState.OPEN, CallState.CLOSED, CallState.RELEASED)
"""The states of a call in which staff may add to its list."""
DEAD_ENDS = (SignatureState.WITHDRAWN, SignatureState.REJECTED)


@dataclass(frozen=True, slots=True)
class Added:
    """The signature; ``known``: it was there before, and nothing has changed."""

    signature: Signature
    known: bool


def add_signature(
    session: Session,
    call: Call,
    entry: Entry,
    *,
    origin: Origin,
    evidence: str,
    address: str = "",
    at: datetime | None = None,
    now: datetime,
    house: House,
    by: str,
    tell: bool = True,
) -> Added:
    """Add a confirmed signature on the word of staff, who say in ``evidence`` how they know.

    With an address its signatory gets a receipt, and the link to change it, unless ``tell`` is false.
    ``at``: when it was given; after the deadline it is kept as late. Raises Refusal without evidence, and for a
    call that cannot be signed, or not by this signer; InvalidInput for what is no address.
    """
    session.flush()
    session.refresh(call, with_for_update={"key_share": True})
    if call.state not in TAKES_MORE:
        raise Refusal(f"The call {call.slug} is {call.state.value}; nobody can sign it now.")
    if not evidence.strip():
        raise Refusal("Say how you know that this was signed: who said so, when, and to whom.")
    _must_be_asked(session, call, entry)
    parsed = parse_address(address) if address else None
    contact = (
        find_or_add_contact(session, call, parsed, entry, language=call.default_language, now=now, house=house)
        if parsed
        else None
    )
    given = at or now
    known = _known(session, call, entry, contact)
    if known is not None:
        return Added(known, known=True)
    signature = new_signature(
        call, entry, parsed, contact, _key(session, entry, contact), origin=origin, evidence=evidence, house=house
    )
    signature.submitted_at = given
    session.add(signature)
    session.flush()
    _settle(session, call, signature, given, now=now, house=house, by=by, tell=tell)
    record(
        session,
        at=now,
        by=by,
        verb="add_signature",
        subject="signature",
        subject_id=signature.id,
        origin=origin.value,
        state=signature.state.value,
    )
    return Added(signature, known=False)


def new_signature(
    call: Call,
    entry: Entry,
    parsed: Address | None,
    contact: Contact | None,
    key: str,
    *,
    origin: Origin,
    evidence: str,
    house: House,
) -> Signature:
    """A signature that staff add, before it is decided whether it counts; ``submitted_at`` is not yet set."""
    return Signature(
        letter_id=call.letter_id,
        call_id=call.id or 0,
        letter_version=call.letter_version,
        state=SignatureState.PENDING,
        signer_key=key,
        contact_id=contact.id if contact else None,
        mailbox_digest=address_digest(flood_key(parsed), house.salt) if parsed else "",
        origin=origin,
        evidence=evidence.strip(),
        **entry_columns(entry),
    )


def _must_be_asked(session: Session, call: Call, entry: Entry) -> None:
    """Raise Refusal for whoever is no member of the round: its letter is one of its members alone."""
    if call.round is not RoundKind.APPROVAL:
        return
    body = find_organisation(session, entry.name) if entry.kind is SignatureKind.ORGANISATION else None
    if body is None or session.get(RoundMember, (call.id, body.id)) is None:
        raise Refusal(
            f"{entry.name} is not asked in the round {call.slug}: 'outreach letters round {call.slug}' shows who. "
            f"'outreach letters round-answer {call.slug}' notes what one of them says."
        )


def _known(session: Session, call: Call, entry: Entry, contact: Contact | None) -> Signature | None:
    """What the same signer gave already. One that was taken back or refused is for its own verbs."""
    known = find_given(session, call.letter_id, entry.kind, _key(session, entry, contact))
    if known is not None and known.state in DEAD_ENDS:
        verb = "restore" if known.state is SignatureState.REJECTED else "reinstate"
        raise Refusal(
            f"{entry.name} has a signature already, no. {known.id}: it is {known.state.value}. "
            f"'outreach signatures {verb} {known.id}' brings it back."
        )
    return known


def _key(session: Session, entry: Entry, contact: Contact | None) -> str:
    organisation = find_organisation(session, entry.name) if entry.kind is SignatureKind.ORGANISATION else None
    return signer_key(contact.id if contact else None, entry.kind, entry.name, organisation)


def _settle(
    session: Session,
    call: Call,
    signature: Signature,
    given: datetime,
    *,
    now: datetime,
    house: House,
    by: str,
    tell: bool,
) -> None:
    if given > signing_ended(call.deadline_at, call.closed_at):
        signature.state, signature.late_at = SignatureState.LATE, now
        session.add(signature)
        return
    settle_organisation(session, signature, now=now)
    confirm_by_staff(session, call, signature, now=now, house=house, by=by, tell=tell)
