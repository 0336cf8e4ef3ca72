"""A person accepts, or rejects, a signature that was read out of a reply."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import PROVEN, MatchedBy, ReplyKind
from outreach.domain.signatures import SignatureKind, signing_ended
from outreach.domain.states import SIGNATURE_MOVES, CallState, SignatureState, move
from outreach.store.events import record
from outreach.store.organisations import find_or_add
from outreach.store.tables import Affiliation, Call, Contact, Reply, ReplyEffect, Signature
from outreach.usecases.act_on_reply import remind_again
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.sign import printable_name


def accept_signature(
    session: Session, signature: Signature, *, now: datetime, house: House, by: str
) -> SignatureState:
    """What the proposed signature is now.

    Confirmed at once if the mail itself proves whose mailbox it comes from: it answers a mail of ours, and our
    server found its sender authentic. Otherwise the mailbox is asked to confirm, as for a signature by the form.
    Raises Refusal when it is not proposed, or nobody can sign now.
    """
    call = session.get_one(Call, signature.call_id)
    session.refresh(call, with_for_update={"key_share": True})
    _is_proposed(signature)
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        raise Refusal(f"The call {call.slug} is {call.state.value}; nobody can sign it now.")
    signature.name = printable_name(signature.name)
    _settle_organisation(session, signature, now=now)
    reply = _reply_of(session, signature)
    in_time = signature.submitted_at <= signing_ended(call.deadline_at, call.closed_at)
    proven = reply is not None and reply.authenticated and reply.matched_by in PROVEN - {MatchedBy.PERSON}
    state = SignatureState.CONFIRMED if proven and in_time else SignatureState.PENDING
    signature.state = move(signature.state, state, SIGNATURE_MOVES)
    kind = MessageKind.CONFIRMATION
    if state is SignatureState.CONFIRMED:
        signature.confirmed_at, kind = now, MessageKind.RECEIPT
    session.add(signature)
    session.flush()
    queue_for_signature(session, call, signature, kind, now=now, house=house)
    if reply is not None:
        finish_reply(session, reply, now=now, by=by)
    _record(session, signature, "accept_signature", now=now, by=by)
    return signature.state


def reject_signature(session: Session, signature: Signature, *, now: datetime, by: str) -> None:
    """The proposal is none, so nobody has answered by its reply. Raises Refusal when it is not proposed."""
    _is_proposed(signature)
    signature.state = move(signature.state, SignatureState.REJECTED, SIGNATURE_MOVES)
    session.add(signature)
    reply = _reply_of(session, signature)
    if reply is not None:
        reply.kind, reply.rule = ReplyKind.OTHER, f"signature rejected by {by}"
        session.flush()
        remind_again(session, reply)
        finish_reply(session, reply, now=now, by=by)
    _record(session, signature, "reject_signature", now=now, by=by)


def _is_proposed(signature: Signature) -> None:
    if signature.state is not SignatureState.PROPOSED:
        raise Refusal(f"Signature {signature.id} is {signature.state.value}, not proposed.")


def _settle_organisation(session: Session, signature: Signature, *, now: datetime) -> None:
    """An organisation that nobody knew becomes one now. Refusal: it has signed meanwhile.

    A colleague who was unknown before this mail speaks for the organisation from now on.
    """
    if signature.kind is SignatureKind.INDIVIDUAL:
        return
    if signature.organisation_id is not None:
        if session.get_one(Contact, signature.contact_id).organisation_id == signature.organisation_id:
            session.merge(_affiliation(signature.contact_id, signature.organisation_id))
        return
    organisation = find_or_add(session, signature.name, now=now)
    key = f"organisation {organisation.id}"
    taken = session.exec(
        select(Signature).where(
            Signature.letter_id == signature.letter_id,
            Signature.kind == signature.kind,
            Signature.signer_key == key,
            col(Signature.id) != signature.id,
        )
    ).first()
    if taken is not None:
        raise Refusal(f"{organisation.name} has a signature already, no. {taken.id}: it is {taken.state.value}.")
    organisation.country = organisation.country or signature.country
    signature.organisation_id, signature.signer_key = organisation.id, key
    session.merge(_affiliation(signature.contact_id, organisation.id))
    session.add(organisation)


def _affiliation(contact_id: int, organisation_id: int | None) -> Affiliation:
    return Affiliation(contact_id=contact_id, organisation_id=organisation_id or 0)


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
