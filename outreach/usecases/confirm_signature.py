"""The mailbox confirms a signature, or says that it is not its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.contact_rows import Basis
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import (
    CONFIRMATION_LIVES,
    SignatureKind,
    confirmed_state,
    prevails,
    signing_ended,
)
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.editions import is_signed_off
from outreach.store.events import record
from outreach.store.families import has_a_say, members
from outreach.store.organisations import find_or_add
from outreach.store.signing import (
    DISOWNED,
    find_given,
    lock_organisation,
    lock_signature,
    others_of,
    signer_key,
    speaks_for,
)
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.ask_to_confirm import ask_the_rest
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.sign_off import ask_for_next_edition, take_out_of_edition
from outreach.usecases.tell_staff import tell_staff


class Unconfirmed(StrEnum):
    """Why a link confirms nothing, though its signature waits."""

    STALE = "stale"
    """What will be printed has changed since the mail was written: a newer mail has the link for that."""
    EXPIRED = "expired"


WIDENED = (SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.MERGED)
"""In these states a mailbox can say that more people may see the name."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the signature is now, and why it was not confirmed if it still waits."""

    state: SignatureState
    unconfirmed: Unconfirmed | None = None


def confirm_signature(
    session: Session, signature: Signature, *, now: datetime, house: House, revision: int | None = None
) -> Confirmation:
    """Confirm the signature, as it was in ``revision`` (None: as it is).

    It is late if it was submitted after the deadline or an earlier closing, or if the list is signed off. Doing it
    twice changes nothing. A withdrawn or rejected one stays what it is, and so does each of a call that was given
    up. What would show more than before is shown from now on; of an organisation's two one is merged.
    """
    call = lock_signature(session, signature)  # a second click waits for the first, and finds it done
    waits = signature.state is SignatureState.PENDING or (
        signature.wider is not None and signature.state in WIDENED
    )
    if not waits or call.state is CallState.CANCELLED:
        return Confirmation(signature.state)
    if (unconfirmed := why_unconfirmed(signature, revision, now)) is not None:
        return Confirmation(signature.state, unconfirmed)
    if signature.wider is not None:
        signature.visibility, signature.wider = signature.wider, None
        ask_for_next_edition(session, call, signature, now=now, house=house)
    if signature.state is SignatureState.PENDING:
        _confirm(session, call, signature, now=now, house=house)
    session.add(signature)
    record(
        session,
        at=now,
        by=f"contact {signature.contact_id}",
        verb="confirm_signature",
        subject="signature",
        subject_id=signature.id,
        state=signature.state.value,
        visibility=signature.visibility.value,
    )
    return Confirmation(signature.state)


def why_unconfirmed(signature: Signature, revision: int | None, now: datetime) -> Unconfirmed | None:
    """Why a link for that revision no longer confirms a signature that waits; None if it does."""
    if revision is not None and revision != signature.revision:
        return Unconfirmed.STALE
    asked = signature.asked_at or signature.submitted_at
    return Unconfirmed.EXPIRED if now - asked > CONFIRMATION_LIVES else None


def _confirm(session: Session, call: Call, signature: Signature, *, now: datetime, house: House) -> None:
    ended = signing_ended(call.deadline_at, call.closed_at)
    signed_off = is_signed_off(session, call)
    becomes = confirmed_state(signature.submitted_at, ended, signed_off=signed_off)
    signature.state = move(signature.state, becomes, SIGNATURE_MOVES)
    signature.letter_version = call.letter_version
    _agrees_to_news(session, call, signature, now)
    settle_organisation(session, signature, now=now)
    kind = MessageKind.RECEIPT
    if becomes is SignatureState.CONFIRMED:
        signature.confirmed_at = now
    else:
        signature.late_at, kind = now, MessageKind.KEPT_LATE
    session.add(signature)
    session.flush()
    # One who was asked again because something changed gets a new receipt: hence the revision.
    queue_for_signature(session, call, signature, kind, now=now, house=house, at=now)
    one_of_each(session, signature, by=f"contact {signature.contact_id}", now=now, house=house)
    ask_the_rest(session, signature, now=now, house=house)


def _agrees_to_news(session: Session, call: Call, signature: Signature, now: datetime) -> None:
    """Only the mailbox's own yes is consent: what a stranger ticked for it is not."""
    contact = session.get(Contact, signature.contact_id) if signature.contact_id else None
    if contact is not None and signature.news_at is not None and not contact.basis:
        contact.basis, contact.updated_at = Basis.CONSENT.value, now
        contact.source = contact.source or f"signed {call.slug}"
        session.add(contact)


def settle_organisation(session: Session, signature: Signature, *, now: datetime) -> None:
    """An organisation that nobody knew becomes one now, and its signatures go one after the other."""
    if signature.kind is SignatureKind.INDIVIDUAL:
        return
    if signature.organisation_id is None:
        organisation = find_or_add(session, signature.name, now=now)
        organisation.country = organisation.country or signature.country
        session.add(organisation)
        signature.organisation_id = organisation.id
        key = signer_key(signature.contact_id, signature.kind, signature.name, organisation)
        if find_given(session, signature.letter_id, signature.kind, key) is None:
            signature.signer_key = key
    session.flush()
    lock_organisation(session, signature.organisation_id or 0)


def one_of_each(session: Session, signature: Signature, *, by: str, now: datetime, house: House) -> None:
    """An organisation is counted once: of two confirmed signatures one is merged with the other.

    Whose wish decides who sees the name is said by store.families. Staff hear of it when the two are strangers to
    one another: one of them may have signed for whom he does not speak.
    """
    if signature.state is not SignatureState.CONFIRMED:
        return
    for first in others_of(session, signature):
        own = speaks_for(session, signature.contact_id, signature.organisation_id)
        first_own = speaks_for(session, first.contact_id, first.organisation_id)
        kept, other = (signature, first) if prevails(own, first_own) else (first, signature)
        other.state = move(other.state, SignatureState.MERGED, SIGNATURE_MOVES)
        other.merged_into_id = kept.id
        session.add_all([kept, other])
        session.flush()
        record(
            session, at=now, by=by, verb="merge_signatures", subject="signature", subject_id=other.id, into=kept.id
        )
        take_out_of_edition(session, other, "two signatures were merged", now=now, by=by, house=house)
        if not has_a_say(session, other, kept):
            _two_strangers(session, other, now=now, house=house)
        if other is signature:
            return


def _two_strangers(session: Session, other: Signature, *, now: datetime, house: House) -> None:
    call = session.get_one(Call, other.call_id)
    what = "Two who do not seem to know each other signed for one organisation: see at the desk who speaks for it."
    command = f"outreach signatures desk {call.slug}"
    tell_staff(session, what, command, about=f"claimed:{call.id}:{now:%Y-%m-%d}", now=now, house=house)


def count_again(session: Session, gone: Signature, *, by: str, now: datetime, house: House) -> None:
    """Those that were merged with one that no longer counts count again, if their word weighs as much as his.

    Staff hear of it. Nobody brings back an organisation's name that its own people took away; its own people bring
    it back from whoever signed for it without speaking for it. What was signed off waits for the next edition.
    """
    weighed = speaks_for(session, gone.contact_id, gone.organisation_id)
    again = [
        one
        for one in members(session, gone)
        if not weighed or speaks_for(session, one.contact_id, one.organisation_id)
    ]
    for one in again:
        one.state = move(one.state, SignatureState.CONFIRMED, SIGNATURE_MOVES)
        one.merged_into_id = None
        session.add(one)
        record(session, at=now, by=by, verb="count_again", subject="signature", subject_id=one.id, other=gone.id)
    session.flush()
    for one in again:
        one_of_each(session, one, by=by, now=now, house=house)
    if again:
        call = session.get_one(Call, gone.call_id)
        what = "A signature no longer counts, and another that was merged with it counts in its place."
        command = f"outreach signatures desk {call.slug}"
        tell_staff(session, what, command, about=f"again:{gone.id}:{now:%Y%m%d%H%M%S}", now=now, house=house)


def disown_signature(session: Session, signature: Signature, *, now: datetime) -> bool:
    """The mailbox says that the signature is not its own: it will not be asked about this letter again.

    False when there is nothing to disown: it is confirmed, or was taken back before.
    """
    session.flush()
    session.refresh(signature, with_for_update=True)
    if signature.state is not SignatureState.PENDING:
        return False
    signature.state = move(signature.state, SignatureState.REJECTED, SIGNATURE_MOVES)
    signature.rejected_at, signature.reason = now, DISOWNED
    session.add(signature)
    record(
        session,
        at=now,
        by=f"contact {signature.contact_id}",
        verb="disown_signature",
        subject="signature",
        subject_id=signature.id,
    )
    return True
