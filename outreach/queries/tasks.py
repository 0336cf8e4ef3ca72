"""What the worker was asked to do: one task, a person's own, and all that wait or run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from outreach.domain.tasks import AUTHORISED_BY, ENDED, UNFINISHED, Step, TaskState, TaskVerb
from outreach.store.tables import Call, Document, Task, User
from outreach.store.task_progress import step_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A file that came of a task."""

    document_id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task. ``position`` is its place among those that wait, 1 for the next; 0 for one that does not wait.

    ``sentences`` are what came of it, or why it was refused or failed; ``refused`` the rows of a file that were
    left out; ``figures`` the same in numbers. ``asked_by`` is the log-in name; ``authorised_by`` that of the second
    person who consented, "" where nobody did.
    """

    id: int
    verb: TaskVerb
    state: TaskState
    user_id: int
    asked_by: str
    call_id: int | None
    call: str
    dry_run: bool
    source: str
    position: int
    step: Step
    sentences: tuple[str, ...]
    refused: tuple[str, ...]
    figures: dict[str, Any]
    file: TaskFile | None
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    authorised_by: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has to do it, or is doing it."""
        return self.state in UNFINISHED

    @property
    def took(self) -> timedelta | None:
        """How long the work was; None while it is not over."""
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None


def find_task(session: Session, task_id: int) -> TaskLine | None:
    """The task of that number; None if there is none."""
    found = _lines(session, select(Task).where(Task.id == task_id))
    return found[0] if found else None


def tasks_of(session: Session, user_id: int, *, before: int = 0, limit: int = PAGE) -> list[TaskLine]:
    """What a person asked for, the newest first; ``before``: older ones than that number."""
    return _lines(session, _newest(before, limit).where(Task.user_id == user_id))


def all_tasks(session: Session, *, before: int = 0, limit: int = PAGE) -> list[TaskLine]:
    """What anybody asked for, the newest first."""
    return _lines(session, _newest(before, limit))


def unfinished_tasks(session: Session, *, user_id: int | None = None, limit: int = PAGE) -> list[TaskLine]:
    """What waits or runs, in the order in which it was asked for: of everybody, or of one person."""
    statement = select(Task).where(col(Task.state).in_(UNFINISHED)).order_by(col(Task.id)).limit(limit)
    return _lines(session, statement if user_id is None else statement.where(Task.user_id == user_id))


def _newest(before: int, limit: int) -> Any:
    statement = select(Task).order_by(col(Task.id).desc()).limit(limit)
    return statement.where(col(Task.id) < before) if before else statement


def _lines(session: Session, statement: Any) -> list[TaskLine]:
    tasks = list(session.exec(statement.execution_options(populate_existing=True)))
    users = _by_id(session, User, {one.user_id for one in tasks})
    calls = _by_id(session, Call, {one.call_id for one in tasks})
    files = _by_id(session, Document, {number for one in tasks for number in (one.document_id, one.result_id)})
    return [_line(session, one, users, calls, files) for one in tasks]


def _by_id(session: Session, table: Any, numbers: set[Any]) -> dict[Any, Any]:
    if not numbers - {None}:
        return {}
    return {one.id: one for one in session.exec(select(table).where(table.id.in_(numbers - {None})))}


def _line(
    session: Session, task: Task, users: dict[Any, Any], calls: dict[Any, Any], files: dict[Any, Any]
) -> TaskLine:
    user, call = users.get(task.user_id), calls.get(task.call_id)
    source, result = files.get(task.document_id), files.get(task.result_id)
    outcome = task.outcome if task.state in ENDED else {}
    return TaskLine(
        id=task.id or 0,
        verb=task.verb,
        state=task.state,
        user_id=task.user_id,
        asked_by=user.address if user else "",
        call_id=task.call_id,
        call=call.slug if call else "",
        dry_run=bool(task.given.get("dry_run")),
        source=source.name if source else str(outcome.get("source", "")),
        position=_position(session, task),
        step=step_of(session, task),
        sentences=tuple(outcome.get("sentences", ())),
        refused=tuple(outcome.get("refused", ())),
        figures=dict(outcome.get("figures", {})),
        file=TaskFile(result.id, result.name, result.media_type, result.size) if result else None,
        asked_at=task.asked_at,
        started_at=task.started_at,
        ended_at=task.ended_at,
        authorised_by=str(task.given.get(AUTHORISED_BY, "")),
    )


def _position(session: Session, task: Task) -> int:
    if task.state is not TaskState.WAITING:
        return 0
    ahead = select(func.count()).where(col(Task.state) == TaskState.WAITING, col(Task.id) <= task.id)
    return int(session.exec(ahead).one())
