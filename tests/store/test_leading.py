"""Of several workers one rings the clock, and another as soon as it is gone."""

import sqlalchemy as sa

from outreach.store.database import Database
from outreach.store.leading import LOCK, Lead


def test_of_two_workers_one_leads_until_its_session_ends(postgresql: Database) -> None:
    with Lead(postgresql) as first, Lead(postgresql) as second:
        assert (first.held(), second.held()) == (True, False)
        assert (first.is_known, second.is_known) == (True, False)
        with postgresql.engine.connect() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock"
            assert connection.execute(sa.text(ended), {"lock": LOCK}).scalar() is True
        assert second.held()
        assert not first.held(), "it noticed, and cannot have it back"


def test_who_ends_lets_another_lead(postgresql: Database) -> None:
    with Lead(postgresql) as first:
        assert first.held()
    with Lead(postgresql) as second:
        assert second.held()


def test_on_sqlite_there_is_no_other(sqlite: Database) -> None:
    with Lead(sqlite) as lead:
        assert lead.held()
