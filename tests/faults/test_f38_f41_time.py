"""F38 to F41: clocks that jump, clocks that skip or repeat an hour, zones that change, and machines that sleep."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.store.database import Database
from outreach.store.tables import Call, Event, Mailing, Message
from outreach.usecases.ring import ring
from tests import make
from tests.faults.harbour import ADDRESSES, Harbour, assert_whole, ended, harbour, needs
from tests.parts import missing_part
from tests.parts.servers import Greylist, serving


def with_a_clock_of_its_own(each: Harbour, offset: Path) -> subprocess.Popen[bytes]:
    """A worker whose clock differs from the machine's by what stands in a file, whenever it is looked at."""
    needs("faketime")
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None) or missing_part("libfaketime")
    return each.start_under(
        LD_PRELOAD=str(library),
        FAKETIME_TIMESTAMP_FILE=str(offset),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )


def turn(offset: Path, to: str) -> None:
    written = offset.with_suffix(".new")
    written.write_text(to, encoding="ascii")
    written.rename(offset)


def test_f38_a_clock_that_jumps_back_and_forth_sends_nothing_twice_and_nothing_too_late(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    late = "member0@quay.example"
    offset = tmp_path / "offset"
    turn(offset, "+0")
    server = stack.enter_context(serving({"RCPT": Greylist()}))
    each = harbour(stack, tmp_path, sqlite_url, server)
    process = with_a_clock_of_its_own(each, offset)
    each.wait_until(lambda: each.states() == {"deferred": len(ADDRESSES)}, "a first refusal of all")
    turn(offset, "-1h")
    time.sleep(1)
    turn(offset, "-1d")
    time.sleep(1)
    assert each.arrived().total() == 0, "its time has not come yet"
    server.on["RCPT"] = lambda dialogue: "451 4.7.1 later" if dialogue.recipient == late else None
    turn(offset, "+1d")
    each.wait_until(lambda: each.arrived().total() == len(ADDRESSES) - 1, "the second attempts")
    turn(offset, "-1h")
    time.sleep(1)
    server.on.clear()
    turn(offset, "+60d")
    each.wait_until(lambda: "deferred" not in each.states(), "the deadline to pass")
    process.terminate()
    assert ended(process) == 0, each.log
    each.processes.clear()
    assert assert_whole(each)["sent"] == len(ADDRESSES) - 1
    assert each.arrived() == dict.fromkeys(set(ADDRESSES) - {late}, 1)


def test_f40_when_a_zones_rules_change_the_announced_time_stays_and_its_instant_moves(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """Los Angeles gets the offset that Iceland has."""
    each = harbour(stack, tmp_path, sqlite_url, stack.enter_context(serving()))
    with each.opened() as app, app.database.reading() as session:
        call = session.exec(select(Call)).one()
        kept, moment = call.deadline, call.deadline_at
    rules = tmp_path / "zones"
    package = importlib.util.find_spec("tzdata")
    assert package is not None
    shutil.copytree(Path(str(package.origin)).parent / "zoneinfo", rules)
    shutil.copyfile(rules / "Atlantic" / "Reykjavik", rules / "America" / "Los_Angeles")
    announced = kept.split(" America")[0].replace(" ", "T") + ":00+00:00"
    assert moment.isoformat() != announced
    process = each.start_under(PYTHONTZPATH=str(rules))
    each.wait_until(lambda: each.states() == {"sent": len(ADDRESSES)}, "all mails")
    process.terminate()
    assert ended(process) == 0, each.log
    with each.opened() as app, app.database.reading() as session:
        call = session.exec(select(Call)).one()
        assert (call.deadline, call.deadline_at.isoformat()) == (kept, announced)
        (told,) = session.exec(select(Event).where(Event.verb == "follow_zone_rules")).all()
        assert told.subject_id == call.id
    assert "the rules of a time zone have changed" in each.log
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


@pytest.mark.parametrize(
    ("deadline", "offset", "instant"),
    [
        # Brussels has no half past two on that day: the offset before the gap says when it is.
        ("2027-04-04 17:00 Europe/Brussels", "7d 02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        # And has it twice on that day: the first counts.
        ("2027-11-07 17:00 Europe/Brussels", "7d 02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
    ids=["gap", "overlap"],
)
def test_f39_a_reminder_at_an_hour_that_clocks_skip_or_repeat_is_queued_once(
    database: Database, deadline: str, offset: str, instant: datetime
) -> None:
    house = make.house(database, schedule={"quiet_hours": "none", "working_days": "mon-sun"})
    with database.changing() as session:
        make.contact(session, house, "otto@quay.example")
        planned: dict[str, Any] = {"reminders": (offset,), "last_call": "", "release": None}
        make.launched(session, house, deadline=parse_wall_clock(deadline), **planned)
        assert make.submitted(session) == ["otto@quay.example"]
        queued = []
        for minutes in range(-120, 180, 10):
            now = instant + timedelta(minutes=minutes)
            queued += [now] * ring(session, now=now, house=house).queued
        assert queued == [instant]
        (message,) = make.messages(session, col(Message.kind) == MessageKind.REMINDER)
        assert message.due_at == instant


def test_f41_a_server_that_was_down_at_the_planned_time_sends_late_and_says_so(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = harbour(stack, tmp_path, url, stack.enter_context(serving()))

    def be_late(session: Session) -> None:
        reminders = session.exec(select(Mailing).where(Mailing.kind == MessageKind.REMINDER)).all()
        reminders[0].earliest_at = datetime.now(UTC) - timedelta(hours=30)

    each.command("worker", "--until-idle")
    assert each.arrived().total() == len(ADDRESSES)
    each.change(be_late)
    for _ in range(2):  # who wakes again finds nothing more to queue
        process = each.start()
        each.wait_until(lambda: len(each.rows()) == 2 * len(ADDRESSES), "the reminders to be queued")
        time.sleep(1.5)  # three rings
        os.kill(process.pid or 0, signal.SIGTERM)
        assert ended(process) == 0, each.log
    assert set(Counter(one.address for one in each.rows(col(Message.kind) == MessageKind.REMINDER)).values()) == {1}
    each.command("calls", "show", "safe-passage")
    (line,) = [one for one in each.log.splitlines() if " reminder 21d " in one]
    assert line.endswith("late by 30 hours"), line
