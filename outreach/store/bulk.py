"""Writes rows by the thousand: numbered beforehand, handed to the driver as they are, indexed at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from outreach.domain.errors import Busy

ROOM: Final = 32_000
"""KiB of an SQLite file that are kept at hand while many rows go in: most of an index of a million digests.

In less, each row of such an index costs a page that is written and read again.
"""

_THERE_ALREADY: Final = "23505"
"""A unique violation (PostgreSQL's manual, appendix A)."""


class Rows:
    """Writes rows of some columns of a table; values are as the columns' types take them.

    ``fixed``: the columns that are the same in all rows. On PostgreSQL rows are copied.
    """

    def __init__(self, session: Session, table: sa.Table, columns: Sequence[str], **fixed: Any) -> None:
        self._session = session
        dialect = session.get_bind().dialect
        names = (*columns, *fixed)
        writers = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
        self._places = [
            (place, _nothing_once(write) if isinstance(table.c[name].type, sa.JSON) else write)
            for place, name in enumerate(columns)
            if (write := writers[name])
        ]
        self._fixed = tuple(write(value) if (write := writers[name]) else value for name, value in fixed.items())
        listed = ", ".join(f'"{name}"' for name in names)
        self._copy = f"COPY {table.name} ({listed}) FROM STDIN" if dialect.name == "postgresql" else ""
        marks = ", ".join("?" * len(names))
        self._insert = f"INSERT INTO {table.name} ({listed}) VALUES ({marks})"  # noqa: S608  names of ours

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows, each with its cells in the order of the columns."""
        if not rows:
            return
        connection = self._session.connection()
        whole = [(*self._processed(row), *self._fixed) for row in rows]
        if not self._copy:
            connection.exec_driver_sql(self._insert, whole)
            return
        driver: Any = connection.dialect.loaded_dbapi
        try:
            with connection.connection.cursor().copy(self._copy) as copy:
                for row in whole:
                    copy.write_row(row)
        except driver.Error as error:  # SQLAlchemy, which is passed by, would have made it one of its own
            raise DBAPIError.instance(self._copy, None, error, driver.Error, hide_parameters=True) from error

    def _processed(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._places:
            return row
        cells = list(row)
        for place, write in self._places:
            cells[place] = write(cells[place])
        return cells


def _nothing_once(write: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, but an empty object is written once for all rows: most have no fields of their own."""
    nothing = write({})
    return lambda value: nothing if value == {} else write(value)


def new_numbers(session: Session, table: sa.Table, count: int) -> list[int]:
    """Numbers for so many new rows of a table, in their order; on SQLite nobody else writes meanwhile."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))
    number = sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id"))
    series = sa.func.generate_series(1, count).table_valued("value")
    return list(session.execute(sa.select(number).select_from(series)).scalars())


@contextmanager
def busy_if_preceded(sentence: str) -> Iterator[None]:
    """A block that looks rows up before it writes them: Busy says ``sentence`` where somebody wrote one in between.

    That can be on PostgreSQL alone: on SQLite nobody else writes meanwhile.
    """
    try:
        yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != _THERE_ALREADY:
            raise
        raise Busy(sentence) from error


@contextmanager
def with_room(session: Session) -> Iterator[None]:
    """A block that touches much of the database: SQLite may keep more of its file in memory meanwhile."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    connection = session.connection()
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size={-ROOM}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={before}")


@contextmanager
def words_at_the_end(session: Session, table: sa.Table) -> Iterator[None]:
    """A block that adds rows to a table whose words are indexed: those of the new rows are, when it ends.

    SQLite's index takes a row at a time at ten times the cost of many. Its trigger is gone meanwhile, in this
    transaction alone: where the block fails, it comes back as all that is undone does, so the transaction, or its
    savepoint, must be undone then. PostgreSQL's triggers take the rows of a statement together as it is.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    connection, trigger = session.connection(), f"{table.name}_words_insert"
    text = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name"), {"name": trigger}
    ).scalar_one()
    last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
    connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    yield
    columns = ", ".join(_INDEXED[table.name])
    connection.exec_driver_sql(
        f"INSERT INTO {table.name}_words (rowid, {columns}) "  # noqa: S608  names of ours
        f"SELECT id, {columns} FROM {table.name}_said WHERE id > ? ORDER BY id",
        (last,),
    )
    connection.exec_driver_sql(text)  # not after a failure: a full disk has undone everything by then


_INDEXED: Final = {"contact": ("words", "facts"), "organisation": ("words",)}
