"""Settles what came of attempts: the state of each message, and a line of its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session

from outreach.domain.judging import Verdict
from outreach.domain.states import MessageState
from outreach.store.prepared import PreparedFor, Wording, given, in_json
from outreach.store.tables import Attempt, Message

TABLE: sa.Table = Message.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A message and the verdict on its last attempt."""

    message_id: int
    verdict: Verdict
    at: datetime


def settle(session: Session, settlements: Sequence[Settlement], owner: str) -> None:
    """Write what came of each attempt of ``owner``: the message's state and one line of its history.

    A message that was taken from the owner meanwhile, because it seemed dead, keeps its state; only that the
    server accepted it is still good to know of one that is in doubt.
    """
    if not settlements:
        return
    rows = in_json([_settled(one) for one in settlements])
    _SETTLE.run(session, settled=rows, owner=owner)
    _TELL.run(session, settled=rows)


def _outcomes(wording: Wording) -> sa.Subquery:
    """What the settlements say, one row for each: the cells of ``_settled``, in their order."""
    when = TABLE.c.settled_at.type
    return wording.table(
        "settled",
        message=sa.BigInteger(),
        to=sa.String(),
        why=sa.String(),
        said=sa.String(),
        due=when,
        counted=sa.Integer(),
        copied=sa.Integer(),
        at=when,
    )


def _settle(wording: Wording) -> sa.Update:
    table, came = TABLE, _outcomes(wording)
    is_sent = came.c.to == MessageState.SENT.value
    owned = sa.and_(table.c.state == MessageState.SENDING, table.c.claimed_by == given("owner"))
    proven = sa.and_(table.c.state == MessageState.UNKNOWN, is_sent)
    return (
        sa.update(table)
        .where(table.c.id == came.c.message, sa.or_(owned, proven))
        .values(
            state=sa.type_coerce(came.c.to, table.c.state.type),
            reason=came.c.why,
            detail=came.c.said,
            due_at=came.c.due,
            attempts=table.c.attempts + came.c.counted,
            # A copy of a message in doubt has been counted when it came into doubt.
            copies=table.c.copies + sa.case((owned, came.c.copied), else_=0),
            settled_at=came.c.at,
            sent_at=sa.case((is_sent, came.c.at), else_=table.c.sent_at),
            claimed_by="",
        )
    )


_SETTLE = PreparedFor(_settle)


def _tell(wording: Wording) -> sa.Insert:
    """One line of history for each settlement."""
    came, history = _outcomes(wording), Attempt.__table__  # type: ignore[attr-defined]
    told = sa.select(came.c.message, came.c.at, came.c.to, came.c.why, came.c.said)
    return sa.insert(history).from_select(["message_id", "at", "state", "reason", "detail"], told)


_TELL = PreparedFor(_tell)


def _settled(one: Settlement) -> tuple[int, str, str, str, str, int, int, str]:
    verdict = one.verdict
    at, due = one.at, one.at + verdict.wait if verdict.wait else one.at
    return (
        one.message_id,
        verdict.state.value,
        verdict.reason,
        verdict.detail,
        _in_text(due),
        int(verdict.counted),
        int(verdict.copy),
        _in_text(at),
    )


def _in_text(moment: datetime) -> str:
    """A moment in UTC as SQLite keeps it (see Wording.table)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
