"""Who is submitting: one worker on SQLite, many on PostgreSQL, and what becomes of the rows of the dead."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.pacing import Crowd
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.ownership import _lock_key, crowd_of, orphans, owning, owns, recover_from_the_dead
from tests import make

NOW = make.NOON

CLAIM_AND_HANG = """
import sys
from outreach.store.database import open_database
from outreach.store.outbox import claim
from outreach.store.ownership import owning
from tests import make

database = open_database(sys.argv[1])
with owning(database) as owner:
    with database.changing() as session:
        claimed = claim(session, now=make.NOON, owner=owner, want=2, rehearsal=False)
    print(len(claimed), flush=True)
    sys.stdin.readline()
"""


@contextmanager
def a_worker(database: Database) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the outbox and has claimed two messages."""
    url = database.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(  # noqa: S603  our own interpreter
        [sys.executable, "-c", CLAIM_AND_HANG, url],
        cwd=make.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "2"
        try:
            yield process
        finally:
            process.kill()


def invited(session: Session, database: Database) -> None:
    house = make.house(database)
    for number in range(3):
        make.contact(session, house, f"{number}@harbour.example")
    make.launched(session, house)


def states(database: Database) -> list[MessageState]:
    with database.reading() as session:
        return [message.state for message in make.messages(session)]


def test_a_second_worker_on_sqlite_is_told_who_the_first_is(sqlite: Database) -> None:
    with sqlite.changing() as session:
        invited(session, sqlite)
    with a_worker(sqlite) as other:
        with pytest.raises(Refusal, match=f"process {other.pid} on .*every other command only queues"):
            owning(sqlite).__enter__()
        assert states(sqlite)[:2] == [MessageState.SENDING] * 2


def test_what_a_killed_worker_left_is_in_doubt(database: Database) -> None:
    with database.changing() as session:
        invited(session, database)
    with a_worker(database) as other:
        other.kill()
        other.wait(20)
        with owning(database) as owner:
            assert recover_from_the_dead(database, owner, NOW) == 2
    assert states(database) == [MessageState.UNKNOWN, MessageState.UNKNOWN, MessageState.QUEUED]


def test_the_rows_of_a_living_owner_are_left_alone(postgresql: Database) -> None:
    with postgresql.changing() as session:
        invited(session, postgresql)
    with a_worker(postgresql), owning(postgresql) as owner:
        assert recover_from_the_dead(postgresql, owner, NOW) == 0
        assert states(postgresql)[:2] == [MessageState.SENDING] * 2


def test_a_worker_leaves_its_own_rows_alone(postgresql: Database) -> None:
    with postgresql.changing() as session:
        invited(session, postgresql)
    with owning(postgresql) as owner:
        with postgresql.changing() as session:
            make.claimed(session, owner=owner)
        assert recover_from_the_dead(postgresql, owner, NOW) == 0
    assert set(states(postgresql)) == {MessageState.SENDING}


def test_whoever_asks_whether_a_worker_is_dead_does_not_make_it_seem_alive(postgresql: Database) -> None:
    """Neither to others nor to itself: the server has ended the session that held its lock."""
    with postgresql.changing() as session:
        invited(session, postgresql)
    with owning(postgresql) as dead, owning(postgresql) as heir:
        with postgresql.changing() as session:
            make.claimed(session, owner=dead)
        key = _lock_key(dead)
        place = {"high": key >> 32 & 0xFFFFFFFF, "low": key & 0xFFFFFFFF}
        with postgresql.changing() as session:
            holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = :high AND objid = :low"
            session.execute(sa.text(f"SELECT pg_terminate_backend(({holder}), 5000)"), place)
        with postgresql.reading() as asking, postgresql.reading() as another:
            assert orphans(asking) == [dead]
            assert not owns(another, dead)
            assert recover_from_the_dead(postgresql, heir, NOW) == len(states(postgresql))


def test_many_workers_share_one_postgresql(postgresql: Database) -> None:
    with owning(postgresql) as one, owning(postgresql) as two:
        assert one != two


def test_the_right_to_submit_is_free_again_when_its_holder_has_gone(database: Database) -> None:
    names = set()
    for _ in range(3):
        with owning(database) as owner:
            names.add(owner)
    assert len(names) == 3


def test_an_owner_that_ended_well_leaves_nothing_in_doubt(database: Database) -> None:
    with database.changing() as session:
        invited(session, database)
        make.submitted(session)
    with owning(database) as owner:
        assert recover_from_the_dead(database, owner, NOW) == 0
    assert set(states(database)) == {MessageState.SENT}


def test_workers_know_how_many_they_are_and_each_its_place(postgresql: Database) -> None:
    with owning(postgresql) as one:
        with postgresql.reading() as session:
            assert (crowd_of(session, one).workers, crowd_of(session, one).place) == (1, 0)
        with owning(postgresql) as two, postgresql.reading() as session:
            crowds = [crowd_of(session, each) for each in (one, two)]
            assert {crowd.workers for crowd in crowds} == {2}
            assert {crowd.place for crowd in crowds} == {0, 1}
            assert crowds[0].who == crowds[1].who
    with postgresql.reading() as session:
        assert crowd_of(session, one) == Crowd(1, 0), "who holds no lock shares with nobody"


def test_a_worker_that_comes_in_the_moment_in_which_another_goes_makes_another_crowd(postgresql: Database) -> None:
    """The limits are shared anew: whoever came does not know what each has left of its part."""
    with owning(postgresql) as one:
        with owning(postgresql), postgresql.reading() as session:
            before = crowd_of(session, one)
        with owning(postgresql), postgresql.reading() as session:
            after = crowd_of(session, one)
    assert before.workers == after.workers == 2
    assert before != after


def test_on_sqlite_nobody_shares(sqlite: Database) -> None:
    with owning(sqlite) as one, sqlite.reading() as session:
        assert crowd_of(session, one) == Crowd(1, 0)


def test_who_submits_is_found_without_looking_at_every_mail(sqlite: Database) -> None:
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, text: str, values: Any, _context: Any, _many: Any) -> None:
        if "message" in text:
            plans.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall())

    sa.event.listen(sqlite.engine, "before_cursor_execute", explain)
    assert recover_from_the_dead(sqlite, "a:1:1", NOW) == 0
    sa.event.remove(sqlite.engine, "before_cursor_execute", explain)
    assert plans
    assert all("ix_message_under_way" in plan for plan in plans), plans
