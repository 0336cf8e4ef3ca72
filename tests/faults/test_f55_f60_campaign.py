"""F55 to F60: one mail that cannot be written, little memory, few files, opt-outs and edits while mails leave."""

import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.call_files import CallFile
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.states import MessageState
from outreach.store.tables import Call, CallText, Contact, Message
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.edit_call import edit_call
from outreach.usecases.opt_out import EVERYTHING, opt_out
from outreach.usecases.pause_call import pause_call
from outreach.usecases.resume_call import resume_call
from tests import make
from tests.faults.harbour import Harbour, assert_whole, ended, harbour, needs
from tests.faults.test_f02_f08_processes import Reached
from tests.faults.test_f13_f18_f27_connections import invite_by_a_long_text
from tests.faults.test_f29_f36_disk import fill, small_disk
from tests.parts.servers import Drip, InTurn, serving

MANY = tuple(f"member{number}@{number % 9}.harbour.example" for number in range(120))
IN_FLIGHT = 6
"""Two mails on each of three connections."""


def test_f55_a_mail_that_cannot_be_written_fails_alone(url: str, tmp_path: Path, stack: ExitStack) -> None:
    """What is kept of one recipient is not what a text can be filled with."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, url, server, addresses=MANY)

    spoilt = sa.update(Message).where(col(Message.address) == MANY[7]).values(values="no table of values")
    each.change(lambda session: session.execute(spoilt))
    assert ended(each.start("worker", "--until-idle")) == 0
    found = each.rows(col(Message.state) != MessageState.SENT)
    assert [one.address for one in found] == [MANY[7]]
    assert [one.reason for one in found] == ["cannot be sent"]
    assert assert_whole(each) == {"failed": 1, "sent": len(MANY) - 1}


def allow(process: subprocess.Popen[bytes], what: int, much: int | None = None) -> None:
    """A process that runs may have so much of something from now on; None: all that the system lets it have."""
    _, most = resource.prlimit(process.pid, what)
    resource.prlimit(process.pid, what, (most if much is None else much, most))


def test_f56_a_worker_out_of_memory_ends_and_loses_nothing(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """While three mails wait for their answers, it is allowed no more memory: the next large text has no place."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=())
    invite_by_a_long_text(each, MANY[:24])
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.05))
    # So glibc asks the system anew for each large text, and gives it back, instead of keeping a store of its own.
    process = each.start_under(command=("worker", "--until-idle"), MALLOC_MMAP_THRESHOLD_=str(128 * 1024))
    reached.by(each, 3)
    allow(process, resource.RLIMIT_AS, 4096)
    assert ended(process, 20) == 1, f"it went on without memory: {each.states()}"
    assert "memory" in each.log
    found = each.states()
    assert set(found) <= {"sent", "sending", "queued", "deferred", "unknown"}, "nobody is to blame for our memory"
    assert found.get("sending", 0) + found.get("unknown", 0) <= IN_FLIGHT
    assert found["sent"] < 24 - IN_FLIGHT
    server.on.clear()
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == 24
    assert found.get("unknown", 0) <= IN_FLIGHT


def test_f57_connections_without_a_file_descriptor_are_refused_and_the_worker_lives_on(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """It may open 64 connections and 40 files. What it could not open lets the account rest, and is said."""
    needs("prlimit")
    server = stack.enter_context(serving({"DOT": Drip("250 2.0.0 taken", 0.01)}))
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=MANY, limits={"connections": 64})
    process = each.start_under("prlimit", "--nofile=40:", command=("worker",))
    each.wait_until(lambda: "the account rests" in each.log, "the account to rest")
    each.wait_until(lambda: not each.rows(col(Message.state) == MessageState.SENDING), "what is in flight")
    assert 0 < server.connections < 40
    waiting = each.rows(col(Message.state) != MessageState.SENT)
    assert len(waiting) == len(MANY) - len(server.accepted) > 0
    assert {one.attempts + one.copies for one in waiting} == {0}, "no attempt is counted, nobody is blamed"
    assert {one.state for one in waiting} <= {MessageState.DEFERRED, MessageState.QUEUED}
    each.command("outbox", "show")
    assert "Too many open files" in " ".join(each.log.split())
    assert process.poll() is None
    allow(process, resource.RLIMIT_NOFILE)
    each.command("outbox", "resume")
    each.wait_until(lambda: each.states() == {"sent": len(MANY)}, "the rest, from the same worker")
    assert assert_whole(each) == {"sent": len(MANY)}


@contextmanager
def full_log(disk: Path, log: Path) -> Iterator[None]:
    """The text log is on a full disk of its own; afterwards it is where it always is."""
    (disk / "worker.log").touch()
    fill(disk)
    log.symlink_to(disk / "worker.log")
    yield
    assert log.stat().st_size == 0, "the disk was not full"
    log.unlink()


def test_f58_a_log_that_cannot_be_written_does_not_stop_what_the_ledger_records(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """The audit rows are in the database, and F30 shows that disk full; this is only what is said beside them.

    All is done, but the last line, with how much that was, cannot be said: only the exit code is left to tell.
    """
    disk = stack.enter_context(small_disk(tmp_path, "64k"))
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server)
    with full_log(disk, tmp_path / "worker.log"):
        assert ended(each.start("worker", "--until-idle")) == 1
    assert each.states() == {"sent": len(each.everybody)}
    assert each.arrived().total() == len(each.everybody)
    assert assert_whole(each) == {"sent": len(each.everybody)}


def test_f58_a_line_of_the_log_that_cannot_be_written_leaves_no_mail_in_doubt(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """One mail must wait, which the log would say while others are in flight."""
    disk = stack.enter_context(small_disk(tmp_path, "64k"))
    server = stack.enter_context(serving({"RCPT": InTurn(*[None] * 5, "451 4.7.1 later")}))
    each = harbour(stack, tmp_path, sqlite_url, server)
    with full_log(disk, tmp_path / "worker.log"):
        ended(each.start("worker", "--until-idle"))
    assert each.states() == {"sent": len(each.everybody) - 1, "deferred": 1}
    assert assert_whole(each) == {"sent": len(each.everybody)}


# Decisions while mails leave.


def opt_everybody_out(session: Session) -> None:
    for person in session.execute(sa.select(Contact)).scalars():
        opt_out(session, person, scope=EVERYTHING, evidence="one click", now=datetime.now(UTC))


def pause(session: Session) -> None:
    pause_call(session, session.exec(select(Call)).one(), now=datetime.now(UTC), by="Rosa")


def cancel(session: Session) -> None:
    cancel_call(session, session.exec(select(Call)).one(), now=datetime.now(UTC), by="Rosa")


def _decided_while_mails_leave(
    stack: ExitStack, folder: Path, url: str, decide: Callable[[Session], None]
) -> tuple[Harbour, datetime]:
    """Somebody decides while a worker is at it; when that was committed."""
    server = stack.enter_context(serving())
    each = harbour(stack, folder, url, server, addresses=MANY)
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.005))
    each.start("worker")
    reached.by(each, 10)
    each.change(decide)
    committed, left = datetime.now(UTC), len(server.accepted)
    each.wait_until(lambda: not each.rows(col(Message.state) == MessageState.SENDING), "what is in flight")
    time.sleep(0.7)  # it looks again, and finds nothing
    assert len(server.accepted) - left <= IN_FLIGHT
    return each, committed


@pytest.mark.parametrize(
    ("decide", "rest"),
    [(opt_everybody_out, "cancelled"), (cancel, "cancelled"), (pause, "queued")],
    ids=["F59 opt-out", "F60 cancel", "F60 pause"],
)
def test_f59_f60_after_a_decision_is_committed_nothing_is_claimed(
    url: str, tmp_path: Path, stack: ExitStack, decide: Callable[[Session], None], rest: str
) -> None:
    each, committed = _decided_while_mails_leave(stack, tmp_path, url, decide)
    claimed = [one.claimed_at for one in each.rows() if one.claimed_at]
    assert max(claimed) <= committed
    found = each.states()
    assert set(found) == {"sent", rest}
    each.server.on.clear()
    assert assert_whole(each) == found
    if rest == "queued":
        each.change(
            lambda session: resume_call(session, session.exec(select(Call)).one(), now=datetime.now(UTC), by="Rosa")
        )
        assert assert_whole(each) == {"sent": len(MANY)}


def test_f60_a_text_that_is_edited_meanwhile_never_mixes_inside_one_mail(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, url, server, addresses=MANY)
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.005))
    each.start("worker")
    reached.by(each, 10)
    with each.opened() as app, app.database.changing() as session:
        call = session.exec(select(Call)).one()
        edit_call(session, call, _reworded(call), now=datetime.now(UTC), by="Rosa", house=app.house)
    server.on.clear()
    each.wait_until(lambda: each.states() == {"sent": len(MANY)}, "the rest")
    with each.opened() as app, app.database.reading() as session:
        new = {one.id for one in session.exec(select(CallText)) if NEW in one.source}
        told = {one.address: one.text_id in new for one in make.messages(session)}
    assert set(told.values()) == {True, False}
    # In the plain part and in the HTML part, or in neither: as the ledger says.
    assert {mail.recipients[0]: mail.content.count(NEW.encode()) for mail in server.accepted} == {
        address: 2 if is_new else 0 for address, is_new in told.items()
    }
    assert assert_whole(each) == {"sent": len(MANY)}


NEW = "Good day, "


def _reworded(call: Call) -> CallFile:
    file = make.call_file(deadline=parse_wall_clock(call.deadline), release=None)
    texts = {key: source.replace("Dear ", NEW) for key, source in file.texts.items()}
    return replace(file, texts=texts)
