"""A second person consents to what a colleague proposed, or declines it; who proposed it may take it back."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.states import move
from outreach.domain.tasks import AUTHORISED_BY, TASK_MOVES, TaskState
from outreach.store.events import record
from outreach.store.tables import Task, User


def consent_to_task(session: Session, task: Task, user: User, *, now: datetime) -> Task:
    """The worker does it from now on, as who proposed it would. Raises Refusal for who proposed it herself.

    Whether ``user`` may authorise is asked before.
    """
    _must_be_proposed(session, task)
    if task.user_id == user.id:
        raise Refusal("You proposed it yourself; it takes somebody else to consent.")
    task.state = move(task.state, TaskState.WAITING, TASK_MOVES)
    task.given = {**task.given, AUTHORISED_BY: user.address}
    task.asked_at = now  # it waits for the worker from now on
    session.add(task)
    _note(session, task, "consent_to_task", now=now, by=user.address)
    return task


def decline_task(session: Session, task: Task, user: User, *, now: datetime) -> Task:
    """Nothing comes of it. Raises Refusal when somebody else has decided already."""
    _must_be_proposed(session, task)
    said = "It was taken back." if task.user_id == user.id else f"{user.name} did not consent."
    task.state = move(task.state, TaskState.REFUSED, TASK_MOVES)
    task.outcome, task.ended_at = {"sentences": [f"{said} Nothing was changed."]}, now
    session.add(task)
    _note(session, task, "decline_task", now=now, by=user.address)
    return task


def _must_be_proposed(session: Session, task: Task) -> None:
    session.refresh(task, with_for_update=True)  # of two who decide at once, the second one sees what the first did
    if task.state is not TaskState.PROPOSED:
        raise Refusal(f"Task {task.id} is {task.state.value}; nobody's consent is asked for any more.")


def _note(session: Session, task: Task, verb: str, *, now: datetime, by: str) -> None:
    record(session, at=now, by=by, verb=verb, subject="task", subject_id=task.id, task=task.verb.value)
