"""What a log says of an error: enough to find the cause, and none of the data."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from outreach.domain.errors import Busy
from outreach.store import database as database_module
from outreach.store.database import open_database
from outreach.worker.trouble import described


def test_a_busy_database_is_named_as_sqlite_names_it(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    monkeypatch.setattr(database_module, "PRAGMAS", ("busy_timeout=0",))
    write = sa.text("UPDATE workspace_fact SET value = value")
    with closing(open_database(sqlite_url)) as other, other.changing() as first:
        first.execute(write)
        with pytest.raises(Busy) as busy, other.changing() as second:
            second.execute(write)
    assert described(busy.value).endswith("Try again. (SQLITE_BUSY)")


def test_a_defect_is_named_by_its_place_and_not_by_its_words() -> None:
    with pytest.raises(ZeroDivisionError) as broken:
        1 / 0  # noqa: B018
    assert described(broken.value).startswith("ZeroDivisionError in test_trouble.py, line ")
