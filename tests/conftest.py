"""What every test can ask for by name."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings

from outreach.store.database import Database, open_database
from tests.parts.listening import listeners
from tests.parts.mailstack import mailstack
from tests.parts.postgres import Emptied, postgres_url

__all__ = ["mailstack", "postgres_url"]


def pytest_configure() -> None:
    """No test hangs on how busy the machine is; ended by a time limit, they end their servers all the same."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: whoever kills, cuts and fills waits more than it computes."""
    return round(1.5 * (os.cpu_count() or 1))


LONGEST_FIRST = (
    "tests/faults/",
    "tests/demo/",
    "tests/journeys/",
    "tests/worker/",
    "tests/web/test_accessibility.py",
    "tests/web/console/test_every_page.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of many seconds come first: at the end they would keep one worker busy while the other is idle."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind, migrated as a user's would be."""
    opened: Database = request.getfixturevalue(request.param)
    return opened


@pytest.fixture
def sqlite(kept_sqlite: Database, migrated_file: Path) -> Iterator[Database]:
    """An empty SQLite database, for what does not depend on the kind."""
    kept_sqlite.close()  # its connections only: what SQLAlchemy has compiled for it stays
    path = Path(kept_sqlite.engine.url.database or "")
    for file in ("", "-wal", "-shm"):  # a new file each time: whatever a test left open holds the old one
        path.with_name(path.name + file).unlink(missing_ok=True)
    shutil.copyfile(migrated_file, path)
    heard = listeners(kept_sqlite.engine)
    yield kept_sqlite
    kept_sqlite.close()
    assert listeners(kept_sqlite.engine) == heard, "who listens on would change what later tests do"


@pytest.fixture
def postgresql(kept_postgresql: Database, emptied: Callable[[], None]) -> Iterator[Database]:
    """An empty PostgreSQL database, for what only it can do."""
    emptied()
    heard = listeners(kept_postgresql.engine)
    yield kept_postgresql
    assert listeners(kept_postgresql.engine) == heard, "as above"


@pytest.fixture(scope="session")
def kept_sqlite(migrated_file: Path) -> Database:
    """The SQLite database of all tests, one after the other: to compile each statement anew would take longest."""
    path = migrated_file.with_name("kept.db")
    shutil.copyfile(migrated_file, path)
    kept = open_database(f"sqlite:///{path}")
    kept.close()
    # What a test leaves behind need not outlive a power cut; what a workspace opens itself waits for the disk.
    sa.event.listen(kept.engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
    return kept


@pytest.fixture(scope="session")
def kept_postgresql(postgres_url: sa.URL, postgres_admin: sa.Engine, migrated_database: str) -> Iterator[Database]:
    """The PostgreSQL database of all tests, one after the other."""
    with postgres_admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "test_kept" TEMPLATE "{migrated_database}"'))
    kept = open_database(postgres_url.set(database="test_kept").render_as_string(hide_password=False))
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def emptied(kept_postgresql: Database, postgres_admin: sa.Engine, migrated_database: str) -> Callable[[], None]:
    """Empties that database again."""
    rows = [Emptied(kept_postgresql.engine)]

    def empty() -> None:
        if rows[0].empty():
            return
        kept_postgresql.close()
        name = kept_postgresql.engine.url.database
        with postgres_admin.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_database}"'))
        rows[0] = Emptied(kept_postgresql.engine)

    return empty


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "outreach.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of an empty, migrated SQLite database."""
    shutil.copyfile(migrated_file, tmp_path / "outreach.db")
    return f"sqlite:///{tmp_path / 'outreach.db'}"


@pytest.fixture(scope="session")
def postgres_admin(postgres_url: sa.URL) -> Iterator[sa.Engine]:
    """Makes and drops databases."""
    engine = sa.create_engine(postgres_url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_database(postgres_url: sa.URL, postgres_admin: sa.Engine) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    name = "test_migrated"
    with postgres_admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    open_database(postgres_url.set(database=name).render_as_string(hide_password=False)).close()
    return name


@pytest.fixture
def postgresql_url(postgres_url: sa.URL, postgres_admin: sa.Engine, migrated_database: str) -> Iterator[str]:
    """The URL of an empty, migrated PostgreSQL database."""
    name = f"test_{next(tempfile._get_candidate_names())}"  # type: ignore[attr-defined]
    with postgres_admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_database}"'))
    yield postgres_url.set(database=name).render_as_string(hide_password=False)
    with postgres_admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that a test ran in this process wrote its log to an output that is closed now."""
    yield
    structlog.reset_defaults()
