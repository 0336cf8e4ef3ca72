"""A person accepts a signature that was proposed, came late, or waits; or rejects one, or takes that back."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.entries import Faults, read_entry
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.floods import Asking
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import PROVEN, MatchedBy, ReplyKind
from outreach.domain.signatures import SignatureKind, Visibility, shows_more, signing_ended
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.entries import entry_columns
from outreach.store.events import record
from outreach.store.organisations import find_organisation
from outreach.store.signing import agrees_to_it, find_given, lock_signature, others_of
from outreach.store.tables import Affiliation, Call, Contact, Reply, ReplyEffect, Signature
from outreach.usecases.act_on_reply import remind_again
from outreach.usecases.ask_to_confirm import ask_to_confirm
from outreach.usecases.confirm_signature import count_again, one_of_each, settle_organisation
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.sign_off import take_all_out

ACCEPTABLE = (SignatureState.PROPOSED, SignatureState.LATE, SignatureState.PENDING)
REJECTABLE = (*ACCEPTABLE, SignatureState.CONFIRMED)


def accept_signature(
    session: Session,
    signature: Signature,
    *,
    now: datetime,
    house: House,
    by: str,
    evidence: str = "",
    visibility: Visibility | None = None,
) -> SignatureState:
    """What the signature is now. ``visibility``: who shall see the name, where a mail or a call said so.

    A proposed one is confirmed at once if the mail itself proves whose mailbox it comes from: it answers a mail of
    ours, and our server found its sender authentic. Otherwise the mailbox is asked to confirm, as for a signature
    by the form. A late one is confirmed. One that waits for its mailbox is confirmed on the word of whoever accepts
    it, who says how it is known: ``evidence``; so is one that was given to what the letter said before. Raises
    Refusal when it is none of these, or the call was given up or has not begun.
    """
    call = lock_signature(session, signature)
    if signature.state not in ACCEPTABLE:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}; there is nothing to accept.")
    if call.state not in (CallState.OPEN, CallState.CLOSED, CallState.RELEASED):
        raise Refusal(f"The call {call.slug} is {call.state.value}; nobody can sign it now.")
    if signature.state is SignatureState.PENDING and not evidence.strip():
        raise Refusal(
            f"The mailbox of signature {signature.id} has confirmed nothing. Say how you know of it: --evidence."
        )
    if signature.state is SignatureState.LATE and not agrees_to_it(session, signature) and not evidence.strip():
        raise Refusal(
            f"Signature {signature.id} was given to what the letter said before. "
            f"Ask its signatory, and say how you know: --evidence."
        )
    if visibility is not None:
        _shown_to(signature, visibility)
    _printable(signature)
    reply = _reply_of(session, signature)
    proven = _proves(signature, reply, call) and agrees_to_it(session, signature)
    asks = signature.state is SignatureState.PROPOSED and not proven
    unknown = signature.organisation_id is None and find_organisation(session, signature.name) is None
    settle_organisation(session, signature, now=now)
    _is_the_first(session, signature)
    _speaks_for(session, signature, unknown=unknown)
    signature.evidence = evidence.strip() or signature.evidence
    if asks:
        signature.state = move(signature.state, SignatureState.PENDING, SIGNATURE_MOVES)
        session.add(signature)
        if ask_to_confirm(session, call, signature, now=now, house=house) is not Asking.NOW:
            raise Refusal(
                "This mailbox has been asked to confirm too often; speak with its owner, and use --evidence."
            )
    else:
        confirm_by_staff(session, call, signature, now=now, house=house, by=by)
    if reply is not None:
        finish_reply(session, reply, now=now, by=by)
    _record(session, signature, "accept_signature", now=now, by=by)
    return signature.state


def confirm_by_staff(
    session: Session,
    call: Call,
    signature: Signature,
    *,
    now: datetime,
    house: House,
    by: str,
    tell: bool = True,
) -> None:
    """The signature counts from now on, and its signatory gets a receipt unless ``tell`` is false."""
    if signature.state is not SignatureState.CONFIRMED:
        signature.state = move(signature.state, SignatureState.CONFIRMED, SIGNATURE_MOVES)
    signature.confirmed_at, signature.letter_version = now, call.letter_version
    session.add(signature)
    session.flush()
    if tell:
        queue_for_signature(session, call, signature, MessageKind.RECEIPT, now=now, house=house, at=now)
    one_of_each(session, signature, by=by, now=now, house=house)


def reject_signature(
    session: Session, signature: Signature, *, now: datetime, house: House, by: str, reason: str = ""
) -> None:
    """The signature does not count; nobody is told.

    Whoever was proposed has not answered by that reply. One that stands in an edition is not in the next, which is
    made at once. Raises Refusal for what does not count anyway.
    """
    reject_signatures(session, [signature], now=now, house=house, by=by, reason=reason)


def reject_signatures(
    session: Session, signatures: Sequence[Signature], *, now: datetime, house: House, by: str, reason: str
) -> None:
    """Reject all of them, which are under one letter; the next edition, if one is due, is one for all."""
    for signature in sorted(signatures, key=lambda one: one.id or 0):
        _reject(session, signature, now=now, by=by, reason=reason)
    take_all_out(session, signatures, "signatures were rejected", now=now, by=by, house=house)
    for signature in signatures:
        count_again(session, signature, by=by, now=now, house=house)


def _reject(session: Session, signature: Signature, *, now: datetime, by: str, reason: str) -> None:
    lock_signature(session, signature)
    if signature.state not in REJECTABLE:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}; there is nothing to reject.")
    proposed = signature.state is SignatureState.PROPOSED
    signature.state = move(signature.state, SignatureState.REJECTED, SIGNATURE_MOVES)
    signature.rejected_at, signature.reason, signature.wider = now, reason.strip(), None
    session.add(signature)
    reply = _reply_of(session, signature) if proposed else None
    if reply is not None:
        reply.kind, reply.rule = ReplyKind.OTHER, f"signature rejected by {by}"
        session.flush()
        remind_again(session, reply)
        finish_reply(session, reply, now=now, by=by)
    _record(session, signature, "reject_signature", now=now, by=by)


def restore_signature(
    session: Session, signature: Signature, *, now: datetime, house: House, by: str
) -> SignatureState:
    """Undo a rejection: the signature is again what it was before. Raises Refusal when it is not rejected."""
    lock_signature(session, signature)
    if signature.state is not SignatureState.REJECTED:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}, not rejected.")
    newest = find_given(session, signature.letter_id, signature.kind, signature.signer_key)
    if newest is not None and newest.id != signature.id:
        raise Refusal(f"The same signer has signed anew: signature {newest.id} is {newest.state.value}.")
    before = SignatureState.PENDING
    if signature.confirmed_at is not None and agrees_to_it(session, signature):
        before = SignatureState.CONFIRMED
    elif signature.late_at is not None:
        before = SignatureState.LATE
    signature.state = move(signature.state, before, SIGNATURE_MOVES)
    signature.rejected_at, signature.reason = None, ""
    signature.revision += 1  # what was in mails before the rejection confirms nothing now
    session.add(signature)
    session.flush()
    if before is SignatureState.CONFIRMED:
        settle_organisation(session, signature, now=now)
        one_of_each(session, signature, by=by, now=now, house=house)
    _record(session, signature, "restore_signature", now=now, by=by)
    return signature.state


def _shown_to(signature: Signature, visibility: Visibility) -> None:
    """Staff read out of a mail who shall see the name; what a signatory has chosen they can only narrow."""
    if signature.state is not SignatureState.PROPOSED and shows_more(visibility, signature.visibility):
        raise Refusal(
            f"The signatory of {signature.id} chose {signature.visibility.value}; "
            f"only she can let more people see the name ('outreach signatures correct' asks her)."
        )
    signature.visibility = visibility


def _printable(signature: Signature) -> None:
    """What a mail said may not be fit to be printed. Raises InvalidInput with what is wrong."""
    given = {name: str(getattr(signature, name)) for name in ("name", "acronym", "website", "affiliation")}
    given |= {"signer_name": signature.signer_name, "signer_title": signature.signer_title}
    given |= {"country": signature.country, "visibility": signature.visibility.value}
    read = read_entry(signature.kind, given)
    if isinstance(read, Faults):
        raise InvalidInput(*map(str, read.faults))
    signature.sqlmodel_update(entry_columns(read))


def _is_the_first(session: Session, signature: Signature) -> None:
    """Refusal: the organisation of the proposal has signed meanwhile."""
    others = others_of(session, signature) if signature.state is SignatureState.PROPOSED else []
    if others:
        other = others[0]
        raise Refusal(f"{other.name} has a signature already, no. {other.id}: it is {other.state.value}.")


def _proves(signature: Signature, reply: Reply | None, call: Call) -> bool:
    in_time = signature.submitted_at <= signing_ended(call.deadline_at, call.closed_at)
    proven = reply is not None and reply.authenticated and reply.matched_by in PROVEN - {MatchedBy.PERSON}
    return proven and in_time


def _speaks_for(session: Session, signature: Signature, *, unknown: bool) -> None:
    """A colleague who was unknown before speaks for the organisation from now on, and so does its first signer.

    Naming one that we knew already makes nobody speak for it.
    """
    if signature.kind is SignatureKind.INDIVIDUAL or signature.contact_id is None:
        return
    contact = session.get_one(Contact, signature.contact_id)
    if unknown or contact.organisation_id == signature.organisation_id:
        session.merge(Affiliation(contact_id=signature.contact_id, organisation_id=signature.organisation_id or 0))


def _reply_of(session: Session, signature: Signature) -> Reply | None:
    effect = session.exec(select(ReplyEffect).where(ReplyEffect.signature_id == signature.id)).first()
    return session.get(Reply, effect.reply_id) if effect else None


def _record(session: Session, signature: Signature, verb: str, *, now: datetime, by: str) -> None:
    record(
        session,
        at=now,
        by=by,
        verb=verb,
        subject="signature",
        subject_id=signature.id,
        state=signature.state.value,
    )
