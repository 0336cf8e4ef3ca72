"""Whether a message is still wanted: the rules that the claim itself applies, as SQL over the message table.

``unwanted`` names the reason for which a message may no longer go; NULL means that it may.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from outreach.domain.kinds import KINDS, Recipients
from outreach.domain.states import CallState, SignatureState
from outreach.store.tables import Affiliation, Call, Message, Signature, Suppression, SuppressionReason

ASKING = tuple(kind for kind, rules in KINDS.items() if rules.asks)
TO_SIGNATORIES = tuple(kind for kind, rules in KINDS.items() if rules.to is Recipients.SIGNATORIES)
ANSWERED = (SignatureState.PROPOSED, SignatureState.PENDING, SignatureState.CONFIRMED, SignatureState.LATE)
DEAD = (SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT, SuppressionReason.ERASURE)

OPTED_OUT = "opted out"
DEAD_ADDRESS = "dead address"
HAS_ANSWERED = "has answered"
CALL_OVER = "call is over"
WITHDRAWN = "no longer signed"
TOO_LATE = "too late"


def unwanted(now: datetime) -> sa.Case[str | None]:
    """The reason for which a message may no longer go, first match first; NULL when there is none."""
    return sa.case(
        (col(Message.not_after) <= now, sa.literal(TOO_LATE)),
        (dead_address(col(Message.address_digest)), sa.literal(DEAD_ADDRESS)),
        (col(Message.test).is_(True), sa.null()),
        (
            sa.and_(col(Message.bulk).is_(True), opted_out(col(Message.address_digest), col(Message.call_id))),
            sa.literal(OPTED_OUT),
        ),
        (sa.and_(col(Message.kind).in_(ASKING), _call_not_open()), sa.literal(CALL_OVER)),
        (
            sa.and_(col(Message.kind).in_(ASKING), answered(col(Message.contact_id), col(Message.call_id))),
            sa.literal(HAS_ANSWERED),
        ),
        (sa.and_(col(Message.kind).in_(TO_SIGNATORIES), ~_still_signed()), sa.literal(WITHDRAWN)),
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


def answered(contact_id: Any, call_id: Any) -> sa.ColumnElement[bool]:
    """The contact has signed the call's letter, or an organisation for which the contact speaks has."""
    signed = sa.and_(col(Signature.call_id) == call_id, col(Signature.state).in_(ANSWERED))
    in_person = sa.exists().where(signed, col(Signature.contact_id) == contact_id)
    organisation = sa.exists().where(
        signed,
        col(Signature.organisation_id) == col(Affiliation.organisation_id),
        col(Affiliation.contact_id) == contact_id,
    )
    return sa.or_(in_person, organisation)


def _still_signed() -> sa.Exists:
    return sa.exists().where(
        col(Signature.id) == col(Message.signature_id), col(Signature.state) == SignatureState.CONFIRMED
    )


def _call_not_open() -> sa.Exists:
    return sa.exists().where(col(Call.id) == col(Message.call_id), col(Call.state) != CallState.OPEN)
