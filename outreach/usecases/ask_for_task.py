"""A person asks for long work: it becomes a row, and a worker does it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.tasks import ASKS, TaskState, TaskVerb
from outreach.store.events import record
from outreach.store.tables import Call, Document, Task, User
from outreach.store.tasks import hold_asking, the_same_unfinished


def ask_for_task(
    session: Session,
    verb: TaskVerb,
    user: User,
    *,
    call: Call | None = None,
    given: Mapping[str, Any] | None = None,
    document: Document | None = None,
    propose: bool = False,
    now: datetime,
    by: str,
) -> Task:
    """The task, waiting for a worker; with ``propose`` it waits for a second person's consent first.

    ``given`` may hold the words that ``domain.tasks.ASKS`` has for the verb. Raises Refusal while the very same
    waits or runs already, and for a file that is missing. Whether ``user`` may ask is asked before, and once more
    by the worker when it begins.
    """
    asked, given = ASKS[verb], dict(given or {})
    if unknown := set(given) - asked.words:
        raise ValueError(f"{verb.value} knows no {', '.join(sorted(unknown))}")
    if asked.of_call != (call is not None) or (document is not None and not asked.from_file):
        raise ValueError(f"{verb.value} is asked for with another thing")
    if propose and not asked.consent:
        raise ValueError(f"{verb.value} asks for nobody's consent")
    if asked.from_file and document is None:
        raise Refusal("Choose a file first.")
    hold_asking(session)
    same = the_same_unfinished(session, verb, call.id if call else None, given, document)
    if same is not None:
        raise Refusal(f"This is being done already: it is task {same.id}, and {same.state.value}.")
    task = Task(
        verb=verb,
        user_id=user.id or 0,
        call_id=call.id if call else None,
        given=given,
        document_id=document.id if document else None,
        state=TaskState.PROPOSED if propose else TaskState.WAITING,
        asked_at=now,
    )
    session.add(task)
    session.flush()
    said = "propose_task" if propose else "ask_for_task"
    record(session, at=now, by=by, verb=said, subject="task", subject_id=task.id, task=verb.value)
    return task
