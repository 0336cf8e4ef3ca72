"""What follows from a reply, done once and in a way that a person can take back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import same_house
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import OFFICIALS, PROVEN, REPLIES, SURE, MatchedBy, ReplyKind
from outreach.domain.states import REPLY_MOVES, ReplyState, SignatureState, move
from outreach.reading.mail import read_mail
from outreach.reading.understanding import may_be_answered
from outreach.store.inbound import content_of
from outreach.store.offices import is_an_offices
from outreach.store.queueing import cancel_unsent
from outreach.store.suppressing import evidence_of, let_wait_again, lift, suppress
from outreach.store.tables import (
    Affiliation,
    Call,
    Contact,
    EffectKind,
    Message,
    Reply,
    ReplyEffect,
    Signature,
    SuppressionReason,
)
from outreach.store.wanted import HAS_ANSWERED
from outreach.usecases.hear_office import hear_office
from outreach.usecases.propose_signature import propose_signature
from outreach.usecases.queue_house_message import queue_house_message, recipient_of
from outreach.usecases.queue_message import Recipient
from outreach.usecases.record_bounce import forget_bounce, record_bounce
from outreach.usecases.tell_staff import tell_of_reply

FAILURES = (ReplyKind.BOUNCE, ReplyKind.COMPLAINT)
ONE_ANSWER_IN = timedelta(days=7)
"""Nobody gets more than one automatic answer in this time: two machines that answer each other fall silent."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the person who looks at the reply; with ``waits`` somebody must."""

    sentence: str
    waits: bool = False


def act_on(session: Session, reply: Reply, *, now: datetime, house: House, by: str, answerable: bool) -> None:
    """Do what follows from the reply's kind, and set whether it waits for a person.

    ``answerable``: an automatic answer may be written to it, because a person wrote it (RFC 3834, 2).
    """
    notes = list(_effects(session, reply, now=now, house=house, by=by, answerable=answerable))
    reply.note = " ".join(note.sentence for note in notes if note.sentence)
    rules = REPLIES[reply.kind]
    placed = reply.call_id is not None or reply.post_id is not None
    unplaced = not placed and reply.kind is not ReplyKind.OPT_OUT
    unsure = not rules.automatic and (unplaced or reply.confidence < SURE)
    waits = rules.waits or unsure or any(note.waits for note in notes)
    state = ReplyState.WAITING if waits else ReplyState.DONE
    if reply.state is not state:
        reply.state = move(reply.state, state, REPLY_MOVES)
    session.add(reply)
    session.flush()


def is_answerable(session: Session, reply: Reply) -> bool:
    """Whether an automatic answer may be written to a reply that was taken in before (RFC 3834, 2)."""
    if reply.inbound_id is None or REPLIES[reply.first_kind].automatic:
        return False
    return may_be_answered(read_mail(content_of(session, reply.inbound_id)))


def _effects(
    session: Session, reply: Reply, *, now: datetime, house: House, by: str, answerable: bool
) -> Iterator[Note]:
    if reply.post_id is not None and reply.kind not in FAILURES:
        if reply.kind in OFFICIALS:
            _tell_of_official(session, reply, now=now, house=house)
        open_matter = hear_office(session, reply, now=now, by=by, house=house)
        yield Note(open_matter, waits=bool(open_matter))
        return
    match reply.kind:
        case ReplyKind.BOUNCE:
            yield from _bounced(session, reply, now=now, house=house)
        case ReplyKind.COMPLAINT:
            yield from _complained(session, reply, now=now, house=house)
        case ReplyKind.OPT_OUT:
            yield from _opted_out(session, reply, now=now, house=house, answerable=answerable)
        case ReplyKind.SIGNS:
            proposed = propose_signature(session, reply, now=now, house=house, by=by)
            if proposed.signature is not None:
                _remember(session, reply, EffectKind.PROPOSED, now=now, signature=proposed.signature)
                _answers_for(session, reply, proposed.signature)
            yield Note(proposed.note)
        case ReplyKind.DECLINES:
            yield from _declined(session, reply)
        case _ if reply.kind in OFFICIALS:
            _tell_of_official(session, reply, now=now, house=house)


def _tell_of_official(session: Session, reply: Reply, *, now: datetime, house: House) -> None:
    tell_of_reply(session, reply, OFFICIALS, "An official has answered.", "official", now=now, house=house)


def _answers_for(session: Session, reply: Reply, signature: Signature) -> None:
    """Who signs for another organisation than the one we wrote to has not answered for that one."""
    if signature.contact_id != reply.contact_id and signature.organisation_id != reply.organisation_id:
        reply.contact_id, reply.organisation_id = signature.contact_id, signature.organisation_id
        session.add(reply)


def _declined(session: Session, reply: Reply) -> Iterator[Note]:
    """Reminders stop; but an invitation that is passed on can be answered by anybody in the name of its reader."""
    contact = session.get(Contact, reply.contact_id) if reply.contact_id else None
    if contact is not None and _from_elsewhere(reply, contact):
        yield Note("It comes from elsewhere than the address we wrote to: see that it speaks for them.", waits=True)


def _from_elsewhere(reply: Reply, contact: Contact) -> bool:
    """Whether it is written at another address than the one we wrote to, and not by a colleague there."""
    if reply.sender_digest in ("", contact.address_digest):
        return False
    return not same_house(reply.sender_address.rpartition("@")[2], contact.domain)


def _bounced(session: Session, reply: Reply, *, now: datetime, house: House) -> Iterator[Note]:
    """Without proof that it answers a mail of ours a bounce changes nothing: anybody can write one."""
    if reply.message_id is None or reply.matched_by not in PROVEN:
        yield Note("Nothing proves that it answers a mail of ours, so nothing was changed.")
        return
    done = record_bounce(session, reply, now=now, house=house)
    if done.dead:
        _suppress(session, reply, done.digest, SuppressionReason.HARD_BOUNCE, now=now)
    yield Note(done.note, waits=done.waits)


def _complained(session: Session, reply: Reply, *, now: datetime, house: House) -> Iterator[Note]:
    complaints = (ReplyKind.COMPLAINT,)
    tell_of_reply(session, reply, complaints, "Somebody called our mail spam.", "complaint", now=now, house=house)
    digest = _complainer(session, reply)
    if not digest:
        yield Note("Nothing shows which mail of ours it is about: find out who complains.", waits=True)
        return
    _suppress(session, reply, digest, SuppressionReason.COMPLAINT, now=now)


def _complainer(session: Session, reply: Reply) -> str:
    """Whose address it is that a proven mail of ours went to, or of whom a person says so; empty if unknown."""
    message = session.get(Message, reply.message_id) if reply.message_id else None
    if message is not None and reply.matched_by in PROVEN:
        return message.address_digest
    contact = session.get(Contact, reply.contact_id) if reply.contact_id else None
    return contact.address_digest if contact is not None and reply.matched_by is MatchedBy.PERSON else ""


def _opted_out(session: Session, reply: Reply, *, now: datetime, house: House, answerable: bool) -> Iterator[Note]:
    """Stop mail to whom we wrote and to who writes: people write from other addresses than they are written to."""
    contact = session.get(Contact, reply.contact_id) if reply.contact_id else None
    written_to = contact.address_digest if contact else ""
    digests = [digest for digest in dict.fromkeys((written_to, reply.sender_digest)) if digest]
    if not digests:
        yield Note("It has no sender whom we could take out.", waits=True)
        return
    if contact is None and is_an_offices(session, reply.sender_digest, house.salt):
        yield Note("It comes from the address of an official's office. Nothing was stopped: decide.", waits=True)
        return
    call = session.get(Call, reply.call_id) if reply.call_id else None
    scope = (call.id or 0) if call is not None and call.rehearsal else 0
    new = [_suppress(session, reply, digest, SuppressionReason.OPT_OUT, now=now, scope=scope) for digest in digests]
    if len(digests) > 1:
        sentence = "The sender's address is not the one we wrote to; neither gets any more."
        yield Note(sentence, waits=contact is not None and _from_elsewhere(reply, contact))
    known = contact is not None or reply.authenticated  # a forged sender must not get mail from us
    if any(new) and answerable and known and reply.channel == "mail":
        _confirm(session, reply, contact, now=now, house=house)


def _confirm(session: Session, reply: Reply, contact: Contact | None, *, now: datetime, house: House) -> None:
    """Say once that it was done: to whom we wrote, or to who writes if we never wrote."""
    to = recipient_of(session, contact.address if contact else reply.sender_address, house)
    if not was_answered_lately(session, to, now=now):
        occurrence = f"opted-out:{reply.id}:{to.digest}"
        answers = [reply.mail_id] if reply.mail_id else []
        queue_house_message(
            session, MessageKind.OPTED_OUT, to, {"answers": answers}, occurrence=occurrence, now=now, house=house
        )


def unsay_opt_out(session: Session, reply: Reply, *, now: datetime) -> None:
    """Keep back the mail that says that an opt-out was done, if it has not left."""
    confirms = [col(Message.occurrence).startswith(f"opted-out:{reply.id}:", autoescape=True)]
    cancel_unsent(session, now=now, reason="no opt-out after all", where=confirms)


def was_answered_lately(session: Session, to: Recipient, *, now: datetime) -> bool:
    """Whether an automatic answer went to this address within the last days."""
    statement = select(Message.id).where(
        Message.address_digest == to.digest,
        Message.kind == MessageKind.OPTED_OUT,
        col(Message.queued_at) > now - ONE_ANSWER_IN,
    )
    return session.exec(statement).first() is not None


def _suppress(
    session: Session, reply: Reply, digest: str, reason: SuppressionReason, *, now: datetime, scope: int = 0
) -> bool:
    done = suppress(session, digest, reason, evidence=evidence_of(reply), now=now, scope=scope)
    _remember(session, reply, EffectKind.SUPPRESSED, now=now, digest=digest, scope=scope, reason=reason)
    return done.added


def _remember(
    session: Session,
    reply: Reply,
    effect: EffectKind,
    *,
    now: datetime,
    digest: str = "",
    scope: int = 0,
    reason: str = "",
    signature: Signature | None = None,
) -> None:
    session.add(
        ReplyEffect(
            reply_id=reply.id or 0,
            effect=effect,
            address_digest=digest,
            scope=scope,
            reason=str(reason),
            signature_id=signature.id if signature else None,
            at=now,
        )
    )


def undo_effects(session: Session, reply: Reply, *, now: datetime) -> None:
    """Take back what was done because of the reply, unless something else asks for it as well.

    Reminders that it had stopped wait again, and are judged anew when they are claimed.
    """
    effects = session.exec(
        select(ReplyEffect).where(ReplyEffect.reply_id == reply.id, col(ReplyEffect.undone_at).is_(None))
    ).all()
    for effect in effects:
        effect.undone_at = now
        session.add(effect)
        session.flush()
        if effect.effect is EffectKind.SUPPRESSED and not _asked_elsewhere(session, effect):
            lift(session, effect.address_digest, SuppressionReason(effect.reason), scope=effect.scope)
        if effect.effect is EffectKind.PROPOSED and effect.signature_id is not None:
            _take_back(session, effect)
    forget_bounce(session, reply)
    if REPLIES[reply.kind].ends and reply.call_id is not None:
        remind_again(session, reply)


def remind_again(session: Session, reply: Reply) -> None:
    """Nobody has answered by this reply: neither its contact nor, for them, the organisation."""
    colleagues = select(Affiliation.contact_id).where(Affiliation.organisation_id == reply.organisation_id)
    silent = sa.or_(col(Message.contact_id) == reply.contact_id, col(Message.contact_id).in_(colleagues))
    let_wait_again(session, HAS_ANSWERED, since=reply.at, where=[col(Message.call_id) == reply.call_id, silent])


def _asked_elsewhere(session: Session, effect: ReplyEffect) -> bool:
    """Another reply asks for the same."""
    same = select(ReplyEffect.id).where(
        ReplyEffect.id != effect.id,
        ReplyEffect.address_digest == effect.address_digest,
        ReplyEffect.scope == effect.scope,
        ReplyEffect.reason == effect.reason,
        col(ReplyEffect.undone_at).is_(None),
    )
    return session.exec(same).first() is not None


def _take_back(session: Session, effect: ReplyEffect) -> None:
    """A proposal that nobody has accepted is gone; an accepted one is a signature, and has its own verbs."""
    signature = session.get(Signature, effect.signature_id)
    if signature is not None and signature.state is SignatureState.PROPOSED:
        effect.signature_id = None
        session.add(effect)
        session.flush()
        session.delete(signature)
        session.flush()
