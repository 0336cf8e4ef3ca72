"""Tasks in the database: asked for once, claimed in their order, ended with the work itself, or put back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.domain.states import move
from outreach.domain.tasks import ASKS, ENDED, TASK_MOVES, UNFINISHED, TaskState, TaskVerb
from outreach.store.ownership import owns
from outreach.store.tables import Document, DocumentContent, Task

TIMES_BEGUN = "begun"
"""In the outcome of a task that runs: how often it was begun, this time included."""
MOST_BEGUN = 3
"""A task under which the worker dies each time would keep all others from being done."""


def hold_asking(session: Session) -> None:
    """Let nobody else ask for a task until the transaction ends: two clicks at once are looked at in turn."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_key("asking for a task"))))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def the_same_unfinished(
    session: Session, verb: TaskVerb, call_id: int | None, given: Mapping[str, Any], document: Document | None
) -> Task | None:
    """A task that is not over and would do the same as one with these; None if there is none."""
    statement = select(Task).where(Task.verb == verb, col(Task.state).not_in(ENDED))
    for task in session.exec(statement.where(col(Task.call_id).is_not_distinct_from(call_id))):
        if ASKS[verb].alone or (_same(task.given, given) and _same_file(session, task, document)):
            return task
    return None


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(dict(other), sort_keys=True)


def _same_file(session: Session, task: Task, document: Document | None) -> bool:
    other = session.get(Document, task.document_id) if task.document_id else None
    return (other.sha256 if other else "") == (document.sha256 if document else "")


def anything_to_do(session: Session) -> bool:
    """Whether a task waits, or one is held that may be of a dead owner; one look at an index."""
    unfinished = sa.select(col(Task.id)).where(col(Task.state).in_(UNFINISHED)).limit(1)
    return session.execute(unfinished).first() is not None


def claim_task(session: Session, owner: str, *, now: datetime) -> Task | None:
    """The oldest task that waits becomes the owner's; None when none may begin now.

    One waits for those before it that are about the same call, or do the same: what was asked for first is done
    first, by however many workers.
    """
    earlier = aliased(Task)
    before = sa.exists().where(
        col(earlier.id) < col(Task.id),
        col(earlier.state).in_(UNFINISHED),
        sa.or_(col(earlier.verb) == col(Task.verb), col(earlier.call_id) == col(Task.call_id)),
    )
    statement = (
        select(Task)
        .where(Task.state == TaskState.WAITING, ~before)
        .order_by(col(Task.id))
        .limit(1)
        .with_for_update(of=Task, skip_locked=True)
    )
    task = session.exec(statement).first()
    if task is None:
        return None
    task.state = move(task.state, TaskState.RUNNING, TASK_MOVES)
    task.claimed_by, task.started_at = owner, now
    task.done = task.total = 0
    task.outcome = {TIMES_BEGUN: times_begun(task) + 1}
    session.add(task)
    session.flush()
    return task


def times_begun(task: Task) -> int:
    """How often the task was begun so far."""
    return int(task.outcome.get(TIMES_BEGUN, 0))


def end_task(
    session: Session,
    task_id: int,
    owner: str,
    state: TaskState,
    outcome: Mapping[str, Any],
    *,
    result_id: int | None = None,
    steps: int = 0,
    now: datetime,
) -> None:
    """The task has ended; in the transaction of the work itself, so that both are done or neither is.

    Raises LostClaim when the task is no longer the owner's: somebody else does it, and this must be undone.
    """
    move(TaskState.RUNNING, state, TASK_MOVES)
    ended = (
        sa.update(Task)
        .where(col(Task.id) == task_id, col(Task.state) == TaskState.RUNNING, col(Task.claimed_by) == owner)
        .values(
            state=state,
            outcome=dict(outcome),
            result_id=result_id,
            ended_at=now,
            claimed_by="",
            done=steps,
            total=steps,
        )
    )
    if session.execute(ended, execution_options={"preserve_rowcount": True}).rowcount != 1:  # type: ignore[attr-defined]
        raise LostClaim


class LostClaim(Refusal):
    """The task went to another worker meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "The database took this worker for dead, and the task is another's now; nothing was changed."
        )


def put_back(session: Session, task_id: int, owner: str) -> None:
    """The task waits again, as if it had not been begun: the worker was told to stop, or the database was busy."""
    session.execute(_waits_again().where(col(Task.id) == task_id, col(Task.claimed_by) == owner).values(outcome={}))


def put_back_of_the_dead(session: Session, owner: str) -> int:
    """Running tasks whose owner is dead wait again; how many. ``owner`` asks, and is doing none itself."""
    held = sa.select(col(Task.claimed_by)).where(col(Task.state) == TaskState.RUNNING).distinct()
    # On SQLite the caller holds the only lock there is.
    dead = [one for one in session.execute(held).scalars() if one == owner or not _alive(session, one)]
    if not dead:
        return 0
    back = session.execute(
        _waits_again().where(col(Task.claimed_by).in_(dead)), execution_options={"preserve_rowcount": True}
    )
    return int(back.rowcount)  # type: ignore[attr-defined]


def _alive(session: Session, owner: str) -> bool:
    return session.get_bind().dialect.name != "sqlite" and owns(session, owner)


def _waits_again() -> Any:
    move(TaskState.RUNNING, TaskState.WAITING, TASK_MOVES)
    return (
        sa.update(Task)
        .where(col(Task.state) == TaskState.RUNNING)
        .values(state=TaskState.WAITING, claimed_by="", started_at=None, done=0, total=0)
    )


def drop_document(session: Session, document_id: int) -> None:
    """A file that came or went with tasks is gone for good; its tasks stay, without it."""
    for column in (Task.document_id, Task.result_id):
        session.execute(sa.update(Task).where(col(column) == document_id).values({column: None}))
    session.execute(sa.delete(DocumentContent).where(col(DocumentContent.document_id) == document_id))
    session.execute(sa.delete(Document).where(col(Document.id) == document_id))


def is_wanted(session: Session, document_id: int) -> bool:
    """Whether a task that waits or runs still needs the document."""
    wanted = sa.select(col(Task.id)).where(col(Task.document_id) == document_id, col(Task.state).in_(UNFINISHED))
    return session.execute(wanted.limit(1)).first() is not None


def files_of_tasks(session: Session, *, ended_before: datetime, most: int = 100) -> list[int]:
    """Documents of tasks that ended before then, and that no other task needs: so many at most."""
    found: set[int] = set()
    for column in (col(Task.document_id), col(Task.result_id)):
        old = sa.select(column).where(column.is_not(None), col(Task.ended_at) < ended_before).limit(most)
        found |= set(session.execute(old).scalars())
    return sorted(number for number in found if not is_wanted(session, number))


def _wordy(ended_before: datetime) -> Any:
    said = sa.cast(col(Task.outcome), sa.Text).like('%"sentences"%')
    return select(Task).where(col(Task.ended_at) < ended_before, said)


def has_words(session: Session, *, ended_before: datetime) -> bool:
    """Whether of a task that ended before then more is known than figures."""
    return session.exec(_wordy(ended_before).limit(1)).first() is not None


def forget_words(session: Session, *, ended_before: datetime, most: int = 100) -> None:
    """What was said of tasks that ended before then is forgotten, for it quotes people's data; the figures stay."""
    for task in session.exec(_wordy(ended_before).limit(most)):
        task.outcome = {name: task.outcome[name] for name in ("figures",) if name in task.outcome}
        session.add(task)
