"""A worker that dies again and again before it can settle anything: it must not go on submitting unseen."""

import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from outreach.cli.root import app as command_line
from outreach.domain.health import Check, Level
from outreach.domain.kinds import MessageKind
from outreach.domain.proofs import Proof
from outreach.queries.health import known_health
from outreach.store.database import Database
from outreach.store.doubts import doubts, prove_taken, recover
from outreach.store.stopping import stopped
from outreach.store.tables import Event
from outreach.usecases.begin_work import WHY, begin_work
from outreach.usecases.start_mail import start_mail
from outreach.usecases.stop_mail import stop_mail
from tests import make
from tests.parts.servers import Hang, Taken
from tests.worker.setting import invite, people, rows
from tests.worker.test_signals import ADDRESSES, IN_SECONDS, Harbour, Reached, end, harbour, stack

__all__ = ["stack"]
STAFF = {"addresses": "rosa@lanterncoast.coop"}


def dies(each: Harbour) -> None:
    """A worker is killed when it has handed a mail over and has no answer."""
    each.server.on["DOT"] = dot = Reached(Taken(Hang()))
    each.start("worker")
    dot.by(each)
    end(each)
    each.server.on.clear()


def told(database: Database) -> tuple[str, str]:
    """The last line of the log: what was done, and by whom."""
    with database.reading() as session:
        last = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert last is not None
        return last.verb, last.by


def asked(each: Harbour, *words: str) -> str:
    said = CliRunner().invoke(command_line, ["--workspace", str(each.folder), *words])
    assert said.exit_code == 0, said.output
    return " ".join(said.stdout.split())


@pytest.mark.shows("F1", "F56")
@pytest.mark.parametrize("kept_in", ["sqlite", "postgresql"])
def test_after_three_kills_with_nothing_settled_nothing_leaves_until_a_person_says_so(
    tmp_path: Path, stack: ExitStack, kept_in: str, request: pytest.FixtureRequest
) -> None:
    each = harbour(stack, tmp_path, request.getfixturevalue(f"{kept_in}_url"), connections=1)
    for _ in range(3):
        dies(each)
    left = len(each.server.accepted)
    worker = each.start("worker", "--until-idle")
    assert worker.wait(60) == 0, each.log
    assert len(each.server.accepted) == left == 3
    assert "the worker died again and again, so all mail is stopped" in each.log
    assert "All mail is stopped, by the worker at" in each.log
    for words in (("outbox", "show"), ("outbox", "show", "--json")):
        assert "it died three times within ten minutes" in asked(each, *words)
    asked(each, "--by", "Rosa", "outbox", "start")
    assert each.start("worker", "--until-idle").wait(60) == 0, each.log
    assert each.states()["sent"] == len(ADDRESSES) - each.states()["unknown"]
    assert max(each.arrived().values()) == 1


def test_a_worker_that_is_told_to_stop_has_not_crashed(tmp_path: Path, stack: ExitStack, sqlite_url: str) -> None:
    each = harbour(stack, tmp_path, sqlite_url, connections=1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGTERM):
        each.server.on["GREETING"] = greeting = Reached("220 harbour.example")
        worker = each.start("worker")
        greeting.by(each)
        worker.send_signal(number)
        assert worker.wait(IN_SECONDS) == 0, each.log
    with each.opened() as app, app.database.reading() as session:
        assert stopped(session) is None


def test_the_reason_stands_at_every_door_and_staff_are_told_when_mail_leaves_again(database: Database) -> None:
    house = make.house(database, staff=STAFF)
    with database.changing() as session:
        for name in ("a:1:1", "b:1:1", "c:1:1"):
            assert begin_work(session, name, now=make.NOON, house=house) is None
        halt = begin_work(session, "d:1:1", now=make.NOON, house=house)
        assert halt is not None
        assert halt.sentence.endswith(f"by the worker at 2027-01-11 12:00 UTC: {WHY}.")
        found = {one.check: one for one in known_health(session, now=make.NOON, house=house)}
        assert (found[Check.STOP].level, found[Check.STOP].found) == (Level.WARNING, halt.sentence)
    assert [each.kind for each in rows(database)] == [MessageKind.ALERT]
    assert told(database) == ("stop_mail", "the worker")
    with database.changing() as session:
        start_mail(session, now=make.NOON, by="Rosa")
        assert begin_work(session, "e:1:1", now=make.NOON, house=house) is None
    assert told(database) == ("start_mail", "Rosa")


def test_a_stop_that_stands_already_gets_the_reason_as_well(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        stop_mail(session, reason="the wrong list", now=make.NOON, by="Rosa")
        for name in ("a:1:1", "b:1:1", "c:1:1", "d:1:1"):
            halt = begin_work(session, name, now=make.NOON, house=house)
        assert halt is not None
        assert halt.sentence.endswith(f": the wrong list; besides, the worker: {WHY}.")
        assert "by Rosa" in halt.sentence


def test_what_a_witness_shows_afterwards_is_no_mail_that_the_worker_settled(database: Database) -> None:
    house = make.house(database)
    invite(database, house, people(4))
    halts = []
    for number in range(4):
        with database.changing() as session:
            halts.append(begin_work(session, f"{number}:1:1", now=make.NOON, house=house))
            make.claimed(session, want=1, owner=f"{number}:1:1")
            recover(session, now=make.NOON, dead_owner=f"{number}:1:1")
            for doubt in doubts(session):
                assert prove_taken(session, doubt, Proof.RELAY_LOG, "qmgr has it", now=make.NOON)
    assert halts[:3] == [None] * 3
    assert halts[3] is not None
