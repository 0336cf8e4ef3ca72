"""Transactions over one connection that stays open: they do what any other transaction does."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.errors import Busy, Refusal
from outreach.store import database as opening
from outreach.store.accounts import look_at
from outreach.store.database import Database
from outreach.store.events import record
from outreach.store.outbox import claim
from outreach.store.settling import Settlement, settle
from outreach.store.standing import StandingConnection
from outreach.store.tables import Event, WorkspaceFact
from tests import make


def known(database: Database, name: str) -> str | None:
    with database.reading() as session:
        return session.exec(select(WorkspaceFact.value).where(col(WorkspaceFact.name) == name)).first()


def broken(session: Session) -> None:
    session.add(WorkspaceFact(name="what", value="one"))
    session.flush()
    raise ZeroDivisionError


def test_what_is_done_is_there_for_all_when_the_block_ends_and_not_before(database: Database) -> None:
    with closing(StandingConnection(database)) as standing:
        for value in ("one", "two"):
            with standing.changing() as session:
                session.merge(WorkspaceFact(name="what", value=value))
                session.flush()
                assert known(database, "what") != value
            assert known(database, "what") == value


def test_a_failure_undoes_its_own_transaction_and_the_next_one_works(database: Database) -> None:
    with closing(StandingConnection(database)) as standing:
        with standing.changing() as session:
            session.add(WorkspaceFact(name="before", value="kept"))
        with pytest.raises(ZeroDivisionError), standing.changing() as session:
            broken(session)
        with standing.changing() as session:
            session.add(WorkspaceFact(name="after", value="kept"))
    assert [known(database, name) for name in ("before", "what", "after")] == ["kept", None, "kept"]


def test_what_another_has_changed_meanwhile_is_seen_anew(database: Database) -> None:
    with closing(StandingConnection(database)) as standing:
        with standing.changing() as session:
            session.add(WorkspaceFact(name="what", value="one"))
        with database.changing() as other:
            other.get_one(WorkspaceFact, "what").value = "two"
        with standing.changing() as session:
            assert session.get_one(WorkspaceFact, "what").value == "two"


def test_a_line_of_the_log_is_sealed_there_too(database: Database) -> None:
    with closing(StandingConnection(database)) as standing, standing.changing() as session:
        record(session, at=make.NOON, by="Rosa", verb="stop_mail", subject="mail", subject_id=0)
    with database.reading() as session:
        (line,) = session.exec(select(Event)).all()
    assert line.number is not None
    assert line.digest


def test_another_that_writes_for_too_long_makes_it_busy_and_nothing_is_lost(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PRAGMAS", (*opening.PRAGMAS[:-1], "busy_timeout=20"))
    sqlite.close()
    with closing(StandingConnection(sqlite)) as standing:
        with sqlite.changing() as other:
            other.execute(sa.text("SELECT 1"))
            with pytest.raises(Busy), standing.changing():
                pass
        with standing.changing() as session:
            session.add(WorkspaceFact(name="what", value="one"))
    assert known(sqlite, "what") == "one"


def test_a_file_that_was_replaced_is_not_written_to(sqlite: Database) -> None:
    path = Path(sqlite.engine.url.database or "")
    with closing(StandingConnection(sqlite)) as standing:
        with standing.changing() as session:
            session.add(WorkspaceFact(name="what", value="one"))
        path.rename(path.with_suffix(".away"))
        with pytest.raises(Refusal, match="has been moved, deleted or replaced"), standing.changing():
            pass
        path.with_suffix(".away").rename(path)
        with standing.changing() as session:
            session.add(WorkspaceFact(name="then", value="two"))
    assert known(sqlite, "then") == "two"


def test_statements_of_every_turn_are_prepared_once_and_not_again_at_each_turn(sqlite: Database) -> None:
    prepared: list[object] = []
    with closing(StandingConnection(sqlite)) as standing:

        def turn(settled: Sequence[Settlement] = ()) -> list[Settlement]:
            with standing.changing() as session:
                settle(session, settled, "me")
                look_at(session)
                found = claim(session, now=make.NOON, owner="me", want=1, rehearsal=False)
            return [Settlement(one.id, make.ACCEPTED, make.NOON) for one in found]

        def watch(*what: object) -> int:
            prepared.append(what)
            return 0  # SQLITE_OK

        with sqlite.changing() as session:
            for number in range(6):
                make.contact(session, make.house(sqlite), f"{number}@harbour.example")
            make.launched(session, make.house(sqlite))
        with standing.changing() as session:
            driver: Any = session.connection().connection.dbapi_connection
        settled = turn(turn())
        driver.set_authorizer(watch)  # it hears of each that is prepared, and has all prepared once more
        settled = turn(settled)
        assert prepared
        prepared.clear()
        settled = turn(settled)
    assert settled
    assert prepared == []
