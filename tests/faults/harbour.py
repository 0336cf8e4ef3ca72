"""A workspace in a folder with real workers, killed and stopped at will, and what must hold after every fault."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlmodel import Session, col, select

from outreach.bootstrap import Outreach, open_workspace
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.accounts import wake
from outreach.store.database import Database
from outreach.store.tables import Attempt, Message
from outreach.store.vitals import damage
from outreach.usecases.start_mail import start_mail
from tests import make
from tests.faults.nursery import run_command
from tests.logged import faults
from tests.parts import missing_part
from tests.parts.servers import ScriptedServer
from tests.stage import submit
from tests.worker.setting import invite, states

CONNECTIONS = 3
ADDRESSES = tuple(
    f"member{number}@{domain}.example" for number in range(4) for domain in ("quay", "pier", "harbour")
)
SECRETS = ("the-accounts-password", "the-databases-password")
IN_SECONDS = 60
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # where Debian keeps what only root needs

_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.faults.rehearsed"])


class Sink(Protocol):
    """Where a test's mails go: its port, and who has got how many copies."""

    @property
    def port(self) -> int: ...

    def arrived(self) -> Counter[str]: ...


def needs(*parts: str) -> None:
    """Skip the test, and say why, where the machine has not got a program, or the right (``root``)."""
    for part in parts:
        there = os.geteuid() == 0 if part == "root" else shutil.which(part, path=PATH) is not None
        if not there:
            missing_part(part)


@dataclass
class Harbour:
    """A workspace in a folder; ``tables`` are the sections of its config.toml as it stands."""

    folder: Path
    server: Any
    tables: dict[str, dict[str, Any]]
    everybody: list[str]
    processes: list[ForkServerProcess | subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        """Whether its database is a file."""
        return str(self.tables["database"]["url"]).startswith("sqlite")

    # Its processes.

    def start(self, *arguments: str) -> ForkServerProcess:
        """Start a real worker, or another command: forked from a process that has read the program already."""
        words = ["--workspace", str(self.folder), *(arguments or ("worker",))]
        process = _FORKING.Process(target=run_command, args=(words, str(self.folder / "worker.log")))
        process.start()
        self.processes.append(process)
        return process

    def start_under(
        self, *wrapper: str, command: tuple[str, ...] = ("worker",), **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a real worker under another program (strace, faketime, prlimit ...)."""
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own interpreter
                [*wrapper, sys.executable, "-m", "outreach", "--workspace", str(self.folder), *command],
                stdout=log,
                stderr=log,
                cwd=make.ROOT,
                env={**os.environ, "PATH": PATH, **environment},
            )
        self.processes.append(process)
        return process

    def command(self, *arguments: str, by: str = "Rosa") -> None:
        """Another command of the program, in a process of its own, that must succeed."""
        assert ended(self.start("--by", by, *arguments)) == 0, self.log

    def end(self) -> None:
        """Kill whatever of it still runs."""
        for process in self.processes:
            if process.pid is not None and _runs(process):
                os.kill(process.pid, signal.SIGCONT)
                process.kill()
            ended(process)

    @property
    def log(self) -> str:
        """What the workers said."""
        path = self.folder / "worker.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def wait_until(self, met: Callable[[], bool], what: str, seconds: float = IN_SECONDS) -> None:
        """Look again and again; the log is shown when it does not come about."""
        end = time.monotonic() + seconds
        while not met():
            dead = [each for each in self.processes if not _runs(each) and _code(each) not in {0, -signal.SIGKILL}]
            assert not dead, f"a process has failed; the log:\n{self.log[-3000:]}"
            assert time.monotonic() < end, f"waited {seconds} s for {what}; the log:\n{self.log[-3000:]}"
            time.sleep(0.01)

    # Its settings and its database.

    def configure(self, **sections: Mapping[str, Any]) -> None:
        """Change settings."""
        for name, values in sections.items():
            self.tables.setdefault(name, {}).update(values)
        text = ""
        for name, values in self.tables.items():
            text += f"[{name}]\n"
            for key, value in values.items():
                if key == "password":  # it may not stand in the file
                    (self.folder / "secrets").mkdir(exist_ok=True)
                    (self.folder / "secrets" / f"{name}__{key}").write_text(value, encoding="utf-8")
                else:
                    text += f"{key} = {_toml(value)}\n"
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    @contextmanager
    def opened(self) -> Iterator[Outreach]:
        """The workspace, opened here."""
        app = open_workspace(self.folder)
        try:
            yield app
        finally:
            app.database.close()

    def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        with self.opened() as app:
            return states(app.database)

    def rows(self, *conditions: Any) -> list[Message]:
        """The messages as they are now."""
        with self.opened() as app, app.database.reading() as session:
            return make.messages(session, *conditions)

    def change(self, what: Callable[[Session], object]) -> None:
        """Somebody at another machine changes something."""
        with self.opened() as app, app.database.changing() as session:
            what(session)

    def arrived(self) -> Counter[str]:
        """How many copies each address got."""
        if isinstance(self.server, ScriptedServer):
            return Counter(mail.recipients[0] for mail in list(self.server.accepted))
        arrived: Counter[str] = self.server.arrived()
        return arrived


def ended(process: ForkServerProcess | subprocess.Popen[bytes], seconds: float = IN_SECONDS) -> int:
    """The exit code of a process, once it has ended (it is killed if it does not)."""
    if isinstance(process, subprocess.Popen):
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
            raise
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join(10)
        raise TimeoutError(f"the process did not end within {seconds} s")
    return process.exitcode


def _runs(process: ForkServerProcess | subprocess.Popen[bytes]) -> bool:
    return process.poll() is None if isinstance(process, subprocess.Popen) else process.exitcode is None


def _code(process: ForkServerProcess | subprocess.Popen[bytes]) -> int | None:
    return process.returncode if isinstance(process, subprocess.Popen) else process.exitcode


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


def harbour(
    stack: ExitStack,
    folder: Path,
    url: str,
    server: Any,
    *,
    addresses: tuple[str, ...] = ADDRESSES,
    **sections: Mapping[str, Any],
) -> Harbour:
    """A workspace with people invited at three domains, whose mails go to ``server``."""
    tables: dict[str, dict[str, Any]] = {
        "workspace": {"name": "Lantern Coast", "postal_address": "4 Old Harbour Steps, Brussels"},
        "database": {"url": url},
        "sender": {"address": "calls@lanterncoast.coop"},
        "mail": {"transport": "smtp"},
        "smtp": {
            "port": server.port,
            "security": "none",
            "hello_name": "localhost",
            "timeout_seconds": 5.0,
        },
        "limits": {
            "connections": CONNECTIONS,
            "per_minute": 100_000,
            "per_hour": 100_000,
            "per_day": 100_000,
            "domain_per_minute": 100_000,
        },
        "schedule": {"ring_seconds": 0.5},
        "web": {"port": free_port()},
    }
    made = Harbour(folder, server, tables, list(addresses))
    made.configure(**sections)
    if addresses:
        launch(made, addresses)
    stack.callback(made.end)
    return made


def launch(made: Harbour, addresses: tuple[str, ...]) -> None:
    """These people are invited to a call whose deadline is forty days away."""
    with made.opened() as app:
        invite(
            app.database,
            app.house,
            addresses,
            now=datetime.now(UTC),
            deadline=forty_days_ahead(),
            release=None,
        )


def forty_days_ahead() -> WallClock:
    """A deadline that is far enough away."""
    return parse_wall_clock(f"{datetime.now(UTC) + timedelta(days=40):%Y-%m-%d} 17:00 America/Los_Angeles")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Whatever must be ended at the end."""
    with ExitStack() as ending:
        yield ending


# What must hold after every fault.


def assert_whole(each: Harbour, *, copies: int = 0, finish: bool = True) -> dict[str, int]:
    """The invariants of docs/reliability.md; how many messages are in each state when all that can go has gone.

    ``copies``: how many second copies there may be. With ``finish`` the account is woken, the clock is turned
    until everything deferred is due, and the rest goes out; what is in doubt stays so.
    """
    each.end()
    _starts_clean(each)
    with each.opened() as app:
        with app.database.changing() as session:
            halt = start_mail(session, now=datetime.now(UTC), by="Rosa")
        if halt:  # too many had died: somebody has looked
            _starts_clean(each)
        if finish:
            _finish(app)
        _assert_ledger(app.database, each)
        found = states(app.database)
        keys = (app.database.salt.hex(), app.database.link_key.hex())
    _assert_mails(each, copies=copies)
    for secret in (*SECRETS, *keys):
        assert secret not in each.log, "a secret in the log"
    assert "member" not in each.log, "an address in the log"
    assert "Traceback" not in each.log, each.log[-3000:]
    return found


def _starts_clean(each: Harbour) -> None:
    """A worker starts again and ends; it is given a second for each ten mails that it may have to send first."""
    seconds = IN_SECONDS + len(each.rows(col(Message.state).in_(PUT_BACK))) / 10
    again = each.start("worker", "--until-idle")
    assert ended(again, seconds) == 0, f"it does not start again:\n{each.log[-3000:]}"


def _finish(app: Outreach) -> None:
    clock = make.TurnedClock(datetime.now(UTC))
    for _ in range(3):
        clock.turn(timedelta(hours=6))
        with app.database.changing() as session:
            wake(session, clock.now())
        submit(replace(app, clock=clock))


def _assert_ledger(database: Database, each: Harbour) -> None:
    assert damage(database, 60) == "", "the database's own check"
    assert faults(database) == (), "the log of who did what is whole"
    with database.reading() as session:
        messages = make.messages(session)
        histories: dict[int, list[MessageState]] = {}
        for one in session.exec(select(Attempt).order_by(col(Attempt.id))):
            histories.setdefault(one.message_id, []).append(one.state)
    assert len([one for one in messages if one.kind is MessageKind.INVITATION]) == len(each.everybody)
    for message in messages:
        assert message.state is not MessageState.SENDING, f"{message.id} is in sending, and nobody submits it"
        _assert_history(message, histories.get(message.id or 0, []))


PUT_BACK = {MessageState.QUEUED, MessageState.CANCELLED, MessageState.EXPIRED, MessageState.HELD}
"""States that no attempt leads to."""


def _assert_history(message: Message, history: list[MessageState]) -> None:
    """Each attempt has its line, and the state is that of the last one, unless it was put back since."""
    if message.state not in PUT_BACK:
        assert history, f"message {message.id} is {message.state.value} without a history"
        assert history[-1] is message.state, f"message {message.id} is {message.state.value} after {history}"
    written = sum(state in {MessageState.SENT, MessageState.UNKNOWN} for state in history)
    assert message.copies <= 2, f"message {message.id} was submitted {message.copies} times"
    assert message.copies <= written <= message.copies + 1, f"message {message.id}: {message.copies}, {history}"
    assert message.attempts <= len(history)


def _assert_mails(each: Harbour, *, copies: int) -> None:
    arrived = each.arrived()
    by_address: dict[str, MessageState] = {one.address: one.state for one in each.rows()}
    for address in arrived:
        assert by_address[address] in {MessageState.SENT, MessageState.UNKNOWN}, "somebody got it who should not"
    lost = [address for address, state in by_address.items() if state is MessageState.SENT and not arrived[address]]
    assert lost == [], "sent, and never arrived"
    assert max(arrived.values(), default=0) <= 2, "a third copy"
    assert sum(count - 1 for count in arrived.values()) <= copies, "more copies than the bound"
    assert set(by_address) >= set(each.everybody), "a row has gone"
