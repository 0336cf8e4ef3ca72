"""Who was invited to a call and where each stands, in SQL: counted over whole sets, and listed page by page.

Counting starts from those who did something, who are few beside those who were invited; how many are silent is what
remains. Whose answer counts for whom is the rule by which reminders stop (``store.wanted``), told as sets.
"""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from outreach.domain.bounces import BounceReason
from outreach.domain.correspondence import DraftAnswer, RoundKind
from outreach.domain.funnels import Standing
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import PROVEN, ReplyKind
from outreach.domain.states import MessageState, SignatureState
from outreach.store import wanted
from outreach.store.round_members import asked_no_more
from outreach.store.tables import (
    Affiliation,
    Bounce,
    Call,
    Contact,
    Message,
    Reply,
    RoundAnswer,
    RoundMember,
    Signature,
    Suppression,
    SuppressionReason,
)
from outreach.store.tables.messages import INVITATIONS
from outreach.store.tallies import tallied

STANDS = (SignatureState.CONFIRMED, SignatureState.MERGED)
GONE_OUT = (MessageState.SENT, MessageState.UNKNOWN)
RANKS = (Standing.SIGNED, Standing.DECLINED, Standing.ANSWERED, Standing.OPTED_OUT, Standing.BOUNCED)
"""What somebody did, the first first; the rest follows from how the invitation stands."""
PLACES = (Standing.SILENT, Standing.ON_ITS_WAY, Standing.NOT_SENT)
ANSWERS = sa.text("reply.kind IN ('signs', 'signs-if-changed', 'declines')")
"""``wanted.ENDING``, spelt out for its index."""
UNWANTED = tuple(reason for reason in SuppressionReason if reason is not SuppressionReason.HARD_BOUNCE)
"""Who said so, complained, or was erased; an address that is dead is one of which mails came back."""


def place_of(state: MessageState) -> Standing:
    """Where somebody stands of whom nothing is known but how the invitation stands."""
    if state in GONE_OUT:
        return Standing.SILENT
    return Standing.NOT_SENT if state is MessageState.FAILED else Standing.ON_ITS_WAY


def count_standings(session: Session, call: Call) -> Counter[Standing]:
    """How many of those who were invited stand where.

    An invitation that was cancelled or expired is none. Who was invited again because the first could not be sent
    is one person, and stands where the later one does.
    """
    counts: Counter[Standing] = Counter()
    mailings = set()
    for one in tallied(session, [call.id or 0]):
        if one.kind is MessageKind.INVITATION and one.state not in wanted.GONE:
            counts[place_of(one.state)] += one.messages
            mailings.add(one.mailing_id)
    if len(mailings) > 1:  # one mailing reaches nobody twice
        counts[Standing.NOT_SENT] -= _invited_again(session, call)
    for rank, place, people in session.execute(_moved(call)):
        if place is not None:  # who answered without having been invited is nobody's loss
            counts[RANKS[rank]] += people
            counts[PLACES[place]] -= people
    return counts


def invitation(call: Call) -> list[sa.ColumnElement[bool] | sa.TextClause]:
    """Conditions on the message table: an invitation of the call that was not given up, by its own index."""
    return [
        INVITATIONS,
        col(Message.call_id) == call.id,
        col(Message.state).not_in(wanted.GONE),
    ]


def _invited_again(session: Session, call: Call) -> int:
    """How many invitations failed and have another beside them: one that did not fail, or a later one."""
    other = aliased(Message, name="other")
    another = sa.exists().where(
        sa.text("other.kind = 'invitation' AND NOT other.test"),
        col(other.call_id) == call.id,
        col(other.contact_id) == col(Message.contact_id),
        col(other.state).not_in(wanted.GONE),
        sa.or_(col(other.state) != MessageState.FAILED, col(other.id) > col(Message.id)),
    )
    failed = sa.select(sa.func.count()).where(*invitation(call), col(Message.state) == MessageState.FAILED, another)
    return int(session.execute(failed).scalar_one())


def _moved(call: Call) -> sa.Select[Any]:
    """Of those who were invited and did something: how many did what, and how their invitation stands."""
    did = sa.union_all(*_deeds(call)).subquery("did")
    first = sa.select(did.c.contact_id, sa.func.min(did.c.rank).label("rank")).group_by(did.c.contact_id).subquery()
    place = sa.case(
        (col(Message.state).in_(GONE_OUT), PLACES.index(Standing.SILENT)),
        (col(Message.state) == MessageState.FAILED, PLACES.index(Standing.NOT_SENT)),
        else_=PLACES.index(Standing.ON_ITS_WAY),
    )
    stands = sa.select(sa.func.min(place)).where(col(Message.contact_id) == first.c.contact_id, *invitation(call))
    each = (
        sa.select(first.c.rank, stands.correlate(first).scalar_subquery().label("place"))
        .cte()
        .prefix_with(
            "MATERIALIZED"  # once for each person
        )
    )
    return sa.select(each.c.rank, each.c.place, sa.func.count()).group_by(each.c.rank, each.c.place)


def _deeds(call: Call) -> list[sa.Select[Any]]:
    """Rows of a contact and the rank of what they did, in any order, a contact as often as they did something."""
    if call.round is RoundKind.APPROVAL:
        return [*_signed(call), *_approved(call), *_unreachable(call)]
    return [*_signed(call), *_signed_by_colleagues(call), *_replied(call), *_unreachable(call)]


def _rank(standing: Standing) -> sa.ColumnElement[int]:
    return sa.literal(RANKS.index(standing), sa.Integer)


def _did(contact_id: Any, rank: Any) -> sa.Select[Any]:
    return sa.select(contact_id.label("contact_id"), rank.label("rank"))


def _given(state: Any) -> sa.ColumnElement[int]:
    return sa.case((state.in_(STANDS), _rank(Standing.SIGNED)), else_=_rank(Standing.ANSWERED))


def _said(kind: Any) -> sa.ColumnElement[int]:
    return sa.case((kind == ReplyKind.DECLINES, _rank(Standing.DECLINED)), else_=_rank(Standing.ANSWERED))


def _signed(call: Call) -> list[sa.Select[Any]]:
    state = col(Signature.state)
    of_call = sa.and_(col(Signature.call_id) == call.id, state.in_(wanted.ANSWERED))
    return [_did(col(Signature.contact_id), _given(state)).where(of_call, col(Signature.contact_id).is_not(None))]


def _signed_by_colleagues(call: Call) -> list[sa.Select[Any]]:
    state = col(Signature.state)
    colleagues = col(Affiliation.organisation_id) == col(Signature.organisation_id)
    signer = aliased(Affiliation)
    own_people = sa.exists().where(
        col(signer.contact_id) == col(Signature.contact_id),
        col(signer.organisation_id) == col(Signature.organisation_id),
    )
    everybody = _did(col(Affiliation.contact_id), _given(state)).join(Signature, colleagues)
    return [
        everybody.where(col(Signature.call_id) == call.id, state.in_(wanted.VOUCHED_FOR)),
        everybody.where(
            col(Signature.call_id) == call.id,
            state == SignatureState.PENDING,
            col(Signature.invited).is_(True),
            own_people,
        ),
    ]


def _replied(call: Call) -> list[sa.Select[Any]]:
    kind = col(Reply.kind)
    of_call = sa.and_(col(Reply.call_id) == call.id, ANSWERS, kind.in_(wanted.ENDING))
    colleagues = col(Affiliation.organisation_id) == col(Reply.organisation_id)
    return [
        _did(col(Reply.contact_id), _said(kind)).where(of_call, col(Reply.contact_id).is_not(None)),
        _did(col(Affiliation.contact_id), _said(kind))
        .join(Reply, colleagues)
        .where(of_call, col(Reply.matched_by).in_(PROVEN)),
    ]


def _approved(call: Call) -> list[sa.Select[Any]]:
    """A round is small: whom it asks no more is asked of each of its members."""
    later = aliased(RoundAnswer)
    last = ~sa.exists().where(
        col(later.call_id) == col(RoundAnswer.call_id),
        col(later.organisation_id) == col(RoundAnswer.organisation_id),
        col(later.id) > col(RoundAnswer.id),
    )
    member = col(RoundMember.contact_id)
    refused = sa.and_(
        col(RoundAnswer.call_id) == col(RoundMember.call_id),
        col(RoundAnswer.organisation_id) == col(RoundMember.organisation_id),
        col(RoundAnswer.answer) == DraftAnswer.DECLINES,
    )
    of_call = col(RoundMember.call_id) == call.id
    return [
        _did(member, _rank(Standing.DECLINED)).join(RoundAnswer, refused).where(of_call, last),
        _did(member, _rank(Standing.ANSWERED)).where(of_call, asked_no_more(call.id, member)),
    ]


def _unreachable(call: Call) -> list[sa.Select[Any]]:
    person = _did(col(Contact.id), _rank(Standing.OPTED_OUT)).join(
        Suppression, col(Suppression.address_digest) == col(Contact.address_digest)
    )
    scopes = col(Suppression.scope).in_((0, call.id or 0))
    return [
        person.where(scopes, col(Suppression.reason).in_(UNWANTED)),
        _did(col(Bounce.contact_id), _rank(Standing.BOUNCED)).where(
            col(Bounce.call_id) == call.id,
            col(Bounce.reason) != BounceReason.DELAYED,
            col(Bounce.contact_id).is_not(None),
        ),
    ]
