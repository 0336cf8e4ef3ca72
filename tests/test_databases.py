"""The PostgreSQL database of the tests is as it was made whenever one begins, whatever another has done with it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from outreach.store.database import Database
from outreach.store.tables import Organisation, WorkspaceFact
from tests import make

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
SEQUENCES = "SELECT relname, pg_sequence_last_value(oid) FROM pg_class WHERE relkind = 'S'"
LEFT: list[sa.Connection] = []
KEPT = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


def _holds(database: Database) -> tuple[Any, ...]:
    """All rows of all tables, where the sequences stand, and how much is defined."""
    with database.engine.connect() as connection:
        names = sorted(connection.execute(sa.text(TABLES)).scalars())
        rows = {name: sorted(map(repr, connection.execute(sa.text(f'SELECT * FROM "{name}"')))) for name in names}  # noqa: S608  our own tables
        said = [
            connection.execute(sa.text(what)).all()
            for what in (SEQUENCES, KEPT, "SELECT count(*), max(oid) FROM pg_trigger", "SHOW lock_timeout")
        ]
    return rows, said


def _called(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example", organisation="Harbour Light")
        make.launched(session, house)
        make.submitted(session)


def _taken_back(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.execute(sa.insert(Organisation).values(name="", name_key="", created_at=make.NOON))
        connection.rollback()


def _another_salt(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.update(WorkspaceFact).values(value="00"))


def _a_setting(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("SET lock_timeout = 7"))


def _a_lock(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(7)"))


def _a_trigger_less(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE contact DISABLE TRIGGER ALL"))


def _a_table_renamed(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE mailing RENAME TO mislaid"))


def _an_open_transaction(database: Database) -> None:
    LEFT.append(database.engine.connect())
    LEFT[-1].execute(sa.text("LOCK TABLE message"))


@pytest.mark.parametrize(
    "done",
    [
        _called,
        _taken_back,
        _another_salt,
        _a_setting,
        _a_lock,
        _a_trigger_less,
        _a_table_renamed,
        _an_open_transaction,
    ],
)
def test_nothing_that_is_done_is_there_afterwards(
    postgresql: Database, emptied: Callable[[], None], done: Callable[[Database], None]
) -> None:
    before = _holds(postgresql)
    done(postgresql)
    emptied()
    assert _holds(postgresql) == before
    while LEFT:
        connection = LEFT.pop()
        connection.invalidate()  # its session has been ended
        connection.close()
