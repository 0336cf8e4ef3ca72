"""What the database says of itself: its version, its size beside the point, its clock, and whether it is whole."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from outreach.store.database import Database

LOOKS_EVERY = 10_000
"""So many steps of SQLite's machine lie between two looks at the clock."""

_FAILURES = sa.text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")


@dataclass(frozen=True, slots=True)
class Vitals:
    """``schema`` is its revision ("" for none), ``clock`` its own time and ``wal`` the size of its log, or None."""

    name: str
    schema: str
    clock: datetime | None
    wal: int | None


def vitals(session: Session) -> Vitals:
    """What takes no time to find out."""
    schema = str(session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        version = session.execute(sa.text("SELECT sqlite_version()")).scalar()
        log = Path(f"{engine.url.database}-wal")
        return Vitals(f"SQLite {version}", schema, None, log.stat().st_size if log.is_file() else 0)
    version, clock = session.execute(sa.text("SELECT current_setting('server_version'), clock_timestamp()")).one()
    return Vitals(f"PostgreSQL {version.split()[0]}", schema, clock, None)


def whole_check(session: Session) -> list[str]:
    """Everything that is broken, as the database says it after reading all of itself; empty if nothing is.

    SQLite checks its file page by page and each index against its table. PostgreSQL has no such statement without
    its extension amcheck: it says whether it has met a page with a wrong checksum.
    """
    if session.get_bind().dialect.name == "sqlite":
        said = session.execute(sa.text("PRAGMA integrity_check(10)")).scalars()
        return [one for one in said if one != "ok"]
    failures = session.execute(_FAILURES).scalar()
    return [f"{failures} pages with wrong checksums were met"] if failures else []


def broken_references(session: Session) -> list[tuple[str, str, int]]:
    """Which tables refer to rows that are not there: the table, the other table, and how many rows do."""
    if session.get_bind().dialect.name == "sqlite":
        counted = sa.text('SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2')
        return [(str(table), str(parent), int(count)) for table, parent, count in session.execute(counted)]
    return []  # PostgreSQL keeps its references itself; they can only be broken by switching its triggers off


def damage(database: Database, seconds: float) -> str | None:
    """What is broken, "" if nothing; None if that could not be found out in so many seconds.

    SQLite reads all of its file; PostgreSQL is asked whether it has met a page with a wrong checksum.
    """
    if database.is_sqlite:
        return _quick_check(database, seconds)
    with database.reading() as session:
        failures = session.execute(_FAILURES).scalar()
    return f"{failures} pages with wrong checksums were met" if failures else ""


def _quick_check(database: Database, seconds: float) -> str | None:
    until = time.monotonic() + seconds
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: time.monotonic() > until, LOOKS_EVERY)
        try:
            said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        except sa.exc.DatabaseError as error:
            return None if "interrupted" in str(error.orig) else str(error.orig)
        finally:
            driver.set_progress_handler(None, 0)
    return "" if said == "ok" else said
