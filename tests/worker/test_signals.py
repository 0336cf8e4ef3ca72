"""The worker as a process: told to stop, it leaves nothing in doubt; killed, it leaves no more than it held."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from outreach.bootstrap import Outreach, open_workspace
from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.domain.deadlines import parse_wall_clock
from outreach.store.database import Database
from outreach.store.ownership import owning
from outreach.worker.lanes import SLOTS
from tests import make
from tests.parts.answers import Dialogue
from tests.parts.servers import After, Answer, Drip, Hang, ScriptedServer, Taken, serving
from tests.stage import submit
from tests.worker.setting import invite, states

CONNECTIONS = 3
ADDRESSES = [f"member{number}@{domain}.example" for number in range(8) for domain in ("quay", "pier", "harbour")]
SLOWLY = Drip("250 2.0.0 taken", 0.05)
IN_SECONDS = 20


class Reached:
    """A script's function: notes that a connection (of a number, or any) has come this far, then does ``then``."""

    def __init__(self, then: Answer, *, connection: int = 0) -> None:
        self._then = then
        self._connection = connection
        self._comers = threading.Semaphore(0)

    def __call__(self, dialogue: Dialogue) -> Answer | None:
        if self._connection not in (0, dialogue.number):
            return None
        self._comers.release()
        return self._then

    def by(self, harbour: "Harbour", times: int = 1) -> None:
        """Block until the worker came this far so often; fail with its log if it ended."""
        for _ in range(times):
            while not self._comers.acquire(timeout=0.2):
                assert harbour.process is not None
                assert harbour.process.poll() is None, harbour.log


@dataclass
class Harbour:
    """A workspace in a folder whose mails go to a server of the test's."""

    folder: Path
    server: ScriptedServer
    process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a real worker."""
        log = (self.folder / "worker.log").open("ab")
        with log:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter
                [sys.executable, "-m", "outreach", "--workspace", str(self.folder), *arguments],
                stdout=log,
                stderr=log,
                cwd=make.ROOT,
            )
        return self.process

    @property
    def log(self) -> str:
        """What the worker said."""
        return (self.folder / "worker.log").read_text(encoding="utf-8")

    @contextmanager
    def opened(self, **mail: str) -> Iterator[Outreach]:
        """The workspace, opened here, with other settings for mail if need be."""
        app = open_workspace(self.folder)
        settings = app.house.settings
        changed = Settings.model_validate({**settings.model_dump(), "mail": {**settings.mail.model_dump(), **mail}})
        yield replace(app, house=House(changed, app.house.salt, app.house.link_key))
        app.database.close()

    def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        with self.opened() as app:
            return states(app.database)

    def arrived(self) -> Counter[str]:
        """How many copies each address got."""
        return Counter(mail.recipients[0] for mail in self.server.accepted)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Whatever must be ended at the end."""
    with ExitStack() as ending:
        yield ending


def harbour(
    stack: ExitStack, folder: Path, url: str, *, connections: int = CONNECTIONS, web_port: int = 8080
) -> Harbour:
    """A workspace with two dozen people invited at three domains."""
    server = stack.enter_context(serving())
    tables = {
        "workspace": {"name": '"Lantern Coast"', "postal_address": '"4 Old Harbour Steps, Brussels"'},
        "database": {"url": f'"{url}"'},
        "sender": {"address": '"calls@lanterncoast.coop"'},
        "mail": {"transport": '"smtp"'},
        "smtp": {"port": str(server.port), "security": '"none"', "hello_name": '"localhost"'},
        "limits": {"connections": str(connections)},
        "web": {"port": str(web_port)},
    }
    text = "\n".join(
        f"[{name}]\n" + "\n".join(f"{k} = {v}" for k, v in table.items()) for name, table in tables.items()
    )
    (folder / "config.toml").write_text(text, encoding="utf-8")
    app, now = open_workspace(folder), datetime.now(UTC)
    deadline = parse_wall_clock(f"{now + timedelta(days=40):%Y-%m-%d} 17:00 America/Los_Angeles")
    invite(app.database, app.house, ADDRESSES, now=now, deadline=deadline, release=None)
    app.database.close()
    made = Harbour(folder, server)
    stack.callback(end, made)
    return made


def end(harbour: Harbour) -> None:
    if harbour.process and harbour.process.poll() is None:
        harbour.process.kill()
        harbour.process.wait(20)


# Killed.

PHASES: dict[str, Answer] = {
    "GREETING": Hang(),
    "EHLO": Hang(),
    "MAIL": Hang(),
    "RCPT": Hang(),
    "DATA": Hang(),
    "BODY": After(200, Hang()),
    "DOT": Taken(Hang()),
}


@pytest.mark.shows("F2")
def test_a_worker_killed_at_every_phase_leaves_in_doubt_what_it_held_and_nobody_gets_a_third_copy(
    tmp_path: Path, stack: ExitStack, sqlite_url: str
) -> None:
    """Each of its connections has come as far as another phase, the last one past the final dot.

    Behind each of these mails another one waits, which is in doubt as well.
    """
    each = harbour(stack, tmp_path, sqlite_url, connections=len(PHASES))
    phases = {
        verb: Reached(answer, connection=number) for number, (verb, answer) in enumerate(PHASES.items(), start=1)
    }
    each.server.on.update(phases)
    each.start("worker")
    for phase in phases.values():
        phase.by(each)
    _killed(each)
    _recovers(each, doubts=SLOTS * len(PHASES), copies=1)


def _killed(each: Harbour) -> None:
    end(each)
    each.server.on.clear()


def _recovers(each: Harbour, *, doubts: int, copies: int) -> None:
    others = len(ADDRESSES) - doubts
    assert each.arrived().total() == copies
    with each.opened() as app:
        submit(app)
        assert states(app.database) == {"unknown": doubts, "sent": others}
        assert each.arrived().total() == copies + others, "what is in doubt waits for a person"
    with each.opened(when_unknown="again") as app:
        submit(app)
        submit(app)
        assert states(app.database) == {"sent": len(ADDRESSES)}
    assert each.arrived().total() == copies + len(ADDRESSES)
    assert max(each.arrived().values()) == 2


@pytest.mark.shows("F2")
def test_what_a_killed_worker_left_in_postgresql_is_in_doubt(
    postgresql: Database, postgresql_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    each = harbour(stack, tmp_path, postgresql_url)
    each.server.on["DOT"] = dot = Reached(Taken(Hang()))
    each.start("worker")
    dot.by(each, CONNECTIONS)
    _killed(each)
    _recovers(each, doubts=SLOTS * CONNECTIONS, copies=CONNECTIONS)


# Told to stop.


@pytest.mark.shows("F5")
@pytest.mark.parametrize(("command", "number"), [("worker", signal.SIGTERM), ("run", signal.SIGINT)])
def test_what_is_told_to_stop_finishes_what_is_in_flight_and_nothing_else(
    tmp_path: Path, stack: ExitStack, sqlite_url: str, command: str, number: signal.Signals
) -> None:
    each = harbour(stack, tmp_path, sqlite_url, web_port=_free_port())
    each.server.on["DOT"] = dot = Reached(SLOWLY)
    process = each.start(command)
    dot.by(each)
    process.send_signal(number)
    assert process.wait(IN_SECONDS) == 0, each.log
    found = each.states()
    assert set(found) == {"sent", "queued"}
    assert found["sent"] == len(each.server.accepted) <= SLOTS * CONNECTIONS
    assert "Traceback" not in each.log


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.mark.shows("F7")
def test_a_second_worker_on_sqlite_says_who_is_there_and_when_alone_leaves_when_all_is_done(
    tmp_path: Path, stack: ExitStack, sqlite_url: str
) -> None:
    each = harbour(stack, tmp_path, sqlite_url)
    with each.opened() as app, owning(app.database):
        assert each.start("worker", "--until-idle").wait(60) == 1
    assert f"(process {os.getpid()} on {socket.gethostname()})" in each.log
    assert each.states() == {"queued": len(ADDRESSES)}

    assert each.start("worker", "--until-idle").wait(60) == 0, each.log
    assert each.states() == {"sent": len(ADDRESSES)}
    assert each.arrived() == dict.fromkeys(ADDRESSES, 1)


@pytest.mark.shows("F30")
def test_what_can_no_longer_write_stops_with_a_sentence_and_without_names(
    tmp_path: Path, stack: ExitStack, sqlite_url: str
) -> None:
    each = harbour(stack, tmp_path, sqlite_url, web_port=_free_port())
    with each.opened() as app, app.database.engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TRIGGER no BEFORE UPDATE OF state ON message WHEN OLD.state = 'sending' "
                "BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END"
            )
        )
    assert each.start("run").wait(60) == 1
    assert "disk is on fire" in each.log
    assert "nothing more is submitted" in each.log
    assert "Traceback" not in each.log
    assert "member" not in each.log
    assert each.states()["sending"] <= SLOTS * CONNECTIONS
    assert len(each.server.accepted) <= SLOTS * CONNECTIONS
