"""A real worker is killed in the middle of a task: nothing of it stays, and the next one does it once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from outreach.bootstrap import open_workspace
from outreach.domain.tasks import TaskState, TaskVerb
from outreach.queries.tasks import TaskLine, find_task
from outreach.store.database import Database
from outreach.store.tables import Contact, Event
from tests import make, tasks

ROWS = 20_000
IN_SECONDS = 120
CONFIG = """
[workspace]
name = "Lantern Coast"
postal_address = "4 Old Harbour Steps, Brussels"
[database]
url = "{url}"
[sender]
address = "calls@lanterncoast.coop"
"""


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with a workspace on each kind of database."""
    config = CONFIG.format(url=request.getfixturevalue(request.param))
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    return tmp_path


@pytest.fixture
def started(workspace: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The workers that a test has started; they are ended with it."""
    every: list[subprocess.Popen[bytes]] = []
    yield every
    for one in every:
        if one.poll() is None:
            one.kill()
        one.wait(20)


def start(workspace: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with (workspace / "worker.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-m", "outreach", "--workspace", str(workspace), "worker", *arguments],
            stdout=log,
            stderr=log,
            cwd=make.ROOT,
        )


def look(database: Database, number: int) -> TaskLine:
    with database.reading() as session:
        found = find_task(session, number)
    assert found is not None
    return found


def contacts(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Contact)).one()


@pytest.mark.shows("F3")
def test_a_task_whose_worker_is_killed_while_it_writes_is_done_once_by_the_next(
    workspace: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    app = open_workspace(workspace)
    number = tasks.asked(
        app.database,
        TaskVerb.IMPORT_CONTACTS,
        tasks.rosa(app.database),
        file=("many.csv", tasks.people(ROWS)),
        now=app.clock.now(),
    )
    first = start(workspace)
    started.append(first)
    end = time.monotonic() + IN_SECONDS
    while (seen := look(app.database, number)).step.stage != "writing":
        assert first.poll() is None, (workspace / "worker.log").read_text()
        assert time.monotonic() < end, seen
        time.sleep(0.01)
    assert seen.state is TaskState.RUNNING
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    with app.database.reading() as session:
        assert contacts(session) == 0, "its transaction went with it"
    assert look(app.database, number).state is TaskState.RUNNING

    second = start(workspace, "--until-idle")
    started.append(second)
    assert second.wait(IN_SECONDS) == 0
    assert look(app.database, number).state is TaskState.DONE
    with app.database.reading() as session:
        assert contacts(session) == ROWS
        verbs = session.exec(select(Event.verb).order_by(Event.id)).all()  # type: ignore[arg-type]
    assert verbs == ["ask_for_task", "import_contacts", "end_task"]
    assert "member" not in (workspace / "worker.log").read_text(encoding="utf-8")
    app.database.close()
