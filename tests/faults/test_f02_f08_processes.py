"""F2 to F8: workers killed at each phase, told to stop, stopped and continued, started twice, or left alone."""

import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from outreach.domain.states import MessageState
from outreach.store.accounts import look_at
from outreach.store.database import open_database
from outreach.store.tables import Message
from outreach.worker.engine import OWNED_LATELY
from tests.faults.harbour import ADDRESSES, CONNECTIONS, Harbour, assert_whole, ended, free_port, harbour, needs
from tests.faults.smtp_sink import smtp_sink
from tests.parts.answers import Answer, Dialogue
from tests.parts.certificates import authority
from tests.parts.servers import After, Drip, Hang, ScriptedServer, Taken, serving

SIX = ADDRESSES[:6]


class Reached:
    """A script's function: notes that a connection has come this far, then does ``then``."""

    def __init__(self, then: Answer) -> None:
        self._then = then
        self._comers = threading.Semaphore(0)

    def __call__(self, _dialogue: Dialogue) -> Answer:
        self._comers.release()
        return self._then

    def by(self, each: Harbour, times: int = 1) -> None:
        """Block until a worker came this far so often."""
        each.wait_until(lambda: self._comers.acquire(blocking=False), "the worker to come this far")
        if times > 1:
            self.by(each, times - 1)


PHASES: dict[str, tuple[str, Answer]] = {
    "connect": ("GREETING", Hang()),
    "EHLO": ("EHLO", Hang()),
    "TLS": ("STARTTLS", Hang()),
    "AUTH": ("AUTH", Hang()),
    "MAIL": ("MAIL", Hang()),
    "RCPT": ("RCPT", Hang()),
    "DATA sent": ("DATA", Hang()),
    "body begun": ("BODY", After(100, Hang())),
    "dot written": ("DOT", Hang()),
    "accepted, reply not seen": ("DOT", Taken(Hang())),
}


@pytest.mark.parametrize("phase", PHASES)
def test_f02_killed_at_each_phase_what_was_claimed_is_in_doubt_and_nothing_else(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, phase: str
) -> None:
    verb, answer = PHASES[phase]
    logins = {"calls": "the-accounts-password"}
    server = stack.enter_context(serving(tls=authority().server("localhost"), logins=logins))
    login = {"username": "calls", "password": "the-accounts-password", "ca_file": str(authority().ca_file)}
    smtp = {"host": "localhost", "security": "starttls", "timeout_seconds": 60.0, **login}
    each = harbour(stack, tmp_path, sqlite_url, server, addresses=SIX, smtp=smtp, limits={"connections": 1})
    server.on[verb] = reached = Reached(answer)
    _killed_when(each, reached)
    server.on.clear()
    copies = 1 if phase.startswith("accepted") else 0
    assert each.arrived().total() == copies
    assert assert_whole(each) == {"unknown": 2, "sent": len(SIX) - 2}
    each.configure(mail={"when_unknown": "again"})
    assert assert_whole(each, copies=copies) == {"sent": len(SIX)}


def _killed_when(each: Harbour, reached: Reached) -> None:
    process = each.start("worker")
    reached.by(each)
    process.kill()
    assert ended(process) == -signal.SIGKILL


def test_f02_killed_after_the_claim_and_before_anybody_was_spoken_to(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """A listener whose queue is full never completes a connection."""
    server = stack.enter_context(serving())
    with _deaf() as port:
        each = harbour(stack, tmp_path, url, server, addresses=SIX, smtp={"port": port})
        process = each.start("worker")
        each.wait_until(lambda: each.states().get("sending", 0) > 0, "a claim")
        process.kill()
        ended(process)
    each.configure(smtp={"port": server.port})
    found = assert_whole(each)
    assert found["unknown"] + found["sent"] == len(SIX)
    assert each.arrived().total() == found["sent"]


@contextmanager
def _deaf() -> Iterator[int]:
    with ExitStack() as held:
        door = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = int(door.getsockname()[1])
        for _ in range(3):
            caller = held.enter_context(socket.socket())
            caller.settimeout(0)
            caller.connect_ex(("127.0.0.1", port))
        yield port


def test_f02_killed_between_the_reply_and_the_settling_commit(url: str, tmp_path: Path, stack: ExitStack) -> None:
    """The server has said yes, and somebody else is writing to the database when it would be written down."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, url, server, addresses=SIX, limits={"connections": 1})
    reached = Reached(Drip("250 2.0.0 taken", 0.05))
    server.on["DOT"] = reached
    process = each.start("worker")
    reached.by(each)
    with _nobody_else_may_write(each):
        each.wait_until(lambda: len(server.accepted) > 0, "an acceptance")
        time.sleep(1.2)  # the reply has been read by now, and the commit waits for us
        process.kill()
        ended(process)
    server.on.clear()
    taken = each.arrived().total()
    assert 1 <= taken <= 2
    found = assert_whole(each)
    assert found == {"unknown": 2, "sent": len(SIX) - 2}
    each.configure(mail={"when_unknown": "again"})
    assert assert_whole(each, copies=taken) == {"sent": len(SIX)}


@contextmanager
def _nobody_else_may_write(each: Harbour) -> Iterator[None]:
    other = open_database(str(each.tables["database"]["url"]))
    with other.changing() as session:
        session.execute(sa.text("SELECT 1" if each.is_sqlite else "LOCK TABLE attempt IN EXCLUSIVE MODE"))
        yield
    other.close()


def test_f05_sigterm_finishes_what_is_in_flight_and_claims_nothing_more(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """A slow server, Postfix's own: it takes two seconds for the final dot."""
    with smtp_sink(tmp_path, "-p", "-W", ".:2") as sink:  # see F17 for -p
        each = harbour(stack, tmp_path, url, sink, addresses=SIX, limits={"connections": 1})
        process = each.start("worker")
        each.wait_until(lambda: each.states().get("sending", 0) > 0, "a claim")
        process.terminate()
        assert ended(process, 20) == 0
        found = each.states()
        assert set(found) <= {"sent", "queued"}
    with smtp_sink(tmp_path, port=sink.port):
        assert assert_whole(each) == {"sent": len(SIX)}


def test_f05_sigterm_while_a_server_never_answers_waits_no_longer_than_the_time_outs(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server, smtp={"timeout_seconds": 0.5})
    server.on["DOT"] = reached = Reached(Hang())
    process = each.start("worker")
    reached.by(each)
    process.terminate()
    assert ended(process, 20) == 0
    server.on.clear()
    assert each.states()["unknown"] >= 1
    found = assert_whole(each)
    assert found["unknown"] + found["sent"] == len(ADDRESSES)


def test_f06_a_stopped_worker_keeps_its_claims_and_goes_on_when_it_is_continued(
    url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, url, server)
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.02))
    process = each.start("worker")
    reached.by(each)
    os.kill(process.pid or 0, signal.SIGSTOP)
    held = {one.id for one in each.rows() if one.state is MessageState.SENDING}
    other = each.start("worker", "--until-idle")
    if each.is_sqlite:
        other.join(20)
        assert other.exitcode == 1
        assert "Another worker is submitting" in each.log
        each.processes.remove(other)
    else:
        assert ended(other) == 0
        assert {one.id for one in each.rows() if one.state is MessageState.SENDING} == held
    os.kill(process.pid or 0, signal.SIGCONT)
    each.wait_until(lambda: each.states() == {"sent": len(ADDRESSES)}, "the rest")
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f06_a_stopped_worker_whose_session_was_cut_meanwhile_claims_nothing_more(
    postgresql_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, postgresql_url, server)
    server.on["DOT"] = reached = Reached(Drip("250 2.0.0 taken", 0.1))
    process = each.start("worker")
    reached.by(each)
    os.kill(process.pid or 0, signal.SIGSTOP)
    _cut_sessions(each)
    server.on.clear()
    assert ended(each.start("worker", "--until-idle")) == 0
    before = len(server.accepted)
    os.kill(process.pid or 0, signal.SIGCONT)
    each.wait_until(lambda: not process.is_alive() or set(each.states()) <= {"sent", "unknown"}, "the rest")
    if process.is_alive():
        process.terminate()
    assert ended(process) in {0, 1}, each.log
    each.processes.remove(process)
    # What was on its way when it was stopped may have gone on, and what it held is not claimed by two.
    assert len(server.accepted) - before <= 6
    found = assert_whole(each, copies=6)
    assert found.get("unknown", 0) <= 6


def test_f06_a_stopped_worker_whose_session_was_cut_writes_no_dot_of_what_it_held(
    postgresql_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    """It is stopped when the server is about to let it write; when it goes on, its mails have left by another."""
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, postgresql_url, server, mail={"when_unknown": "again"})
    server.on["DATA"] = reached = Reached(Drip("354 go ahead", 0.1))
    process = each.start("worker")
    reached.by(each, CONNECTIONS)
    os.kill(process.pid or 0, signal.SIGSTOP)
    stopped_at = time.monotonic()
    server.on.clear()
    held = {one.address for one in each.rows(col(Message.state) == MessageState.SENDING)}
    assert len(held) == 2 * CONNECTIONS
    _cut_sessions(each)
    assert ended(each.start("worker", "--until-idle")) == 0
    assert each.states() == {"sent": len(ADDRESSES)}
    time.sleep(max(OWNED_LATELY.total_seconds() + 0.5 - (time.monotonic() - stopped_at), 0))
    os.kill(process.pid or 0, signal.SIGCONT)
    each.wait_until(lambda: "is waited for" in each.log, "the worker to notice")
    assert each.arrived() == Counter(ADDRESSES), "nobody gets two"
    process.terminate()  # while it waits for the database
    assert ended(process) == 0, each.log
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def _cut_sessions(each: Harbour) -> None:
    with each.opened() as app, app.database.engine.connect() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        connection.execute(sa.text(cut + "AND pid <> pg_backend_pid()"))
        connection.commit()


def test_f07_two_workers_on_one_database_submit_everything_once(
    postgresql_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    server: ScriptedServer = stack.enter_context(serving())
    addresses = tuple(f"member{number}@{number % 9}.harbour.example" for number in range(150))
    each = harbour(stack, tmp_path, postgresql_url, server, addresses=addresses, limits={"connections": 4})
    both = [each.start("worker"), each.start("worker")]
    each.wait_until(lambda: len(server.accepted) >= len(addresses), "all mails")
    for process in both:
        process.terminate()
        assert ended(process) == 0
    assert each.arrived() == Counter(addresses)
    assert assert_whole(each) == {"sent": len(addresses)}


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"], ids=["refused", "no such name"])
def test_f08_nobody_there_lets_the_account_rest_and_blames_nobody(
    sqlite_url: str, tmp_path: Path, stack: ExitStack, host: str
) -> None:
    server = stack.enter_context(serving())
    away = {"host": host, "port": free_port(), "security": "none" if host[0].isdigit() else "starttls"}
    each = harbour(stack, tmp_path, sqlite_url, server)
    each.configure(smtp=away)
    assert ended(each.start("worker", "--until-idle")) == 0
    _all_wait(each)
    each.configure(smtp={"host": "127.0.0.1", "port": server.port, "security": "none"})
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def test_f08_a_machine_without_a_route(sqlite_url: str, tmp_path: Path, stack: ExitStack) -> None:
    needs("root", "unshare")
    server = stack.enter_context(serving())
    each = harbour(stack, tmp_path, sqlite_url, server)
    each.configure(smtp={"host": "192.0.2.1", "port": 2525, "security": "starttls"})
    assert ended(each.start_under("unshare", "--net", command=("worker", "--until-idle"))) == 0, each.log
    _all_wait(each)
    each.configure(smtp={"host": "127.0.0.1", "port": server.port, "security": "none"})
    assert assert_whole(each) == {"sent": len(ADDRESSES)}


def _all_wait(each: Harbour) -> None:
    rows = each.rows()
    assert {one.state for one in rows} <= {MessageState.QUEUED, MessageState.DEFERRED}
    assert {one.attempts for one in rows} == {0}
    with each.opened() as app, app.database.reading() as session:
        account = look_at(session)
    assert account.rests(datetime.now(UTC))
    assert not account.needs_person
