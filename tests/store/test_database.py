"""What the database promises: durable, one writer at a time, and a sentence when it cannot be used."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.store.database import Database, open_database, sqlite_url
from outreach.store.tables import Contact, Event, Message, Organisation, WorkspaceFact
from tests import make


def event(verb: str) -> Event:
    return Event(at=make.NOON, by="Rosa", verb=verb, subject="call", subject_id=1, facts={"größe": 3})


def verbs(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Event.verb).order_by(Event.id)))  # type: ignore[arg-type]


def test_sqlite_survives_a_power_cut_and_keeps_its_references(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.reading() as session:
        said = {
            name: session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.changing() as session:
        session.add(
            Contact(
                address="a@b.example",
                address_digest="x",
                organisation_id=999,
                created_at=make.NOON,
                updated_at=make.NOON,
            )
        )


def test_what_is_changed_together_is_kept_together_or_not_at_all(database: Database) -> None:
    with pytest.raises(IntegrityError), database.changing() as session:
        session.add_all([event("first"), WorkspaceFact(name="salt", value="another")])
    with database.changing() as session:
        session.add_all([event("second"), event("third")])
    assert verbs(database) == ["second", "third"]


def test_a_dry_run_does_everything_and_keeps_nothing(database: Database) -> None:
    with database.changing(dry_run=True) as session:
        session.add(event("tried"))
        session.flush()
        assert session.exec(select(Event.verb)).all() == ["tried"]
    assert verbs(database) == []


def test_moments_come_back_aware_and_in_utc_and_values_as_they_were(database: Database) -> None:
    with database.changing() as session:
        session.add(event("signed"))
    with database.reading() as session:
        found = session.exec(select(Event)).one()
        assert (found.at, found.at.tzinfo) == (datetime(2027, 1, 11, 12, tzinfo=UTC), UTC)
        assert found.facts == {"größe": 3}


def test_names_in_all_scripts_come_back_as_they_were(database: Database) -> None:
    name = "O'Brien & Søns «Ж» 人权 منظمة"
    with database.changing() as session:
        session.add(Organisation(name=name, name_key=name, created_at=make.NOON))
    with database.reading() as session:
        assert session.exec(select(Organisation.name)).one() == name


def test_the_secrets_stay_what_they_are(sqlite: Database, sqlite_url: str) -> None:
    again = open_database(sqlite_url)
    assert (again.salt, again.link_key) == (sqlite.salt, sqlite.link_key)
    assert len(again.salt) == len(again.link_key) == 32
    assert again.salt != again.link_key
    again.close()


def test_a_database_without_its_secrets_is_refused(sqlite: Database) -> None:
    with sqlite.changing() as session:
        session.execute(sa.delete(WorkspaceFact))
    with pytest.raises(Refusal, match="has no salt"):
        _ = Database(sqlite.engine).salt


def test_a_second_writer_waits_for_the_first(sqlite: Database) -> None:
    holds, waits = threading.Event(), threading.Event()

    def second() -> None:
        holds.wait(20)
        waits.set()
        with sqlite.changing() as session:
            session.add(event("second"))

    thread = threading.Thread(target=second)
    thread.start()
    with sqlite.changing() as session:
        session.add(event("first"))
        session.flush()
        holds.set()
        assert waits.wait(20)
    thread.join(20)
    assert verbs(sqlite) == ["first", "second"]


def test_a_reader_sees_what_was_committed_while_somebody_writes(sqlite: Database) -> None:
    with sqlite.changing() as session:
        session.add(event("first"))
        session.flush()
        assert verbs(sqlite) == []


def test_a_writer_that_waited_too_long_is_told_so(sqlite_url: str) -> None:
    database = open_database(sqlite_url)

    @sa.event.listens_for(database.engine, "connect")
    def _impatient(connection: Any, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    database.engine.dispose()
    with database.changing() as session:
        session.add(event("first"))
        session.flush()
        with pytest.raises(Refusal, match="The database is busy"), database.changing() as second:
            second.exec(select(Event))
    database.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "outreach.db"
    path.write_bytes(b"A letter to the member States.\n" * 200)
    before = path.read_bytes()
    with pytest.raises(Refusal, match=r"not a database|damaged"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="The database cannot be used: unable to open database file"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'outreach.db'}")


def test_a_damaged_page_is_said_plainly(sqlite: Database) -> None:
    with sqlite.changing() as session:
        session.add_all(event(f"verb {number}") for number in range(500))
    sqlite.close()  # the last connection moves the write-ahead log into the file
    path = Path(sqlite.engine.url.database or "")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    with pytest.raises(Refusal, match="damaged"):
        open_database(f"sqlite:///{path}")


def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(Refusal, match="The database server cannot be reached: ") as refused:
        open_database("postgresql://nobody@127.0.0.1:1/nothing", password="s3cret-word")
    assert "s3cret-word" not in str(refused.value)


def test_a_relative_file_is_relative_to_the_workspace(tmp_path: Path) -> None:
    assert sqlite_url("sqlite:///outreach.db", tmp_path) == f"sqlite:///{tmp_path / 'outreach.db'}"
    assert sqlite_url("sqlite:////var/lib/outreach.db", tmp_path) == "sqlite:////var/lib/outreach.db"
    assert sqlite_url("postgresql://db/x", tmp_path) == "postgresql://db/x"


def test_a_mailing_reaches_an_address_once_whoever_asks_the_database(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
    with database.reading() as session:
        (message,) = make.messages(session)
    twin = Message.model_validate(message.model_dump(exclude={"id"}))
    with pytest.raises(IntegrityError), database.changing() as session:
        session.add(twin)


def test_a_new_database_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "outreach.db"
    open_database(f"sqlite:///{path}").close()
    assert path.stat().st_mode & 0o077 == 0
