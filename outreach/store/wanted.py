"""Whether a message is still wanted: the rules that the claim itself applies, as SQL over the message table.

``unwanted`` names the reason for which a message may no longer go; NULL means that it may.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from outreach.domain.kinds import CALL_KINDS, KINDS, MessageKind, Recipients
from outreach.domain.replies import PROVEN, REPLIES
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.store.round_members import asked_no_more, is_approval, waits_for_word_on_new_draft
from outreach.store.tables import (
    Addressee,
    Affiliation,
    Call,
    Delivery,
    Edition,
    Mailing,
    Message,
    Reply,
    Signature,
    Suppression,
    SuppressionReason,
)

ASKING = tuple(kind for kind, rules in KINDS.items() if rules.asks)
ASKING_TO_CONFIRM = (MessageKind.CONFIRMATION, MessageKind.CONFIRMATION_REMINDER, MessageKind.LETTER_CHANGED)
TO_SIGNATORIES = tuple(kind for kind, rules in KINDS.items() if rules.to is Recipients.SIGNATORIES)
ENDING = tuple(kind for kind, rules in REPLIES.items() if rules.ends)
REMINDING = (MessageKind.REMINDER, MessageKind.LAST_CALL)
TIED_TO_DEADLINE = (*REMINDING, MessageKind.DEADLINE_EXTENDED, MessageKind.THANK_YOU)
"""What says or follows a deadline that is no longer the call's is wrong once the call has been extended."""
GONE = (MessageState.CANCELLED, MessageState.EXPIRED)
ANSWERED = tuple(state for state in SignatureState if state is not SignatureState.REJECTED)
"""Who signed is asked no more, not even after withdrawing, or when the entry was merged with another."""
DEAD = (SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT, SuppressionReason.ERASURE)

OPTED_OUT = "opted out"
DEAD_ADDRESS = "dead address"
VOUCHED_FOR = tuple(state for state in ANSWERED if state not in (SignatureState.PROPOSED, SignatureState.PENDING))
"""What a mailbox has confirmed. A proposal was read out of a reply, and weighs no more than that reply."""
HAS_ANSWERED = "has answered"
CALL_OVER = "call is over"
EXTENDED = "the deadline was extended"
REPLACED = "a later mail took its place"
WITHDRAWN = "no longer signed"
NOTHING_TO_CONFIRM = "nothing to confirm"
TOO_LATE = "too late"
OUTDATED = "a newer letter took its place"


def unwanted(now: datetime | sa.ColumnElement[datetime]) -> sa.Case[str | None]:
    """The reason for which a message may no longer go, first match first; NULL when there is none."""
    return sa.case(
        (col(Message.not_after) <= now, sa.literal(TOO_LATE)),
        (dead_address(col(Message.address_digest)), sa.literal(DEAD_ADDRESS)),
        (col(Message.test).is_(True), sa.null()),
        (sa.and_(col(Message.kind) == MessageKind.DELIVERY, _outdated()), sa.literal(OUTDATED)),
        (sa.and_(col(Message.kind).in_(CALL_KINDS), _call_in(CallState.CANCELLED)), sa.literal(CALL_OVER)),
        (
            sa.and_(
                sa.or_(col(Message.bulk).is_(True), _about_a_new_draft()),
                opted_out(col(Message.address_digest), col(Message.call_id)),
            ),
            sa.literal(OPTED_OUT),
        ),
        (sa.and_(col(Message.kind).in_(ASKING), ~_call_in(CallState.OPEN)), sa.literal(CALL_OVER)),
        (sa.and_(col(Message.kind).in_(TIED_TO_DEADLINE), _of_an_old_deadline()), sa.literal(EXTENDED)),
        (sa.or_(_replaced(REMINDING), _replaced((MessageKind.INVITATION,))), sa.literal(REPLACED)),
        (
            sa.and_(col(Message.kind).in_(ASKING), answered(col(Message.contact_id), col(Message.call_id))),
            sa.literal(HAS_ANSWERED),
        ),
        (sa.and_(col(Message.kind).in_(TO_SIGNATORIES), ~_still_signed()), sa.literal(WITHDRAWN)),
        (
            sa.and_(col(Message.kind).in_(ASKING_TO_CONFIRM), ~_waits_for_its_mailbox()),
            sa.literal(NOTHING_TO_CONFIRM),
        ),
        else_=sa.null(),
    )


def opted_out(digest: Any, call_id: Any) -> sa.Exists:
    """The address opted out of everything, or of this call."""
    return sa.exists().where(
        col(Suppression.address_digest) == digest,
        col(Suppression.reason) == SuppressionReason.OPT_OUT,
        sa.or_(col(Suppression.scope) == 0, col(Suppression.scope) == call_id),
    )


def dead_address(digest: Any) -> sa.Exists:
    """The address bounced for good, complained, or was erased: not even transactional messages go there."""
    return sa.exists().where(
        col(Suppression.address_digest) == digest,
        col(Suppression.reason).in_(DEAD),
        col(Suppression.scope) == 0,
    )


@lru_cache(64)
def answered(contact_id: Any, call_id: Any) -> sa.ColumnElement[bool]:
    """The contact has answered the call, or an organisation for which the contact speaks has.

    For an organisation that answer counts which one of its own people gave, or which a mailbox has confirmed:
    nobody silences an organisation by typing its name. A reply that refuses, or would sign, is an answer too; for
    the whole organisation only if its writer had a mail of ours in hand. An approval round asks organisations, and
    knows by which contact (store.round_members). Kept, because writing this takes longer than running it.
    """
    approval = is_approval(call_id)
    return sa.or_(
        sa.and_(approval, asked_no_more(call_id, contact_id)),
        sa.and_(~approval, _answered_publicly(contact_id, call_id)),
    )


def _answered_publicly(contact_id: Any, call_id: Any) -> sa.ColumnElement[bool]:
    given = aliased(Signature)  # a name of its own: the statement around it may look at signatures as well
    signed = sa.and_(given.call_id == call_id, col(given.state).in_(ANSWERED))
    in_person = sa.exists().where(signed, col(given.contact_id) == contact_id)
    signer = aliased(Affiliation)
    own_people = sa.exists().where(
        col(signer.contact_id) == col(given.contact_id), col(signer.organisation_id) == col(given.organisation_id)
    )
    organisation = sa.exists().where(
        signed,
        col(given.organisation_id).in_(_spoken_for_by(contact_id)),
        sa.or_(
            col(given.state).in_(VOUCHED_FOR),
            sa.and_(col(given.state) == SignatureState.PENDING, own_people, col(given.invited).is_(True)),
        ),
    )
    return sa.or_(in_person, organisation, *_replied(contact_id, call_id))


def _spoken_for_by(contact_id: Any) -> sa.Select[Any]:
    """The organisations of a contact.

    As a list, not as a join: from it a database looks up the few answers of these organisations, where from a join
    it may go through all the answers of the call for each contact.
    """
    spoken_for = sa.select(col(Affiliation.organisation_id)).where(col(Affiliation.contact_id) == contact_id)
    return spoken_for.correlate_except(Affiliation)


def _replied(contact_id: Any, call_id: Any) -> tuple[sa.Exists, sa.Exists]:
    said = aliased(Reply)
    answers = sa.and_(said.call_id == call_id, col(said.kind).in_(ENDING))
    colleague = sa.exists().where(
        answers,
        col(said.matched_by).in_(PROVEN),
        col(said.organisation_id).in_(_spoken_for_by(contact_id)),
    )
    return sa.exists().where(answers, col(said.contact_id) == contact_id), colleague


def _still_signed() -> sa.Exists:
    return sa.exists().where(
        col(Signature.id) == col(Message.signature_id),
        col(Signature.state).in_((SignatureState.CONFIRMED, SignatureState.MERGED)),
    )


def _outdated() -> sa.Exists:
    """The letter was released to that official anew, or somebody has left its list since: this one goes no more."""
    newer = sa.exists().where(
        col(Edition.letter_id) == col(Addressee.letter_id), col(Edition.id) > col(Delivery.edition_id)
    )
    return sa.exists().where(
        col(Delivery.message_id) == col(Message.id),
        col(Addressee.id) == col(Delivery.addressee_id),
        sa.or_(col(Addressee.document_id) != col(Delivery.document_id), newer),
    )


def _waits_for_its_mailbox() -> sa.ColumnElement[bool]:
    """The mail's signature is pending, or would show more than before; otherwise there is nothing to ask.

    A round's members are asked about a new draft whether or not they had approved the one before.
    """
    waits = sa.exists().where(
        col(Signature.id) == col(Message.signature_id),
        sa.or_(col(Signature.state) == SignatureState.PENDING, col(Signature.wider).is_not(None)),
    )
    unread = waits_for_word_on_new_draft(col(Message.call_id), col(Message.contact_id))
    return sa.or_(waits, sa.and_(_about_a_new_draft(), unread))


def _about_a_new_draft() -> sa.ColumnElement[bool]:
    """The mail tells an organisation of a round that the draft has changed."""
    return sa.and_(col(Message.kind) == MessageKind.LETTER_CHANGED, col(Message.signature_id).is_(None))


def _call_in(state: CallState) -> sa.Exists:
    return sa.exists().where(col(Call.id) == col(Message.call_id), col(Call.state) == state)


def _of_an_old_deadline() -> sa.Exists:
    """The mailing was queued before the call was extended; its message was in flight then, held, or in doubt."""
    return sa.exists().where(
        col(Mailing.id) == col(Message.mailing_id),
        col(Call.id) == col(Message.call_id),
        col(Mailing.deadline_revision) < col(Call.deadline_revision),
    )


def _replaced(kinds: tuple[MessageKind, ...]) -> sa.ColumnElement[bool]:
    """A later message of these kinds of the same call is there for the same address: nobody gets both.

    Only the address is a column that an index could find. PostgreSQL, which knows nothing of rows that were written
    a moment ago, would rather go by call, kind and number, through all the later mails of a call for each of them.
    """
    later = aliased(Message)
    replacing = sa.exists().where(
        col(later.address_digest) == col(Message.address_digest),
        col(later.call_id) - col(Message.call_id) == 0,
        sa.func.coalesce(col(later.kind), sa.null()).in_(kinds),
        col(later.test).is_(False),
        col(later.id) - col(Message.id) > 0,
        col(later.state).not_in(GONE),
    )
    return sa.and_(col(Message.kind).in_(kinds), replacing)
