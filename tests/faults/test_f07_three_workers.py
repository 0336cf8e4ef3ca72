"""F1, F6, F7, F37 in one story: three workers on one database; one dies, one stands still, the server restarts."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from outreach.store import leading
from outreach.store.ownership import WORKING
from outreach.worker.engine import OWNED_LATELY
from tests.faults.harbour import CONNECTIONS, Harbour, assert_whole, ended, harbour
from tests.faults.sink import recording
from tests.faults.test_f37_f44_servers_and_versions import restart

PEOPLE = tuple(f"member{number}@{number % 9}.harbour.example" for number in range(200))
AN_HOUR = 120
WORKERS = 3
HELD = sa.text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = :key AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.mark.shows("F1", "F6", "F37")
def test_f07_three_workers_of_which_one_is_killed_and_one_stopped_while_their_database_restarts(
    postgresql_url: str, postgres_admin: sa.Engine, tmp_path: Path, stack: ExitStack
) -> None:
    sink = stack.enter_context(recording(tmp_path / "taken", longest=0.1))
    each = harbour(
        stack,
        tmp_path,
        postgresql_url,
        sink,
        addresses=PEOPLE,
        limits={"per_hour": AN_HOUR},
        mail={"when_unknown": "again"},
    )
    killed, stopped, steady = (each.start() for _ in range(WORKERS))
    each.wait_until(lambda: _holders(each, WORKING) == WORKERS and sink.taken >= 20, "all three to be at work")
    killed.kill()
    assert ended(killed) == -signal.SIGKILL
    each.wait_until(lambda: sink.taken >= 35, "the others to go on")

    os.kill(stopped.pid or 0, signal.SIGSTOP)
    stood_still_at = time.monotonic()
    restart(postgres_admin)
    before = sink.taken
    each.wait_until(lambda: sink.taken >= before + 10, "the last of them to go on alone")
    time.sleep(max(OWNED_LATELY.total_seconds() + 0.5 - (time.monotonic() - stood_still_at), 0))
    os.kill(stopped.pid or 0, signal.SIGCONT)

    each.wait_until(lambda: _holders(each, WORKING) == WORKERS - 1, "the one that stood still to begin anew")
    each.wait_until(lambda: len(each.arrived()) >= AN_HOUR * 3 // 4, "what the limit allows")
    time.sleep(1)  # more would leave by now
    assert len(each.arrived()) <= AN_HOUR, "all together they have kept to the limit"
    assert _holders(each, leading.LOCK) == 1, "one of them rings"
    for process in (stopped, steady):
        process.terminate()
        assert ended(process) == 0, each.log

    each.configure(limits={"per_hour": 100_000})
    sink.longest = 0.01
    found = assert_whole(each, copies=WORKERS * CONNECTIONS)
    assert found["sent"] + found.get("unknown", 0) == len(PEOPLE)


def _holders(each: Harbour, key: int) -> int:
    with each.opened() as app, app.database.reading() as session:
        return int(session.execute(HELD, {"key": key}).scalar_one())
