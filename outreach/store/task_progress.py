"""How far the running task is, seen by everybody while its own transaction is still open.

PostgreSQL: in the task's row, by a transaction of its own. SQLite has one writer, and while a long import writes,
that is the import: there the figures stand in a small file beside the database, as the worker's lock does. It holds
numbers and the name of a stage, is nobody's record, and is gone when the task has ended.
"""

import json
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.errors import Refusal
from outreach.domain.tasks import Step, TaskState
from outreach.store.database import Database
from outreach.store.tables import Task
from outreach.store.tasks import TIMES_BEGUN, times_begun

STAGE = "stage"


def tell_step(database: Database, task: Task, step: Step) -> None:
    """Let everybody see how far the task is. Nothing depends on it: what cannot be told is not told."""
    with suppress(OSError, Refusal):
        if database.is_sqlite:
            _write(_beside(database.engine.url), task.id or 0, step)
            return
        with database.changing() as session:
            session.execute(
                sa.update(Task)
                .where(col(Task.id) == task.id, col(Task.state) == TaskState.RUNNING)
                .where(col(Task.claimed_by) == task.claimed_by)
                .values(
                    done=step.done, total=step.total, outcome={TIMES_BEGUN: times_begun(task), STAGE: step.stage}
                )
            )


def forget_step(database: Database) -> None:
    """No task runs."""
    if database.is_sqlite:
        _beside(database.engine.url).unlink(missing_ok=True)


def step_of(session: Session, task: Task) -> Step:
    """How far the task is."""
    if task.state is TaskState.RUNNING and session.get_bind().dialect.name == "sqlite":
        return _read(_beside(session.get_bind().engine.url), task.id or 0)
    return Step(str(task.outcome.get(STAGE, "")), task.done, task.total)


def _beside(url: sa.URL) -> Path:
    return Path(f"{url.database}.progress")


def _write(path: Path, task_id: int, step: Step) -> None:
    """Whole or not at all, for whoever reads it just then."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps([task_id, step.stage, step.done, step.total]), encoding="utf-8")
    part.replace(path)


def _read(path: Path, task_id: int) -> Step:
    with suppress(OSError, ValueError):
        number, stage, done, total = json.loads(path.read_text(encoding="utf-8"))
        if number == task_id:
            return Step(str(stage), int(done), int(total))
    return Step()
