"""Approval rounds in SQL: whom a round asks, and who has said something of the letter as it is now."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from outreach.domain.correspondence import DraftAnswer, RoundKind
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import PROVEN, REPLIES, ReplyKind
from outreach.domain.states import SignatureState
from outreach.store.tables import Call, Letter, Message, Reply, RoundAnswer, RoundMember, Signature

HAS_SPOKEN = tuple(state for state in SignatureState if state is not SignatureState.REJECTED)
ENDING = tuple(kind for kind, rules in REPLIES.items() if rules.ends)


def is_approval(call_id: Any) -> sa.Exists:
    """The call of that number is an approval round."""
    call = aliased(Call)
    return sa.exists().where(col(call.id) == call_id, col(call.round) == RoundKind.APPROVAL)


def asked_by(call_id: Any, contact_id: Any) -> sa.Exists:
    """The round asks an organisation by that contact."""
    member = aliased(RoundMember)
    return sa.exists().where(member.call_id == call_id, member.contact_id == contact_id)


def asked_no_more(call_id: Any, contact_id: Any) -> sa.ColumnElement[bool]:
    """Every organisation that the round asks by that contact has answered, or nobody asks by that contact now.

    An answer to an earlier text is none, except a refusal: that holds until it is taken back.
    """
    member = aliased(RoundMember)
    open_question = sa.exists().where(
        member.call_id == call_id,
        member.contact_id == contact_id,
        ~_has_said(member),
        ~_declined(member),
    )
    return ~open_question


def waits_for_word_on_new_draft(call_id: Any, contact_id: Any) -> sa.Exists:
    """An organisation that is asked by that contact has not said anything of the letter as it is now."""
    member = aliased(RoundMember)
    return sa.exists().where(member.call_id == call_id, member.contact_id == contact_id, ~_has_said(member))


def _has_said(member: Any) -> sa.ColumnElement[bool]:
    """The organisation has answered what the letter says now: on its page, by a signature, or by mail."""
    call, letter, said, given = aliased(Call), aliased(Letter), aliased(RoundAnswer), aliased(Signature)
    now = sa.and_(col(call.id) == member.call_id, col(letter.id) == col(call.letter_id))
    on_its_page = sa.exists().where(
        now,
        col(said.call_id) == member.call_id,
        col(said.organisation_id) == member.organisation_id,
        col(said.letter_version) >= letter.substance,
    )
    signed = sa.exists().where(
        now,
        col(given.call_id) == member.call_id,
        col(given.organisation_id) == member.organisation_id,
        col(given.state).in_(HAS_SPOKEN),
        col(given.letter_version) >= letter.substance,
    )
    return sa.or_(on_its_page, signed, _wrote(member, ENDING, since_the_change=True))


def _declined(member: Any) -> sa.ColumnElement[bool]:
    """The organisation refused, on its page or by mail, and has said nothing else since."""
    said, later = aliased(RoundAnswer), aliased(RoundAnswer)
    changed_its_mind = sa.exists().where(
        col(later.call_id) == col(said.call_id),
        col(later.organisation_id) == col(said.organisation_id),
        col(later.id) > said.id,
    )
    refused = sa.exists().where(
        col(said.call_id) == member.call_id,
        col(said.organisation_id) == member.organisation_id,
        col(said.answer) == DraftAnswer.DECLINES,
        ~changed_its_mind,
    )
    return sa.or_(refused, _wrote(member, (ReplyKind.DECLINES,), since_the_change=False))


def _wrote(member: Any, kinds: tuple[ReplyKind, ...], *, since_the_change: bool) -> sa.Exists:
    """A mail of such a kind came from the organisation's contact, or from a colleague who had ours in hand."""
    reply, told = aliased(Reply), aliased(Message)
    conditions = [
        col(reply.call_id) == member.call_id,
        col(reply.kind).in_(kinds),
        sa.or_(
            col(reply.contact_id) == member.contact_id,
            sa.and_(
                col(reply.organisation_id) == member.organisation_id,
                col(reply.matched_by).in_(PROVEN),
            ),
        ),
    ]
    if since_the_change:
        # Of that member alone: left to itself, so deep inside, the statement would look at everybody's mails.
        changed_since = sa.select(col(told.id)).where(
            col(told.call_id) == member.call_id,
            col(told.contact_id) == member.contact_id,
            col(told.kind) == MessageKind.LETTER_CHANGED,
            col(told.queued_at) > reply.at,
        )
        conditions.append(~changed_since.correlate_except(told).exists())
    return sa.exists().where(*conditions)
