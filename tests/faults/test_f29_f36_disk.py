"""F29 to F36: our disk is full, fails or is not ours; the database is locked, damaged, or went away."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from outreach.store.database import open_database
from tests.faults.harbour import ADDRESSES, PATH, Harbour, assert_whole, ended, harbour, needs
from tests.faults.test_f02_f08_processes import Reached
from tests.parts.answers import Dialogue
from tests.parts.servers import Drip, serving

SIX = ADDRESSES[:6]


@contextmanager
def small_disk(folder: Path, size: str = "6m") -> Iterator[Path]:
    """A file system of its own, of that size."""
    needs("root", "mount")
    at = folder / "disk"
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "outreach-tests", str(at)]
    if subprocess.run(mount, check=False, capture_output=True, env={"PATH": PATH}).returncode:  # noqa: S603
        pytest.skip("this test needs the right to mount a file system")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=False, env={"PATH": PATH})  # noqa: S603, S607


def fill(disk: Path) -> Path:
    """Fill it to the last byte."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def place(stack: ExitStack, folder: Path, migrated_file: Path, disk: Path) -> Harbour:
    """A workspace whose database is on that disk, and whose server is the test's."""
    shutil.copyfile(migrated_file, disk / "outreach.db")
    server = stack.enter_context(serving())
    url = f"sqlite:///{disk / 'outreach.db'}"
    return harbour(stack, folder, url, server, addresses=SIX, limits={"connections": 1})


def test_f29_with_our_disk_full_nothing_leaves_and_all_of_it_once_there_is_room(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    disk = stack.enter_context(small_disk(tmp_path))
    each = place(stack, tmp_path, migrated_file, disk)
    filler = fill(disk)
    process = each.start("worker", "--until-idle")
    process.join(60)
    assert process.exitcode == 1
    assert "full" in each.log or "disk" in each.log, each.log
    assert each.arrived().total() == 0
    filler.unlink()
    assert assert_whole(each) == {"sent": len(SIX)}


@pytest.mark.shows("F58")
def test_f30_a_disk_that_fills_between_claim_and_mark_stops_the_sending(
    migrated_file: Path, tmp_path: Path, stack: ExitStack
) -> None:
    disk = stack.enter_context(small_disk(tmp_path))
    each = place(stack, tmp_path, migrated_file, disk)
    each.server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.03))
    process = each.start("worker")
    reached.by(each)
    filler = fill(disk)
    process.join(60)
    assert process.exitcode == 1
    assert "nothing more is submitted" in each.log
    taken = each.arrived().total()
    assert 1 <= taken <= 2
    filler.unlink()
    each.server.on.clear()
    assert assert_whole(each) == {"unknown": 2, "sent": len(SIX) - 2}


# Calls to the system that fail.


def under_strace(each: Harbour, calls: str, fault: str, log: Path) -> subprocess.Popen[bytes]:
    needs("strace")
    return each.start_under("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={calls}", "-e", f"inject={fault}")


@pytest.mark.parametrize(
    ("calls", "error", "first"),
    [("fsync,fdatasync", "EIO", 14), ("pwrite64", "ENOSPC", 60)],
    ids=["F31 sync fails", "F32 write fails"],
)
def test_f31_f32_a_disk_that_fails_while_mails_leave_stops_the_sending_at_once(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, calls: str, error: str, first: int
) -> None:
    server = stack.enter_context(serving())
    many = tuple(f"member{number}@{number % 9}.harbour.example" for number in range(60))
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=many, limits={"connections": 1})
    process = under_strace(each, calls, f"{calls}:error={error}:when={first}+", tmp_path / "strace.log")
    assert ended(process) == 1, each.log
    assert "nothing more is submitted" in each.log or "cannot be used" in each.log or "full" in each.log
    taken = each.arrived().total()
    assert taken < len(many)
    each.processes.clear()
    found = assert_whole(each)
    assert found.get("unknown", 0) <= 2
    assert found["sent"] + found.get("unknown", 0) == len(many)


# Locked, read-only, damaged, gone.


@pytest.mark.parametrize("seconds", [3, pytest.param(40, marks=pytest.mark.torture)])
def test_f33_a_database_that_another_command_holds_is_waited_for(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, seconds: int
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, schedule={"ring_seconds": 600.0})  # no ring waits instead
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.02))
    process = each.start("worker")
    reached.by(each)
    other = open_database(sqlite_url)
    with other.changing() as session:
        session.execute(sa.select(1))
        time.sleep(seconds)
        assert process.is_alive()
        assert len(server.accepted) <= 2 * 3, "nothing is claimed meanwhile"
    other.close()
    each.wait_until(lambda: each.states() == {"sent": len(ADDRESSES)}, "the rest")
    assert ("outcomes wait to be written" in each.log) is (seconds > 30)
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def refused(each: Harbour, said: str) -> None:
    """A worker does not even begin, and says why in a sentence."""
    process = each.start("worker", "--until-idle")
    process.join(60)
    assert process.exitcode == 1, each.log
    assert re.search(said, each.log), each.log
    assert "Traceback" not in each.log
    assert each.arrived().total() == 0


def test_f34_a_database_that_cannot_be_written_to(migrated_file: Path, tmp_path: Path, stack: ExitStack) -> None:
    disk = stack.enter_context(small_disk(tmp_path))
    each = place(stack, tmp_path, migrated_file, disk)
    remount = ["mount", "-o", "remount,ro", str(disk)]
    subprocess.run(remount, check=True, env={"PATH": PATH})  # noqa: S603  our own words
    refused(each, "cannot be written to|cannot be used")
    subprocess.run([*remount[:2], "remount,rw", str(disk)], check=True, env={"PATH": PATH})  # noqa: S603
    assert assert_whole(each) == {"sent": len(SIX)}


def test_f34_a_database_that_is_not_ours(sqlite_url: str, tmp_path: Path, stack: ExitStack) -> None:
    needs("root", "setpriv")
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=SIX)
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.joinpath("outreach.db").chmod(0o600)
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    process = each.start_under(*nobody, command=("worker", "--until-idle"))
    assert ended(process) == 1, each.log
    assert "unable to open" in each.log or "cannot be" in each.log
    each.processes.clear()
    assert assert_whole(each) == {"sent": len(SIX)}


def test_f34_a_database_with_a_damaged_page_is_refused_and_its_copy_is_not(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=SIX)
    file = tmp_path / "outreach.db"
    shutil.copyfile(file, tmp_path / "copy.db")
    with file.open("r+b") as opened:  # the first page holds the names of all tables
        opened.seek(100)
        opened.write(os.urandom(3900))
    refused(each, "damaged")
    shutil.copyfile(tmp_path / "copy.db", file)
    assert assert_whole(each)["sent"] == len(SIX)


@pytest.mark.parametrize("gone", ["", "-wal"], ids=["F34 the file", "F36 its log"])
def test_f34_f36_a_file_taken_away_while_mails_leave_stops_the_sending(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, gone: str
) -> None:
    """What was written from here on would be gone with the process, and all of it would be submitted again."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, limits={"connections": 1})
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.03))
    process = each.start("worker")
    reached.by(each, 3)
    file = Path(f"{tmp_path / 'outreach.db'}{gone}")
    file.rename(tmp_path / "elsewhere")
    before = len(server.accepted)
    process.join(30)
    assert process.exitcode == 1, each.log
    assert "moved" in each.log
    assert len(server.accepted) - before <= 3
    (tmp_path / "elsewhere").rename(file)
    server.on.clear()
    found = assert_whole(each)
    assert found["sent"] + found["unknown"] == len(ADDRESSES)
    assert found["unknown"] <= 2


@pytest.mark.parametrize("left", ["random bytes", "of another time", "unlinked"])
def test_f36_a_shared_memory_file_that_is_missing_or_of_another_time_is_made_anew(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, left: str
) -> None:
    """It says where in the log the pages are: whoever believed one of another time would not see the last marks."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server)
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.02))
    process = each.start("worker")
    reached.by(each)
    shared = tmp_path / "outreach.db-shm"
    earlier = shared.read_bytes()
    reached.by(each, 9)
    process.kill()
    assert ended(process) == -signal.SIGKILL
    server.on.clear()
    assert shared.read_bytes() != earlier, "mails were claimed in between"
    if left == "unlinked":
        shared.unlink()
    else:
        shared.write_bytes(earlier if left == "of another time" else os.urandom(shared.stat().st_size))
    assert (tmp_path / "outreach.db-wal").stat().st_size > 0
    found = assert_whole(each)
    assert found["sent"] + found["unknown"] == len(ADDRESSES)
    assert found["unknown"] <= 6


# Power loss.


@dataclass
class Synced:
    """Until ``at``, the first ``size`` bytes of the log were on the disk for certain."""

    at: float
    size: int


def test_f35_a_power_cut_at_any_moment_loses_no_claim_that_a_mail_left_after(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """Cut the log of the database after each sync: whatever had arrived by then is not in the queue any more."""
    needs("strace")
    when: dict[str, float] = {}

    def note(dialogue: Dialogue) -> None:
        when[dialogue.recipients[-1]] = time.time()

    server = stack.enter_context(serving({"DOT": note}))
    each = harbour(stack, tmp_path, sqlite_url, server)
    calls = ("-e", "trace=pwrite64,fsync,fdatasync", "-e", "signal=none")
    process = each.start_under("strace", "-f", "-ttt", "-T", "-y", *calls, "-o", str(tmp_path / "strace.log"))
    each.wait_until(lambda: len(when) == len(ADDRESSES), "all mails")
    time.sleep(0.5)
    log = tmp_path / "strace.log"
    os.kill(int(log.read_text("utf-8", "replace").split()[0]), signal.SIGKILL)
    ended(process)
    each.processes.clear()
    moments = _synced(log.read_text("utf-8", "replace"))
    assert len(moments) >= 5
    whole = (tmp_path / "outreach.db-wal").read_bytes()
    for number, moment in enumerate(moments):
        until = moments[number + 1].at if number + 1 < len(moments) else moment.at + 60
        arrived = {address for address, at in when.items() if at < until}
        waiting = _waiting_after(tmp_path, whole[: moment.size])
        assert not arrived & waiting, f"after sync {number} of {len(moments)}: these would go out again"
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == len(ADDRESSES)


_CALL = re.compile(r"^\d+ +(\d+\.\d+) (pwrite64|fsync|fdatasync)\(\d+<([^>]*)>(?:.*, (\d+), (\d+)\) += \d+)?")


def _synced(log: str) -> list[Synced]:
    written = 0
    found: list[Synced] = []
    for line in log.splitlines():
        call = _CALL.match(line)
        if call is None or not call[3].endswith("-wal"):
            continue
        if call[2] == "pwrite64" and call[4]:
            written = max(written, int(call[4]) + int(call[5]))
        elif call[2] != "pwrite64" and (not found or found[-1].size != written):
            found.append(Synced(float(call[1]), written))
    return found


def _waiting_after(folder: Path, log: bytes) -> set[str]:
    """Who would be written to if the power had been cut when so much of the log was on the disk."""
    cut = folder / "cut.db"
    shutil.copyfile(folder / "outreach.db", cut)
    Path(f"{cut}-wal").write_bytes(log)
    Path(f"{cut}-shm").unlink(missing_ok=True)
    connection = sqlite3.connect(cut)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT address FROM message WHERE state IN ('queued', 'deferred')").fetchall()
        return {address for (address,) in rows}
    finally:
        connection.close()
