"""Opens the database: one engine, transactions that read and transactions that write, and the one commit."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from outreach.domain.errors import Busy, Refusal, Unreachable
from outreach.store import schema
from outreach.store.following import ChangingSession
from outreach.store.sealing import seal
from outreach.store.statements import insert_missing
from outreach.store.tables import WorkspaceFact

BEGINS_ITSELF = "outreach_begins_itself"
"""The execution option of a connection whose transactions are begun by whoever holds it."""
BUSY_SECONDS = 30
"""How long a writer waits for another writer of the same SQLite file."""
HASTY_MILLISECONDS = 50
_READ_ONLY = "25006"  # PostgreSQL's manual, appendix A

PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",  # a committed mark must survive a power cut, or mails go out twice
    f"busy_timeout={BUSY_SECONDS * 1000}",
)


class Database:
    """The workspace's database.

    ``reading`` and ``changing`` each give a session for one transaction; ``changing`` commits at the end, which
    happens nowhere else. With ``dry_run`` everything is done and then undone.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file beside the workspace."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with said_plainly(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def changing(self, *, dry_run: bool = False, hasty: bool = False) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or, with ``dry_run``, undone.

        A ``hasty`` one gives up at once (Busy) where another is writing: for what can as well be written next time.
        """
        writer = self.engine.execution_options(outreach_writes=True, outreach_hasty=hasty)
        with said_plainly(), ChangingSession(writer, expire_on_commit=False) as session:
            if hasty and not self.is_sqlite:
                session.execute(sa.text(f"SET LOCAL lock_timeout = '{HASTY_MILLISECONDS}ms'"))
            yield session
            if dry_run:
                session.rollback()
            else:
                session.commit()

    @contextmanager
    def held_open(self) -> Iterator[sa.Connection]:
        """A connection of one's own, for a lock that goes with its session: it is closed at the end, not kept.

        Its locks are given back before: the server ends a session some time after it was closed, and who asks
        in between would still find the lock held.
        """
        with said_plainly(), self.engine.connect() as connection:
            connection.detach()
            try:
                yield connection
            finally:
                with suppress(DatabaseError):  # a session that has ended holds nothing
                    connection.rollback()
                    connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))

    @cached_property
    def salt(self) -> bytes:
        """What address digests are salted with."""
        return self._secret("salt")

    @cached_property
    def link_key(self) -> bytes:
        """The key under which links in mails are signed; a restored copy still knows the links out there."""
        return self._secret("link_key")

    def _secret(self, name: str) -> bytes:
        with self.reading() as session:
            fact = session.get(WorkspaceFact, name)
        if fact is None:
            raise Refusal(f"The database has no {name}; it was not made by 'outreach init'.")
        return bytes.fromhex(fact.value)

    def kept_secret(self, name: str, *, instead_of: str) -> str:
        """The secret that was kept in the place of this one; the one itself while there is none.

        Who sets a new first secret gets that one, not what was kept for an older one.
        """
        with self.reading() as session:
            fact = session.get(WorkspaceFact, name)
        origin, _, newest = fact.value.partition(" ") if fact else ("", "", "")
        return newest if origin == _fingerprint(instead_of) else instead_of

    def keep_secret(self, name: str, secret: str, *, instead_of: str) -> None:
        """Keep a secret in the place of the first one."""
        with self.changing() as session:
            session.merge(WorkspaceFact(name=name, value=f"{_fingerprint(instead_of)} {secret}"))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


sa.event.listen(ChangingSession, "before_commit", seal)


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def open_database(url: str, *, password: str = "") -> Database:
    """Open the database at ``url``, bringing an older one up to this version's schema.

    Raises Refusal when the database was made by a newer version, or cannot be opened.
    """
    parsed = sa.make_url(url)
    if password:
        parsed = parsed.set(password=password)
    database = Database(_engine(parsed))
    try:
        with said_plainly():
            schema.bring_up_to_date(database.engine)
            _know_itself(database)
    except BaseException:
        database.close()
        raise
    return database


def _for_us_alone(path: str | None) -> None:
    """A new file is for its owner's eyes only: it will hold people's data."""
    if path and path != ":memory:" and not Path(path).exists() and Path(path).parent.is_dir():
        Path(path).touch(mode=0o600)


def _engine(url: sa.URL) -> sa.Engine:
    if not url.drivername.startswith("sqlite"):
        url = url.set(drivername="postgresql+psycopg")
        server = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
        sa.event.listen(server, "connect", _prepare_postgresql)
        return server
    _for_us_alone(url.database)
    engine = sa.create_engine(
        url,
        hide_parameters=True,  # an error in a log must not quote addresses or names
        module=_sqlite_driver(),
        poolclass=QueuePool,
        pool_size=10,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        json_serializer=lambda value: json.dumps(value, ensure_ascii=False),
    )
    sa.event.listen(engine, "do_connect", partial(_refuse_if_gone, url.database))
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _sqlite_driver() -> ModuleType:
    """The sqlcipher3 wheel's SQLite where there is one: Debian's has a bug that can corrupt a WAL file."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2  # type: ignore[no-any-return]


def _refuse_if_gone(path: str | None, *_: object) -> None:
    """SQLite would make an empty file in the place of one that is gone, and throw away the log that was its own."""
    if path and path != ":memory:" and Path(path).parent.is_dir() and not Path(path).exists():
        raise Refusal(f"{path} has been moved or deleted while it was in use. Put it back, and start again.")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """A committed mark must survive a crash of the server, or mails go out twice: whatever its own default is."""
    connection.execute("SET synchronous_commit = on")
    connection.commit()


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get(BEGINS_ITSELF):
        return
    if not options.get("outreach_hasty"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("outreach_writes") else "BEGIN")
        if options.get("outreach_writes"):
            refuse_if_moved(connection)
        return
    cursor = connection.connection.cursor()  # what a PRAGMA says must not begin a transaction of its own
    try:
        cursor.execute(f"PRAGMA busy_timeout={HASTY_MILLISECONDS}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.close()


def refuse_if_moved(connection: sa.Connection) -> None:
    """Who writes into a file, or a log, that has been moved or deleted, would lose all of it with the process."""
    path = connection.engine.url.database
    if not path or path == ":memory:":
        return
    # Both are there as long as somebody has the database open, and who began to write has its log open.
    for file in (path, f"{path}-wal"):
        try:
            found = os.stat(file)  # noqa: PTH116  at every turn of the engine, where a Path takes longer than this
        except FileNotFoundError:
            found = None
        known = connection.info.setdefault(file, found and (found.st_dev, found.st_ino))
        if found is None or (found.st_dev, found.st_ino) != known:
            connection.invalidate()
            raise Refusal(
                f"{file} has been moved, deleted or replaced while it was in use. Put it back, and start again."
            )


def _know_itself(database: Database) -> None:
    with database.reading() as session:
        if session.get(WorkspaceFact, "salt") is not None:
            return
    with database.changing() as session:
        for name in ("salt", "link_key"):  # of two commands that start at once, the first one's stay
            fact = insert_missing(session, WorkspaceFact).values(name=name, value=secrets.token_hex(32))
            session.execute(fact.on_conflict_do_nothing())


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what the driver says about a locked, missing or damaged file into a sentence."""
    try:
        yield
    except OperationalError as error:
        if error.connection_invalidated or _is_away(error):
            raise Unreachable(f"The database server cannot be reached: {str(error.orig).strip()}.") from error
        raise _refusal(str(error.orig)) from error
    except DatabaseError as error:
        if getattr(error.orig, "sqlstate", "") == _READ_ONLY:
            raise Unreachable(
                "The database cannot be written to: its server is a standby, or was set to read only."
            ) from error
        if type(error) is not DatabaseError:  # a broken rule (a unique key, a wrong type) is a defect
            raise
        raise Refusal(
            f"The database is damaged or is none ({error.orig}); nothing was changed. Put back a copy of it."
        ) from error


def _is_away(error: OperationalError) -> bool:
    """Whether PostgreSQL gave no answer, shuts down, starts, or takes no more sessions (its manual, appendix A)."""
    state = getattr(error.orig, "sqlstate", "")
    return state is None or state in {"57P01", "57P02", "57P03", "53300"}


def _refusal(detail: str) -> Refusal:
    if "deadlock" in detail:
        return Busy("The database is busy: two commands waited for each other, and this one gave way. Try again.")
    if "lock timeout" in detail:
        return Busy("The database is busy: another command is changing the same. Try again.")
    if "locked" in detail:
        return Busy(
            f"The database is busy: another command has been writing for {BUSY_SECONDS} seconds. Try again."
        )
    if "readonly" in detail or "read-only" in detail:
        return Refusal(f"The database cannot be written to ({detail}). Check the rights of its file and folder.")
    if "full" in detail:
        return Refusal(f"The disk is full ({detail}); nothing was changed.")
    return Refusal(f"The database cannot be used: {detail.strip()}.")


def sqlite_url(url: str, folder: Path) -> str:
    """``url`` with a relative SQLite file made relative to ``folder``; any other URL as it is."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url.startswith(prefix + "/"):
        return url
    return prefix + str((folder / url.removeprefix(prefix)).resolve())
