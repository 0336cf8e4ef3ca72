"""F38 and F40: the machine's clock is changed while a worker runs, and a zone's rules after a call was planned."""

import importlib.util
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from sqlmodel import select

from outreach.store.tables import Call, Event
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
