"""Reads the outbox for who looks through it: pages and figures that stay quick with millions of messages.

The database counts messages by call, kind and state (``MessageTally``). Of each of these cells that a list may
hold, an index gives the newest; so nothing is read that is not shown, however rare it is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.tables import Attempt, Bounce, Call, Message
from outreach.store.tallies import tallied

PAGE = 50
AT_ONCE = 200
"""Cells in one statement: SQLite joins 500 selections at most."""
MOST_ATTEMPTS = 50

Cell = tuple[int, MessageKind, MessageState]


@dataclass(frozen=True, slots=True)
class MailsSought:
    """What a list of messages is narrowed by. ``calls``: whose messages may be seen, None: all."""

    state: MessageState | None = None
    call_id: int | None = None
    kind: MessageKind | None = None
    test: bool | None = None
    digest: str = ""
    calls: frozenset[int] | None = None

    def __bool__(self) -> bool:
        return self != MailsSought()


@dataclass(frozen=True, slots=True)
class MailLine:
    """One message. ``came_back``: a bounce arrived after it was sent. ``contact_id`` is 0 for no contact's."""

    id: int
    kind: MessageKind
    state: MessageState
    reason: str
    call: str
    address: str
    contact_id: int
    at: datetime
    test: bool
    rehearsal: bool
    came_back: bool


@dataclass(frozen=True, slots=True)
class MailsPage:
    """Some messages, the newest first; ``next`` is what to begin below for more, 0 at the end."""

    mails: tuple[MailLine, ...]
    next: int = 0


@dataclass(frozen=True, slots=True)
class MailCard:
    """One message with its history: its row, the call's name, each attempt, and the bounce that came later."""

    message: Message
    call: str
    attempts: tuple[Attempt, ...]
    bounce: Bounce | None


def list_mails(session: Session, sought: MailsSought, *, before: int = 0, limit: int = PAGE) -> MailsPage:
    """The newest messages that meet all that is sought, below the number ``before``."""
    ids = _ids(session, sought, before, limit + 1)
    return MailsPage(_lines(session, ids[:limit]), ids[limit - 1] if len(ids) > limit else 0)


def state_figures(session: Session, sought: MailsSought) -> dict[MessageState, int]:
    """How many messages there are in each state, whatever state is sought; test mails are left out."""
    found = dict.fromkeys(MessageState, 0)
    if sought.digest:
        statement = sa.select(col(Message.state), sa.func.count()).group_by(col(Message.state))
        for state, count in session.execute(statement.where(*_conditions(sought), col(Message.test).is_(False))):
            found[state] += count
        return found
    for one in tallied(session, _calls(sought)):
        if sought.kind in (None, one.kind):
            found[one.state] += one.messages
    return found


def mail_card(session: Session, number: int) -> MailCard | None:
    """The message of that number; None if there is none."""
    message = session.get(Message, number)
    if message is None:
        return None
    call = session.get(Call, message.call_id) if message.call_id else None
    attempts = select(Attempt).where(Attempt.message_id == number).order_by(col(Attempt.id).desc())
    bounce = session.exec(select(Bounce).where(Bounce.message_id == number)).first()
    return MailCard(message, call.slug if call else "", tuple(session.exec(attempts.limit(MOST_ATTEMPTS))), bounce)


def _calls(sought: MailsSought) -> Collection[int] | None:
    if sought.call_id is not None:
        allowed = sought.calls is None or sought.call_id in sought.calls
        return {sought.call_id} if allowed else set()
    return sought.calls


def _ids(session: Session, sought: MailsSought, before: int, limit: int) -> list[int]:
    if sought.digest or not sought:
        return _plain(session, _conditions(sought), before, limit)
    found: list[int] = []
    if sought.test is not False:
        # First which they are: SQLite would look through a whole kind or call for them.
        tests = list(
            session.execute(sa.text("SELECT id FROM message WHERE test ORDER BY id DESC LIMIT 2000")).scalars()
        )
        if tests:
            found += _plain(session, [*_conditions(sought), col(Message.id).in_(tests)], before, limit)
    if sought.test is not True:
        cells = {
            (one.call_id, one.kind, one.state)
            for one in tallied(session, _calls(sought))
            if sought.state in (None, one.state) and sought.kind in (None, one.kind)
        }
        ordered = sorted(cells)
        for start in range(0, len(ordered), AT_ONCE):
            found += _newest_of(session, ordered[start : start + AT_ONCE], before, limit)
    return sorted(found, reverse=True)[:limit]


def _plain(session: Session, conditions: Sequence[Any], before: int, limit: int) -> list[int]:
    statement = sa.select(col(Message.id)).where(*conditions).order_by(col(Message.id).desc()).limit(limit)
    statement = statement.where(col(Message.id) < before) if before else statement
    return [number for number in session.execute(statement).scalars() if number is not None]


def _conditions(sought: MailsSought) -> list[Any]:
    calls = _calls(sought)
    said: list[Any] = [] if calls is None else [col(Message.call_id).in_(calls)]
    if sought.digest:
        said.append(col(Message.address_digest) == sought.digest)
    if sought.state is not None:
        said.append(col(Message.state) == sought.state)
    if sought.kind is not None:
        said.append(col(Message.kind) == sought.kind)
    if sought.test is not None:
        said.append(col(Message.test).is_(sought.test))
    return said


_ARM = (
    "SELECT id FROM (SELECT id FROM message {by} WHERE {of} AND kind = :kind{0} AND state = :state{0} "
    "AND id < :before AND NOT test ORDER BY id DESC LIMIT :limit) AS cell{0}"
)
_BY = "INDEXED BY ix_message_cell"
"""SQLite's planner would rather walk through a kind by its dates."""
# PostgreSQL's would rather walk through all messages, where a cell has many; so it is asked for the rows before a
# place in the index, of which those of other cells are left out afterwards.
_ARM_OF_POSTGRESQL = (
    "SELECT id FROM (SELECT call_id, kind, state, id FROM message "
    "WHERE (call_id, kind, state, id) < (:call{0}, :kind{0}, :state{0}, :before) AND NOT test "
    "ORDER BY call_id DESC, kind DESC, state DESC, id DESC LIMIT :limit) AS cell{0} "
    "WHERE call_id = :call{0} AND kind = :kind{0} AND state = :state{0}"
)


def _newest_of(session: Session, cells: Sequence[Cell], before: int, limit: int) -> list[int]:
    """The newest messages of each cell, by the index of cells. Written as text: to compose it would take longer."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    arms: list[str] = []
    values: dict[str, Any] = {"before": before or 2**31 - 1, "limit": limit}
    for number, (call, kind, state) in enumerate(cells):
        of = f"call_id = :call{number}" if call else "call_id IS NULL"
        arm = _ARM_OF_POSTGRESQL if call and not on_sqlite else _ARM
        arms.append(arm.format(number, of=of, by=_BY if on_sqlite else ""))
        values |= {f"kind{number}": kind.value, f"state{number}": state.value}
        values |= {f"call{number}": call} if call else {}
    if not arms:
        return []
    return list(session.execute(sa.text(" UNION ALL ".join(arms)), values).scalars())


def _lines(session: Session, ids: list[int]) -> tuple[MailLine, ...]:
    if not ids:
        return ()
    statement = (
        sa.select(
            col(Message.id),
            col(Message.kind),
            col(Message.state),
            col(Message.reason),
            sa.func.coalesce(col(Call.slug), ""),
            col(Message.address),
            sa.func.coalesce(col(Message.contact_id), 0),
            sa.func.coalesce(col(Message.settled_at), col(Message.due_at)),
            col(Message.test),
            col(Message.rehearsal),
            col(Bounce.id).is_not(None),
        )
        .outerjoin(Call, col(Call.id) == col(Message.call_id))
        .outerjoin(Bounce, col(Bounce.message_id) == col(Message.id))
        .where(col(Message.id).in_(ids))
        .order_by(col(Message.id).desc())
    )
    return tuple(MailLine(*row) for row in session.execute(statement))
