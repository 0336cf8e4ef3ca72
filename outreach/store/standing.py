"""Transactions over one connection that stays open, for whoever makes hundreds of them in a second."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from outreach.store.database import BEGINS_ITSELF, Database, refuse_if_moved, said_plainly
from outreach.store.following import ChangingSession
from outreach.store.prepared import say
from outreach.store.sealing import seal

_BEGIN: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}


class StandingConnection:
    """As ``Database.changing``, at a tenth of its cost: the session is the same one each time.

    What it has loaded is forgotten after each transaction. After a failure the next one gets a new connection.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begin = _BEGIN[database.engine.dialect.name]
        self._held = ExitStack()
        self._session: ChangingSession | None = None

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """A session for one transaction, which is committed at the end."""
        with said_plainly():
            session = self._session or self._open()
            try:
                say(session.connection(), self._begin)
                if self._database.is_sqlite:
                    refuse_if_moved(session.connection())
                yield session
                seal(session)
                say(session.connection(), "COMMIT")
            except BaseException:
                self.close()
                raise
            session.expunge_all()

    def _open(self) -> ChangingSession:
        options = {} if self._database.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        connection = self._held.enter_context(self._database.engine.connect())
        connection = connection.execution_options(**{BEGINS_ITSELF: True}, **options)
        # It never goes back to the pool, whose connections begin their transactions otherwise.
        connection.detach()
        self._session = self._held.enter_context(ChangingSession(connection, expire_on_commit=False))
        return self._session

    def close(self) -> None:
        """Let go of the connection; what was not committed is undone."""
        self._session = None
        with suppress(DatabaseError):
            self._held.close()
