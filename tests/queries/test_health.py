"""What the database knows of the workspace's health, and that asking it costs nothing."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from outreach.domain.health import Check, Finding, Level
from outreach.domain.judging import Rest
from outreach.domain.states import MessageState
from outreach.domain.tasks import TaskVerb
from outreach.queries.health import health, known_health, last_probing
from outreach.store.accounts import let_rest
from outreach.store.database import Database
from outreach.store.ownership import owning, workers
from outreach.store.remembered import MAILBOX_READ, remember
from outreach.store.tables import Call, Message, Task, User
from outreach.store.vitals import damage
from outreach.usecases.pause_call import pause_call
from outreach.usecases.stop_mail import stop_mail
from tests import make
from tests.worker.setting import invite, people

LATER = make.NOON + timedelta(hours=5)


def found(database: Database, *, now: Any = LATER, **sections: Any) -> dict[Check, Finding]:
    with database.reading() as session:
        return {one.check: one for one in known_health(session, now=now, house=make.house(database, **sections))}


def test_a_workspace_that_does_nothing_yet_has_no_fault_but_its_settings(database: Database) -> None:
    real = {"base_url": "https://letters.lanterncoast.coop"}
    seen = found(database, workspace=real)
    assert {check for check, one in seen.items() if one.level is Level.FAULT} <= {
        Check.CLOCK
    }  # the test's own time
    assert seen[Check.WORKER].level is Level.WARNING
    assert seen[Check.DATABASE].found.startswith(("SQLite 3", "PostgreSQL "))
    assert found(database)[Check.ADDRESS].level is Level.FAULT


def test_a_worker_is_seen_while_it_runs_and_not_afterwards(database: Database) -> None:
    with owning(database), database.reading() as session:
        assert workers(session)[0] == 1
        assert found(database)[Check.WORKER].level is Level.OK
    with database.reading() as session:
        assert workers(session) == (0, "")
    with owning(database):  # to look at a lock does not take it
        pass


def test_several_workers_are_counted(postgresql: Database) -> None:
    with owning(postgresql), owning(postgresql), postgresql.reading() as session:
        assert workers(session) == (2, "")


def test_the_queue_tells_since_when_and_why_nothing_leaves(database: Database) -> None:
    call = invite(database, make.house(database), people(3))
    assert found(database)[Check.QUEUE].level is Level.WARNING
    assert "no worker" in found(database)[Check.QUEUE].found
    with database.changing() as session:
        let_rest(session, Rest(None, "wrong password"), LATER)
    assert "the account rests" in found(database)[Check.QUEUE].found
    assert "wrong password" in found(database)[Check.ACCOUNT].found
    with database.changing() as session:
        stop_mail(session, reason="the wrong list", now=make.NOON, by="Rosa")
    assert "all mail is stopped" in found(database)[Check.QUEUE].found
    assert "by Rosa" in found(database)[Check.STOP].found
    with database.changing() as session:
        pause_call(session, session.get_one(Call, call.id), now=make.NOON, by="Rosa")
    assert found(database)[Check.QUEUE].level is Level.OK


def test_what_waits_for_a_person_is_counted(database: Database) -> None:
    invite(database, make.house(database), people(3))
    with database.changing() as session:
        for number, state in ((1, MessageState.UNKNOWN), (2, MessageState.HELD), (3, MessageState.HELD)):
            session.execute(sa.update(Message).where(col(Message.id) == number).values(state=state))
        session.execute(sa.update(Message).where(col(Message.id) == 3).values(call_id=None))
    assert "1 unknown" in found(database)[Check.DOUBTFUL].found
    assert "2 held" in found(database)[Check.DOUBTFUL].found


def test_a_task_that_waits_long_is_told(database: Database) -> None:
    with database.changing() as session:
        rosa = User(address="rosa@lanterncoast.coop", name="Rosa", invited_at=make.NOON, created_at=make.NOON)
        session.add(rosa)
        session.flush()
        session.add(Task(verb=TaskVerb.PACK_PROOF, user_id=rosa.id or 0, asked_at=make.NOON))
    assert "5 hours" in found(database)[Check.TASKS].found


def test_when_the_mailbox_was_last_read_is_known(database: Database) -> None:
    with database.changing() as session:
        remember(session, MAILBOX_READ, make.NOON.isoformat())
        remember(session, MAILBOX_READ, (make.NOON + timedelta(hours=4)).isoformat())
    imap = {"kind": "imap", "username": "calls@lanterncoast.coop"}
    assert "60 minutes ago" in found(database, mailbox=imap)[Check.MAILBOX_READ].found


def test_without_a_probing_only_the_database_speaks(database: Database) -> None:
    with database.reading() as session:
        assert last_probing(session) is None
        findings, probing = health(session, now=LATER, house=make.house(database))
    assert probing is None
    assert Check.DISK not in {one.check for one in findings}


def test_a_database_that_is_whole_says_so(database: Database) -> None:
    assert damage(database, 20) == ""


def test_a_check_that_takes_too_long_is_given_up_and_the_database_works_on(sqlite: Database) -> None:
    with sqlite.changing() as session:
        house = make.house(sqlite)
        for number in range(300):
            make.contact(session, house, f"member{number}@harbour.example")
    assert damage(sqlite, -1) is None
    assert damage(sqlite, 20) == ""
