"""What every test can ask for by name."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from outreach.store.database import Database, open_database
from tests.parts.mailstack import mailstack
from tests.parts.postgres import postgres_url

__all__ = ["mailstack", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind, migrated as a user's would be."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'outreach.db'}")
        yield opened
        opened.close()
        return
    server: sa.URL = request.getfixturevalue("postgres_url")
    name = f"test_{next(tempfile._get_candidate_names())}"  # type: ignore[attr-defined]
    admin = sa.create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    opened = open_database(server.set(database=name).render_as_string(hide_password=False))
    yield opened
    opened.close()
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, for what does not depend on the kind."""
    opened = open_database(f"sqlite:///{tmp_path / 'outreach.db'}")
    yield opened
    opened.close()
