"""Reads the counts of messages that the database keeps (``MessageTally``)."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.tables import AnswerTick, MessageTally


@dataclass(frozen=True, slots=True)
class Tallied:
    """So many messages of a mailing (0: of none) are in a state; those of test mails are left out."""

    call_id: int
    mailing_id: int
    kind: MessageKind
    state: MessageState
    messages: int


def tallied(session: Session, calls: Collection[int] | None = None) -> list[Tallied]:
    """How the messages of these calls stand (0: those of no call); None: of all."""
    keys = (
        col(MessageTally.call_id),
        col(MessageTally.mailing_id),
        col(MessageTally.kind),
        col(MessageTally.state),
    )
    total = sa.func.sum(col(MessageTally.messages))
    statement = sa.select(*keys, total).group_by(*keys).having(total != 0)
    if calls is not None:
        statement = statement.where(col(MessageTally.call_id).in_(calls))
    return [
        Tallied(call, mailing, kind, state, int(messages))
        for call, mailing, kind, state, messages in session.execute(statement)
    ]


def answer_ticks(session: Session) -> int:
    """A number that is the same as long as nobody has answered, or taken an answer back, in any call."""
    return int(session.execute(sa.select(sa.func.sum(col(AnswerTick.times)))).scalar() or 0)
