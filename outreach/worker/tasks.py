"""The tasks' thread: does what people asked for, one task at a time, in the order in which they asked.

The work writes in one transaction, and the task ends in it: whatever kills the worker, both are done or neither is.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlmodel import Session

from outreach.bootstrap import Outreach
from outreach.domain.errors import Busy, Refusal
from outreach.domain.tasks import ASKS, DRY_RUN, Step, TaskState, TaskVerb
from outreach.domain.users import EVERYTHING, UserState, may
from outreach.store.documents import content_of
from outreach.store.events import record
from outreach.store.tables import Document, Task, User
from outreach.store.task_progress import forget_step, tell_step
from outreach.store.tasks import (
    MOST_BEGUN,
    LostClaim,
    anything_to_do,
    claim_task,
    drop_document,
    end_task,
    files_of_tasks,
    forget_words,
    has_words,
    is_wanted,
    put_back,
    put_back_of_the_dead,
    times_begun,
)
from outreach.store.users import roles_held
from outreach.worker.jobs.handlers import HANDLERS
from outreach.worker.jobs.job import Ending, Handler, Job, Stopping
from outreach.worker.trouble import described

LOOK_SECONDS: Final = 2.0
"""How long a task waits at most that was asked for in another process, or on another machine."""
AGAIN_SECONDS: Final = 0.1
"""How long it waits after a look that failed; twice as long after each further one, up to LOOK_SECONDS."""
TOLD_EVERY: Final = 0.25
"""In seconds: how often a task's progress is written at most."""
KEPT: Final = timedelta(days=30)
"""How long the files of tasks that have ended can be fetched, and what was said of them be read."""
CLEARED_EVERY: Final = timedelta(hours=1)
MOST_SAID: Final = 1_000
"""Sentences that are kept of one task."""

BROKEN: Final = "Something broke. The worker's log says where: look for task {}."
DEADLY: Final = (
    f"The worker died {MOST_BEGUN} times while it did this, so it is not begun again. Tell your operator."
)

log = structlog.get_logger(__name__)


class Tasks:
    """Does the tasks of one owner. ``on_change`` is called, in this thread, when one may have queued mail."""

    def __init__(
        self,
        app: Outreach,
        owner: str,
        on_change: Callable[[], object] = lambda: None,
        *,
        handlers: Mapping[TaskVerb, Handler] = HANDLERS,
    ) -> None:
        self._app = app
        self._owner = owner
        self._on_change = on_change
        self._handlers = handlers
        self._wake = threading.Event()
        self._stopping = False
        self._cleared_at: datetime | None = None

    def wake(self) -> None:
        """Somebody may have asked for something: look now."""
        self._wake.set()

    def stop(self) -> None:
        """Begin nothing more; what is being done is undone at its next step, and waits again."""
        self._stopping = True
        self._wake.set()

    def run(self) -> None:
        """Do what is asked for until stopped. Whatever happens, the next look may go better."""
        failed = 0
        while not self._stopping:
            self._wake.clear()
            rest = LOOK_SECONDS
            try:
                self.once()
                self.clear_old()
                failed = 0
            except Exception as error:  # noqa: BLE001  as above
                log.error("the tasks cannot be looked at, and are again", why=described(error))  # noqa: TRY400  no traceback: it may quote names
                rest = min(AGAIN_SECONDS * 2.0 ** min(failed, 10), LOOK_SECONDS)
                failed += 1
            self._wake.wait(rest)

    def once(self) -> int:
        """Do all that waits; how many tasks have ended."""
        count = 0
        while not self._stopping and (task := self._claim()) is not None:
            if not self._do(task):
                break  # it waits for a better moment
            count += 1
        return count

    def _claim(self) -> Task | None:
        with self._app.database.reading() as session:
            if not anything_to_do(session):
                return None
        with self._app.database.changing() as session:
            put_back_of_the_dead(session, self._owner)
            return claim_task(session, self._owner, now=self._app.clock.now())

    def _do(self, task: Task) -> bool:
        """Whether the task has ended here, whatever came of it."""
        if times_begun(task) > MOST_BEGUN:
            log.error("a task is given up", task=task.id, verb=task.verb.value, why="the worker died under it")
            self._end(task, TaskState.FAILED, (DEADLY,))
            return True
        log.info("a task begins", task=task.id, verb=task.verb.value)
        ended = True
        try:
            self._work(task)
        except (Stopping, Busy) as back:
            log.info("a task waits again", task=task.id, why=str(back) or "the worker ends")
            self._put_back(task)
            ended = False
        except LostClaim as lost:
            log.warning("a task was undone", task=task.id, why=str(lost))
            ended = False
        except Refusal as refusal:
            self._end(task, TaskState.REFUSED, refusal.reasons)
        except Exception as error:  # noqa: BLE001  one task that breaks must not stop the others
            log.error("a task failed", task=task.id, verb=task.verb.value, why=described(error))  # noqa: TRY400  as above
            self._end(task, TaskState.FAILED, (BROKEN.format(task.id),))
        finally:
            forget_step(self._app.database)
        self._on_change()
        return ended

    def _work(self, task: Task) -> None:
        now, database = self._app.clock.now(), self._app.database
        with tempfile.TemporaryDirectory(prefix="outreach-task-") as name:
            folder = Path(name)
            with database.reading() as session:
                by = _who_asked(session, task)
                document = _written(session, task, folder)
            file = folder / document.name if document else None
            job = Job(self._app, task, by, now, folder, file, _Telling(self, task))
            finish = self._handlers[task.verb](job)
            if task.given.get(DRY_RUN):
                with database.changing(dry_run=True) as session:
                    ending = finish(session)
                with database.changing() as session:
                    self._ended(session, task, ending, by, document)
                return
            with database.changing() as session:
                ending = finish(session)
                self._ended(session, task, ending, by, document)
                if document is not None and not is_wanted(session, document.id or 0):
                    drop_document(session, document.id or 0)

    def _ended(self, session: Session, task: Task, ending: Ending, by: str, document: Document | None) -> None:
        outcome = {
            "sentences": list(ending.sentences[:MOST_SAID]),
            "refused": list(ending.refused[:MOST_SAID]),
            "figures": dict(ending.figures),
            "source": document.name if document else "",
        }
        now = self._app.clock.now()
        end_task(
            session,
            task.id or 0,
            self._owner,
            TaskState.DONE,
            outcome,
            result_id=ending.result_id,
            steps=ending.steps,
            now=now,
        )
        _note_end(session, task, TaskState.DONE, now=now, by=by)

    def _end(self, task: Task, state: TaskState, sentences: tuple[str, ...]) -> None:
        """The task ends without having done anything."""
        now = self._app.clock.now()
        try:
            with self._app.database.changing() as session:
                end_task(
                    session, task.id or 0, self._owner, state, {"sentences": list(sentences[:MOST_SAID])}, now=now
                )
                user = session.get(User, task.user_id)
                _note_end(session, task, state, now=now, by=user.address if user else "worker")
        except LostClaim as lost:
            log.warning("a task was undone", task=task.id, why=str(lost))

    def _put_back(self, task: Task) -> None:
        with self._app.database.changing() as session:
            put_back(session, task.id or 0, self._owner)

    def clear_old(self) -> None:
        """Files and words of tasks that ended long ago go: they are for a person to see soon, and no record."""
        now = self._app.clock.now()
        if self._cleared_at is not None and now - self._cleared_at < CLEARED_EVERY:
            return
        self._cleared_at = now
        before = now - KEPT
        with self._app.database.reading() as session:
            old = files_of_tasks(session, ended_before=before)
        for number in old:
            with self._app.database.changing() as session:
                drop_document(session, number)
        with self._app.database.reading() as session:
            wordy = has_words(session, ended_before=before)
        if wordy:
            with self._app.database.changing() as session:
                forget_words(session, ended_before=before)

    @property
    def stopping(self) -> bool:
        """Whether the worker was told to stop."""
        return self._stopping

    def tell(self, task: Task, step: Step) -> None:
        """Let everybody see how far the task is."""
        tell_step(self._app.database, task, step)


class _Telling:
    """Hears of each step of a task, and tells of some; raises Stopping where the work shall end."""

    def __init__(self, tasks: Tasks, task: Task) -> None:
        self._tasks, self._task = tasks, task
        self._stage, self._next = "", 0.0

    def __call__(self, step: Step) -> None:
        if self._tasks.stopping:
            raise Stopping
        now = time.monotonic()
        if step.stage == self._stage and now < self._next:
            return
        self._stage, self._next = step.stage, now + TOLD_EVERY
        self._tasks.tell(self._task, step)


def _who_asked(session: Session, task: Task) -> str:
    """Who asked, as the log names her. Raises Refusal for who may not (any more): it may have waited for long."""
    user = session.get_one(User, task.user_id)
    held = roles_held(session, task.user_id)
    if user.state is not UserState.ACTIVE or not may(held, ASKS[task.verb].right, task.call_id or EVERYTHING):
        raise Refusal("Whoever asked for this may not do it any more; nothing was changed.")
    return user.address


def _written(session: Session, task: Task, folder: Path) -> Document | None:
    """The task's document, written to a file of its name in the folder; None if it has none."""
    if not ASKS[task.verb].from_file:
        return None
    document = session.get(Document, task.document_id) if task.document_id else None
    if document is None:
        raise Refusal("The file is not there any more; choose it once more.")
    (folder / document.name).write_bytes(content_of(session, document.id or 0))
    return document


def _note_end(session: Session, task: Task, state: TaskState, *, now: datetime, by: str) -> None:
    record(
        session,
        at=now,
        by=by,
        verb="end_task",
        subject="task",
        subject_id=task.id,
        task=task.verb.value,
        state=state.value,
    )
