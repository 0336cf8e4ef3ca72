"""Who is submitting: a lock that the operating system, or PostgreSQL, takes away when its holder dies."""

import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.doubts import recover
from outreach.store.tables import Message

WORKING = 20261123
"""PostgreSQL's lock that all workers hold together, so that they can be counted."""
_COUNT = sa.text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND classid = 0 AND objsubid = 1 "
    "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def owning(database: Database) -> Iterator[str]:
    """Own the right to submit, under a name of one's own; messages that dead owners left become recoverable.

    On SQLite there is one owner at a time: Refusal says who it is. On PostgreSQL there may be many.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
    holding = _holding_file(database, owner) if database.is_sqlite else _holding_advisory(database, owner)
    with holding:
        yield owner


@contextmanager
def _holding_file(database: Database, owner: str) -> Iterator[None]:
    path = Path(f"{database.engine.url.database}.lock")
    with _opened(path) as file:
        try:
            _lock_file(file)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise Refusal(
                f"Another worker is submitting the mails of this workspace already ({holder}). "
                "One is enough; every other command only queues."
            ) from None
        file.truncate(0)
        host, process, _ = owner.split(":")
        file.write(f"process {process} on {host}")
        file.flush()
        yield


def _lock_file(file: TextIO) -> None:
    """Take the lock; twice, because somebody may be looking just now whether it is held (``workers``)."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(0.1)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path} cannot be written to ({error.strerror or error}); the worker needs it.") from error


@contextmanager
def _holding_advisory(database: Database, owner: str) -> Iterator[None]:
    with database.engine.connect() as connection:
        connection.detach()  # closed at the end instead of kept for others, and the lock goes with it
        connection.execute(sa.select(sa.func.pg_advisory_lock(_lock_key(owner))))
        connection.execute(sa.select(sa.func.pg_advisory_lock_shared(WORKING)))
        connection.commit()  # a session's lock outlives the transaction, and an idle transaction harms vacuum
        yield


@contextmanager
def taking_in(database: Database) -> Iterator[bool]:
    """Whether nobody else takes in the mailbox, which is so until the end; on SQLite there is one worker anyway.

    Two at once would do nothing twice, but each would fetch and read everything.
    """
    if database.is_sqlite:
        yield True
        return
    with database.engine.connect() as connection:
        connection.detach()  # as above
        taken = connection.execute(sa.select(sa.func.pg_try_advisory_lock(_lock_key("intake")))).scalar()
        connection.commit()
        yield bool(taken)


def _lock_key(owner: str) -> int:
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big", signed=True)


def workers(session: Session) -> tuple[int, str]:
    """How many workers run now, and, where there can be one only, which process that is."""
    engine = session.get_bind()
    if engine.dialect.name != "sqlite":
        return int(session.execute(_COUNT, {"key": WORKING}).scalar_one()), ""
    path = Path(f"{engine.engine.url.database}.lock")
    if not path.is_file():
        return 0, ""
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return 1, file.read().strip()
    return 0, ""


def owns(session: Session, owner: str) -> bool:
    """Whether ``owner`` still holds its lock; false when the database has ended the session that held it."""
    if session.get_bind().dialect.name == "sqlite":
        return True  # only the end of the process takes a file lock away
    free = session.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_lock_key(owner)))).scalar()
    return not free


def recover_from_the_dead(database: Database, owner: str, now: datetime) -> int:
    """Messages in ``sending`` whose owner is dead become unknown; how many."""
    with database.changing() as session:
        owners = session.execute(
            sa.select(col(Message.claimed_by)).where(col(Message.state) == MessageState.SENDING).distinct()
        ).scalars()
        count = 0
        for other in [name for name in owners if name != owner]:
            # On SQLite the caller holds the only lock there is.
            if database.is_sqlite or not owns(session, other):
                count += recover(session, now=now, dead_owner=other)
        return count
