"""Sees what a transaction changes of the tables that people edit, before and after; a verb cannot forget it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, SessionTransaction, attributes
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE
from sqlmodel import Session, SQLModel

from outreach.domain.log_chain import as_kept
from outreach.store import tables

FOLLOWED: frozenset[type[SQLModel]] = frozenset(
    {
        tables.Addressee,
        tables.Affiliation,
        tables.Alias,
        tables.Answer,
        tables.Call,
        tables.CallExclusion,
        tables.CallText,
        tables.Contact,
        tables.ContactTag,
        tables.Delivery,
        tables.Distinction,
        tables.Fact,
        tables.Holder,
        tables.Letter,
        tables.LetterText,
        tables.Mailing,
        tables.Organisation,
        tables.Post,
        tables.Reply,
        tables.ReplyEffect,
        tables.ResponseLetter,
        tables.RoundAnswer,
        tables.RoundMember,
        tables.Signature,
        tables.Suppression,
        tables.User,
        tables.UserRole,
    }
)
"""What people edit. A test asks of every table whether it is one of these, or why it is not."""

UNFOLLOWED_COLUMNS = frozenset({"updated_at", "last_seen_at", "counter"})
"""They change with everything, or whenever somebody looks in: the line's own time says as much."""
MADE_BY_MAIL: frozenset[type[SQLModel]] = frozenset({tables.Reply})
"""What a new one says is the mail itself, which is kept; a line tells what people change of it afterwards."""
SECRET = {"secret": True}
"""All that is said of the value of a secret column."""

Changes = dict[str, list[Any]]
"""By column: the value before, and after."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one flush changed of one row. ``about``: the row itself and what it belongs to, as (table, number)."""

    thing: str
    key: tuple[Any, ...]
    about: tuple[tuple[str, int], ...]
    changes: Changes
    flush: int

    @property
    def row_id(self) -> int:
        """The number by which the row is found."""
        return int(self.key[0])


@dataclass(slots=True)
class Journal:
    """What a transaction has changed so far, and with which flush each of its events went.

    ``recorded``: the flush by the event's id. Changes that a savepoint took back are taken out again.
    """

    changes: list[RowChange] = field(default_factory=list)
    recorded: dict[int, int] = field(default_factory=dict)
    flush: int = 0
    marks: WeakKeyDictionary[SessionTransaction, int] = field(default_factory=WeakKeyDictionary)

    def clear(self) -> None:
        """Nothing has been changed yet."""
        self.changes.clear()
        self.recorded.clear()


class ChangingSession(Session):
    """A session that knows what it has changed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.journal = Journal()


@event.listens_for(ChangingSession, "before_flush")
def _see_what_was(session: ChangingSession, _context: object, _rows: object) -> None:
    """The values before are known only until they are written over."""
    journal = session.journal
    journal.flush += 1
    for row in session.dirty:
        if type(row) in FOLLOWED:
            _note(journal, row, dict(_altered(session, row)))
    for row in session.deleted:
        if type(row) in FOLLOWED:
            _note(journal, row, {name: [value, None] for name, value in _values(row)})


@event.listens_for(ChangingSession, "after_flush")
def _see_what_is_new(session: ChangingSession, _context: object) -> None:
    """A new row has its number only now."""
    journal = session.journal
    for row in session.new:
        if isinstance(row, tables.Event):
            journal.recorded[row.id or 0] = journal.flush
        elif type(row) in FOLLOWED - MADE_BY_MAIL:
            _note(journal, row, {name: [None, value] for name, value in _values(row)})


@event.listens_for(ChangingSession, "after_transaction_create")
def _mark_savepoint(session: ChangingSession, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.journal.marks[transaction] = len(session.journal.changes)


@event.listens_for(ChangingSession, "after_rollback")
def _forget_what_was_undone(session: ChangingSession) -> None:
    """Of a savepoint only what came after it; also when a flush inside it failed."""
    savepoint = session.get_nested_transaction()
    if savepoint is not None:
        del session.journal.changes[session.journal.marks[savepoint] :]
    else:
        session.journal.clear()


def _note(journal: Journal, row: Any, changes: Changes) -> None:
    if changes:
        mapper: Mapper[Any] = sa.inspect(type(row))
        key = tuple(mapper.primary_key_from_instance(row))
        about = ((row.__tablename__, int(key[0])), *_owners(row, mapper))
        journal.changes.append(RowChange(row.__tablename__, key, about, changes, journal.flush))


def _owners(row: Any, mapper: Mapper[Any]) -> Iterator[tuple[str, int]]:
    """What the row refers to: a text's call, a holder's post."""
    for column in mapper.local_table.c:
        number = getattr(row, column.key)
        for reference in column.foreign_keys:
            if number is not None:
                yield reference.column.table.name, number


def _columns(row: Any) -> Iterator[tuple[str, sa.Column[Any]]]:
    mapper: Mapper[Any] = sa.inspect(type(row))
    for one in mapper.column_attrs:
        if one.key not in UNFOLLOWED_COLUMNS:
            yield one.key, one.columns[0]  # type: ignore[misc]


def _values(row: Any) -> Iterator[tuple[str, Any]]:
    """What a row that is new or goes away says; what it leaves empty is not told."""
    for name, column in _columns(row):
        value = getattr(row, name)
        if value not in (None, "", [], {}, False):
            yield name, _told(column, value)


def _altered(session: ChangingSession, row: Any) -> Iterator[tuple[str, list[Any]]]:
    unknown: dict[str, sa.Column[Any]] = {}
    for name, column in _columns(row):
        history = attributes.get_history(row, name, passive=PASSIVE_NO_INITIALIZE)
        if not history.has_changes():
            continue
        if history.deleted:
            yield name, [_told(column, history.deleted[0]), _told(column, getattr(row, name))]
        else:
            unknown[name] = column
    for name, before in _stored(session, row, unknown).items():
        if before != getattr(row, name):
            yield name, [_told(unknown[name], before), _told(unknown[name], getattr(row, name))]


def _stored(session: ChangingSession, row: Any, columns: Mapping[str, sa.Column[Any]]) -> dict[str, Any]:
    """What the database says of columns that were set without having been read."""
    if not columns:
        return {}
    state = sa.inspect(row)
    where = [column == value for column, value in zip(state.mapper.primary_key, state.identity or (), strict=True)]
    found = session.connection().execute(sa.select(*columns.values()).where(*where)).first()
    return dict(zip(columns, found, strict=True)) if found else {}


def _told(column: sa.Column[Any], value: Any) -> Any:
    if column.info.get("secret"):
        return SECRET if value else None
    return as_kept(value)
