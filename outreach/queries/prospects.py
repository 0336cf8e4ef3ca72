"""Reads what a deed on a call would do, before anybody does it: to how many mails go, and how many do not."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.funnels import Funnel, Standing
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.states import MailingState, MessageState, SignatureState
from outreach.store.tables import Call, Mailing, Signature
from outreach.store.tallies import Tallied, tallied
from outreach.store.wanted import ASKING

WAITS = (MessageState.QUEUED, MessageState.DEFERRED)
STOPPED = (*WAITS, MessageState.HELD)
GOT = (MessageState.SENT, MessageState.UNKNOWN, MessageState.SENDING)


@dataclass(frozen=True, slots=True)
class Prospects:
    """What each deed would come to now. Where people answer meanwhile it may be a few more or fewer.

    ``waiting`` bulk mails stop with a pause and go on afterwards; ``asking`` are those that a closing or an
    extension cancels, ``all_waiting`` those of a cancellation. ``planned`` mailings would not be. ``told`` is who
    would hear of a new deadline, ``late`` who may be in time then. ``corrected`` is who got a mailing of each kind,
    and how many of it would be held. ``undecided`` signatures would stay out of the list, ``signatories`` be told
    of the release.
    """

    waiting: int
    asking: int
    all_waiting: int
    planned: int
    told: int
    late: int
    undecided: int
    signatories: int
    corrected: dict[MessageKind, tuple[int, int]]


def prospects(session: Session, call: Call, funnel: Funnel) -> Prospects:
    """What the deeds on this call would come to."""
    mails = tallied(session, [call.id or 0])
    bulk = [kind for kind, rules in KINDS.items() if rules.bulk]
    states = _signatures(session, call)
    planned = sa.select(sa.func.count()).where(
        col(Mailing.call_id) == call.id, col(Mailing.state) == MailingState.PLANNED
    )
    return Prospects(
        waiting=_sum(mails, WAITS, bulk),
        asking=_sum(mails, STOPPED, ASKING),
        all_waiting=_sum(mails, STOPPED, None),
        planned=int(session.execute(planned).scalar_one()),
        told=funnel[Standing.SILENT],
        late=states.get(SignatureState.LATE, 0),
        undecided=sum(
            states.get(state, 0) for state in (SignatureState.PROPOSED, SignatureState.PENDING, SignatureState.LATE)
        ),
        signatories=with_mailbox(session, call),
        corrected={
            kind: (_sum(mails, GOT, [kind]), _sum(mails, WAITS, [kind]))
            for kind in bulk
            if kind is not MessageKind.ERRATUM and any(one.kind is kind for one in mails)
        },
    )


def _sum(
    mails: Collection[Tallied], states: Collection[MessageState], kinds: Collection[MessageKind] | None
) -> int:
    return sum(one.messages for one in mails if one.state in states and (kinds is None or one.kind in kinds))


def _signatures(session: Session, call: Call) -> dict[SignatureState, int]:
    state = col(Signature.state)
    rows = session.execute(
        sa.select(state, sa.func.count()).where(col(Signature.call_id) == call.id).group_by(state)
    )
    return {found: int(count) for found, count in rows}


def with_mailbox(session: Session, call: Call) -> int:
    """How many people gave a signature that counts, or one that was merged into another."""
    people = sa.select(sa.func.count(sa.distinct(col(Signature.contact_id)))).where(
        col(Signature.call_id) == call.id,
        col(Signature.state).in_((SignatureState.CONFIRMED, SignatureState.MERGED)),
        col(Signature.contact_id).is_not(None),
    )
    return int(session.execute(people).scalar_one())
