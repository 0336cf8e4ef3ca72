"""Each line of the log is chained to the one before it, without gaps, whoever writes and whatever stops."""

import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import sqlalchemy as sa
from sqlmodel import Session, select

from outreach.domain.pacing import Rooms
from outreach.store.database import Database, open_database
from outreach.store.ownership import owning
from outreach.store.sealing import read_head
from outreach.store.tables import Event, EventDetail, Fact
from outreach.worker.ledger import Ledger
from tests import make
from tests.logged import lines, numbered, records, verified
from tests.make import NOON
from tests.parts.listening import listening


def test_lines_are_numbered_from_one_and_each_has_a_digest_of_its_own(database: Database) -> None:
    lines(database, "wake", "dress")
    with database.changing() as session:
        records(session, "eat")
        records(session, "leave")
    assert numbered(database) == [(1, "wake"), (2, "dress"), (3, "eat"), (4, "leave")]
    with database.reading() as session:
        digests = [line.digest for line in session.exec(select(Event))]
        assert {len(digest) for digest in digests} == {64}
        assert len(set(digests)) == 4
        assert read_head(session) == (4, digests[-1])
    assert verified(database).faults == ()


def test_a_line_that_was_taken_back_leaves_no_gap(database: Database) -> None:
    lines(database, "first")
    with suppress(RuntimeError), database.changing() as session:
        records(session, "thought better of")
        session.flush()
        raise RuntimeError
    with database.changing(dry_run=True) as session:
        records(session, "only tried")
    with database.changing() as session:
        records(session, "before")
        with suppress(RuntimeError), session.begin_nested():
            records(session, "in a savepoint that is rolled back")
            session.flush()
            raise RuntimeError
        with session.begin_nested():
            records(session, "in one that is not")
        records(session, "after")
    assert numbered(database) == [(1, "first"), (2, "before"), (3, "in one that is not"), (4, "after")]
    assert verified(database).faults == ()


def test_a_savepoint_that_is_released_seals_nothing_yet(database: Database) -> None:
    with database.changing() as session:
        with session.begin_nested():
            records(session)
        assert session.exec(select(Event.number)).one() is None
        assert read_head(session) == (0, "")


def test_writers_side_by_side_make_one_chain_without_gaps(database: Database) -> None:
    together = Barrier(4)

    def write(name: int) -> None:
        together.wait(timeout=30)
        for step in range(12):
            with database.changing() as session:
                records(session, f"{name} begins {step}")
                session.flush()
                records(session, f"{name} ends {step}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    written = numbered(database)
    assert [number for number, _ in written] == list(range(1, 97))
    found = verified(database)
    assert (found.faults, found.lines) == ((), 96)
    for name in range(4):
        own = [verb for _, verb in written if verb.startswith(f"{name} ")]
        assert own == [f"{name} {word} {step}" for step in range(12) for word in ("begins", "ends")]


def test_a_writer_that_is_killed_before_its_commit_leaves_a_whole_chain(sqlite_url: str) -> None:
    program = (
        "import os, signal, sys, sqlalchemy as sa\n"
        "from outreach.store.database import open_database\n"
        "from outreach.store.sealing import seal\n"
        "from tests.logged import records\n"
        "with open_database(sys.argv[1]).changing() as session:\n"
        "    records(session, 'never done')\n"
        "    seal(session)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    database = open_database(sqlite_url)
    lines(database, "before")
    killed = subprocess.run([sys.executable, "-c", program, sqlite_url], check=False, timeout=100)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL
    lines(database, "after")
    assert numbered(database) == [(1, "before"), (2, "after")]
    assert verified(database).faults == ()
    database.close()


def test_where_nothing_is_recorded_nothing_is_looked_up_or_written(database: Database) -> None:
    """So it is with every turn of the engine: it claims and settles, and records nothing."""
    house = make.house(database)
    with database.changing() as session:
        for name in ("idris", "ana"):
            make.contact(session, house, f"{name}@harbourlight.coop")
        make.launched(session, house)
        before = read_head(session)
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    with listening(database.engine, "before_cursor_execute", listen), owning(database) as owner:
        ledger = Ledger(database, owner, rehearsal=False)
        turn = ledger.turn((), lanes=2, room=2, rooms=Rooms(), now=NOON)
        ledger.close()
    assert turn.claimed
    assert [one for one in said if re.search(r"\bevent(_detail)?\b|(INTO|UPDATE) workspace_fact", one)] == []
    with database.reading() as session:
        assert read_head(session)[0] > before[0] == 0


def test_a_chain_whose_end_was_cut_off_goes_on_after_the_gap(database: Database) -> None:
    """Otherwise the next line would take the place of the one that was removed, and nobody would see it."""
    lines(database, "one", "two", "three")
    with database.changing() as session:
        session.execute(sa.text("DELETE FROM event WHERE number = 3"))
    lines(database, "four")
    assert [number for number, _ in numbered(database)] == [1, 2, 4]


def changed_fact(session: Session) -> Fact:
    fact = Fact(state="KE", name="ratified", value="no", since=NOON.date(), by="Rosa", at=NOON)
    session.add(fact)
    session.flush()
    return fact


def test_what_changed_in_two_verbs_of_one_transaction_stands_with_each(database: Database) -> None:
    with database.changing() as session:
        fact = changed_fact(session)
        records(session, "record_fact", subject="fact", of=fact.id or 0)
        session.flush()
        fact.value = "yes"
        session.add(fact)
        session.flush()
        fact.value = "perhaps"
        session.add(fact)
        records(session, "correct_fact", subject="fact", of=fact.id or 0)
    with database.reading() as session:
        first, second = session.exec(select(EventDetail).order_by(EventDetail.event_id))  # type: ignore[arg-type]
    assert first.changes["value"] == [None, "no"]
    assert second.changes == {"value": ["no", "perhaps"]}
