"""What the tests of the pages can ask for by name."""

from pathlib import Path

import pytest

from outreach.store.database import Database
from tests.web.visit import Visit, visit


@pytest.fixture
def here(sqlite: Database, tmp_path: Path) -> Visit:
    """The pages of the sample call, on SQLite."""
    return visit(sqlite, tmp_path)
