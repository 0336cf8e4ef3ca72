"""Who is submitting: a lock that the operating system, or PostgreSQL, takes away when its holder dies."""

import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.pacing import ALONE, Crowd
from outreach.store.database import Database
from outreach.store.doubts import recover
from outreach.store.tables import Message
from outreach.store.tables.messages import UNDER_WAY

WORKING = 20261123
"""PostgreSQL's lock that all workers hold together, so that they can be counted."""
_AT_WORK = (
    " FROM pg_locks AS each WHERE locktype = 'advisory' AND objid = :key AND classid = 0 AND objsubid = 1 "
    "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_IS_MINE = (
    "EXISTS (SELECT 1 FROM pg_locks AS own WHERE own.pid = each.pid AND own.locktype = 'advisory' "
    "AND own.classid = :high AND own.objid = :low AND own.objsubid = 1 AND own.granted)"
)
_COUNT = sa.text("SELECT count(*)" + _AT_WORK)
_CROWD = sa.text("SELECT pid, " + _IS_MINE + _AT_WORK + " ORDER BY pid")
_WORD = 0xFFFFFFFF


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
        file.write(_process(owner))
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
    with database.held_open() as connection:
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
    with database.held_open() as connection:
        yield take_lock(connection, _lock_key("intake"))


def take_lock(connection: sa.Connection, key: int) -> bool:
    """Whether this connection holds PostgreSQL's lock of that number now, which it then does until it is closed."""
    taken = connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar()
    connection.commit()  # a session's lock outlives the transaction, and an idle transaction harms vacuum
    return bool(taken)


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


def crowd_of(session: Session, owner: str) -> Crowd:
    """The workers that share the limits, and the place of ``owner`` among them."""
    if session.get_bind().dialect.name == "sqlite":
        return ALONE
    key = _lock_key(owner)
    words = {"key": WORKING, "high": key >> 32 & _WORD, "low": key & _WORD}
    at_work = {pid: bool(mine) for pid, mine in session.execute(_CROWD, words)}
    who = tuple(at_work)
    return next((Crowd(len(who), place, who) for place, pid in enumerate(who) if at_work[pid]), ALONE)


def owns(session: Session, owner: str) -> bool:
    """Whether ``owner`` still holds its lock; false when the database has ended the session that held it."""
    if session.get_bind().dialect.name == "sqlite":
        return True  # only the end of the process takes a file lock away
    # Shared, so that whoever else asks at this moment is not taken for the owner.
    free = session.execute(sa.select(sa.func.pg_try_advisory_xact_lock_shared(_lock_key(owner)))).scalar()
    return not free


def dead_among(session: Session, owners: Iterable[str], owner: str) -> list[str]:
    """Those of these owners that are dead. ``owner``, who asks, holds its own lock."""
    # On SQLite who asks holds the only lock there is.
    sqlite = session.get_bind().dialect.name == "sqlite"
    return [other for other in owners if other != owner and (sqlite or not owns(session, other))]


def orphans(session: Session) -> list[str]:
    """The owners of messages in ``sending`` that are gone."""
    claimed = sa.select(col(Message.claimed_by)).where(UNDER_WAY).distinct()
    owners = [name for name in session.execute(claimed).scalars() if name]
    if session.get_bind().dialect.name != "sqlite":
        return dead_among(session, owners, "")
    _, there = workers(session)
    return [name for name in owners if _process(name) != there]


def _process(owner: str) -> str:
    """An owner as its lock file names it."""
    host, process, *_ = *owner.split(":"), ""
    return f"process {process} on {host}"


def holds(session: Session, owner: str) -> bool:
    """Whether messages are being submitted in the owner's name."""
    theirs = sa.exists().where(UNDER_WAY, col(Message.claimed_by) == owner)
    return bool(session.execute(sa.select(theirs)).scalar())


def recover_from_the_dead(database: Database, owner: str, now: datetime) -> int:
    """Messages in ``sending`` whose owner is dead become unknown; how many."""
    with database.changing() as session:
        claimed = sa.select(col(Message.claimed_by)).where(UNDER_WAY).distinct()
        owners = session.execute(claimed).scalars().all()
        dead = dead_among(session, owners, owner)
        return sum(recover(session, now=now, dead_owner=other) for other in dead)
