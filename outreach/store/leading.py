"""Which of several workers rings the clock: who holds PostgreSQL's lock for it, until its session ends."""

from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Final, Self

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from outreach.store.database import Database
from outreach.store.ownership import take_lock

LOCK: Final = 20261124
"""PostgreSQL's lock of the worker that rings."""


class Lead:
    """Whether this worker leads. On SQLite there is no other; on PostgreSQL the first to ask, while it lives."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sa.Connection | None = None
        self._held = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._let_go()

    @property
    def is_known(self) -> bool:
        """Whether this worker led when it looked last."""
        return self._database.is_sqlite or self._connection is not None

    def held(self) -> bool:
        """Whether this worker leads now; takes the lead when nobody has it."""
        return self._database.is_sqlite or self._still_held() or self._taken()

    def _still_held(self) -> bool:
        """The lock lives as long as the session that took it."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(sa.select(1))
            self._connection.commit()
        except DBAPIError:
            self._let_go()
        return self._connection is not None

    def _taken(self) -> bool:
        with ExitStack() as opened:
            connection = opened.enter_context(self._database.held_open())
            taken = take_lock(connection, LOCK)
            if taken:
                self._connection, self._held = connection, opened.pop_all()
        return taken

    def _let_go(self) -> None:
        self._connection = None
        with suppress(DBAPIError):
            self._held.close()
