"""Long work that she asked for: how far it is, what came of it, and the file to fetch."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from outreach.domain.row_numbers import row_number
from outreach.domain.tasks import ASKS, TaskState, TaskVerb
from outreach.domain.users import EVERYTHING, Right
from outreach.queries.proposals import proposed, waiting_proposals
from outreach.queries.tasks import PAGE, TaskLine, all_tasks, find_task, tasks_of
from outreach.store.documents import content_of
from outreach.store.tables import Task
from outreach.usecases.decide_on_task import consent_to_task, decline_task
from outreach.web.console.events import Glimpse, live
from outreach.web.console.mail_words import kind_words
from outreach.web.console.room import PREFIX, Room
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, piece, show
from outreach.web.desk import AtDesk, Desk

room = Room()


HERE = f"{PREFIX}/tasks"
REFRESH_SECONDS = 5
ROWS_SHOWN = 200
MARKS = {
    TaskState.PROPOSED: "waiting",
    TaskState.WAITING: "waiting",
    TaskState.RUNNING: "open",
    TaskState.DONE: "done",
    TaskState.REFUSED: "warning",
    TaskState.FAILED: "fault",
}


@room.page("/tasks", Right.READ)
def list_tasks(request: Request, desk: AtDesk, seat: AtSeat, before: str = "") -> Response:
    """What she asked for, the newest first; an administrator sees everybody's."""
    older = row_number(before) or 0
    with desk.outreach.database.reading() as session:
        found = _found(session, seat, older)
        proposals = waiting_proposals(session, seat.id, seat.calls(Right.AUTHORISE)) if not older else []
    values = _list_values(found, seat)
    return show(
        "tasks",
        request,
        seat,
        **values,
        proposals=proposals,
        more=f"{HERE}?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
        first=HERE if older else "",
        refresh=REFRESH_SECONDS if not older and any(one.is_under_way for one in found[:PAGE]) else 0,
    )


@room.page("/tasks/live", Right.READ)
async def follow_tasks(request: Request, seat: AtSeat) -> Response:
    """The newest tasks, sent as often as one of them changes, until all are over."""

    def look(session: Session, now: Seat) -> Glimpse:
        found = _found(session, now, 0)
        over = not any(one.is_under_way for one in found)
        return Glimpse(piece("tasks-list", now, **_list_values(found, now)), over)

    return live(request, seat, look)


def _found(session: Session, seat: Seat, before: int) -> list[TaskLine]:
    if seat.may(Right.ADMINISTER):
        return all_tasks(session, before=before, limit=PAGE + 1)
    return tasks_of(session, seat.id, before=before, limit=PAGE + 1)


def _list_values(found: list[TaskLine], seat: Seat) -> dict[str, Any]:
    return {
        "tasks": [one for one in found[:PAGE] if _is_hers(one, seat)],
        "everybody": seat.may(Right.ADMINISTER),
        "words": verb_words(seat),
        "states": state_words(seat),
        "marks": MARKS,
    }


@room.page("/tasks/{number:int}", Right.READ)
def show_task(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """One task; while it is not over the page keeps itself up to date, or loads itself again."""
    with desk.outreach.database.reading() as session:
        task = _task_of(session, seat, number)
        change = proposed(session, number) if ASKS[task.verb].consent else None
    decides = task.state is TaskState.PROPOSED
    return show(
        "task",
        request,
        seat,
        **task_values(task, seat),
        refresh=REFRESH_SECONDS if task.is_under_way else 0,
        change=change,
        kinds={kind.value: words for kind, words in kind_words(seat).items()},
        is_mine=task.user_id == seat.id,
        consents=decides and task.user_id != seat.id and seat.may(Right.AUTHORISE, task.call_id or EVERYTHING),
        declines=decides,
    )


@room.deed("/tasks/{number:int}/consent", Right.AUTHORISE)
def consent(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """The second person's consent to what a colleague proposed; with it the worker does it."""
    return _decide(request, desk, seat, number, consent_to_task, Right.AUTHORISE, seat._("You have consented."))


@room.deed("/tasks/{number:int}/decline", Right.READ)
def decline(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """Nothing shall come of it: the second person says so, or who proposed it."""
    said = seat._("Nothing comes of it; nothing was changed.")
    return _decide(request, desk, seat, number, decline_task, Right.READ, said)


def _decide(
    request: Request, desk: Desk, seat: Seat, number: int, verb: Callable[..., Task], right: Right, said: str
) -> Response:
    with desk.outreach.database.changing() as session:
        task = _task_of(session, seat, number)
        seat.must(right, task.call_id or EVERYTHING)
        verb(session, session.get_one(Task, number), seat.user, now=seat.now)
        session.flush()
        decided = find_task(session, number)
        to = f"{HERE}/{number}" if decided is not None and _is_hers(decided, seat) else HERE
    desk.on_change()
    return go(request, to, Said(said))


@room.page("/tasks/{number:int}/live", Right.READ)
def follow_task(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """How far the task is, sent as often as that changes."""
    with desk.outreach.database.reading() as session:
        _task_of(session, seat, number)

    def look(session: Session, now: Seat) -> Glimpse | None:
        task = find_task(session, number)
        if task is None or not _is_hers(task, now):
            return None
        return Glimpse(piece("task-state", now, **task_values(task, now)), over=not task.is_under_way)

    return live(request, seat, look)


@room.page("/tasks/{number:int}/file", Right.READ)
def fetch_file(desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """The file that came of the task, to be kept and not to be opened in the browser."""
    with desk.outreach.database.reading() as session:
        task = _task_of(session, seat, number)
        if task.file is None:
            raise HTTPException(NOT_THERE)
        content = content_of(session, task.file.document_id)
    return as_download(content, task.file.name)


def as_download(content: bytes, name: str) -> Response:
    """A file as an attachment (RFC 6266) in which nothing can run, whatever it claims to be."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def _task_of(session: Session, seat: Seat, number: int) -> TaskLine:
    task = find_task(session, number)
    if task is None or not _is_hers(task, seat):
        raise HTTPException(NOT_THERE)
    return task


def _is_hers(task: TaskLine, seat: Seat) -> bool:
    """Whether she asked for it, consented or administers, and could ask for it today: its page may name people.

    What waits for a second person is everybody's who may be that person.
    """
    call_id = task.call_id or EVERYTHING
    if task.state is TaskState.PROPOSED and seat.may(Right.AUTHORISE, call_id):
        return True
    mine = task.user_id == seat.id or task.authorised_by == seat.by or seat.may(Right.ADMINISTER)
    return mine and seat.may(ASKS[task.verb].right, call_id)


def task_values(task: TaskLine, seat: Seat) -> dict[str, Any]:
    """What the part of a page needs that shows how far a task is, ``task-state.html``."""
    return {
        "task": task,
        "what": verb_words(seat)[task.verb],
        "states": state_words(seat),
        "stages": stage_words(seat),
        "marks": MARKS,
        "rows_shown": ROWS_SHOWN,
        "here": f"{HERE}/{task.id}",
    }


def verb_words(seat: Seat) -> dict[TaskVerb, str]:
    """What each verb is called in her language; other pages name tasks by it too."""
    return {
        TaskVerb.IMPORT_CONTACTS: seat._("Import of contacts"),
        TaskVerb.IMPORT_OFFICIALS: seat._("Import of officials"),
        TaskVerb.IMPORT_FACTS: seat._("Import of facts on States"),
        TaskVerb.IMPORT_SIGNATURES: seat._("Import of signatures"),
        TaskVerb.LAUNCH: seat._("Launch of a call"),
        TaskVerb.EXTEND: seat._("A later deadline"),
        TaskVerb.ERRATUM: seat._("Correction of a mailing"),
        TaskVerb.AMEND: seat._("A new version of the letter"),
        TaskVerb.EDIT_MAIL: seat._("A mail's new text"),
        TaskVerb.CLOSE: seat._("End of signing"),
        TaskVerb.CANCEL: seat._("A call is given up"),
        TaskVerb.SIGN_OFF: seat._("Sign-off of the list"),
        TaskVerb.RELEASE: seat._("Release of the letter"),
        TaskVerb.RENDER_LETTER: seat._("The letter as a file"),
        TaskVerb.PRINT_LETTERS: seat._("Letters to officials, to print"),
        TaskVerb.DELIVER_LETTER: seat._("Delivery to officials"),
        TaskVerb.PACK_PROOF: seat._("Proof pack"),
    }


def state_words(seat: Seat) -> dict[TaskState, str]:
    """What each state is called in her language."""
    return {
        TaskState.PROPOSED: seat._("Waiting for a second person"),
        TaskState.WAITING: seat._("Waiting"),
        TaskState.RUNNING: seat._("Running"),
        TaskState.DONE: seat._("Done"),
        TaskState.REFUSED: seat._("Refused"),
        TaskState.FAILED: seat._("Failed"),
    }


def stage_words(seat: Seat) -> dict[str, str]:
    """What is being done, in her language, by the name of the stage."""
    return {
        "reading": seat._("Reading the rows"),
        "writing": seat._("Writing"),
        "adding": seat._("Adding signatures"),
        "letters": seat._("Letters"),
        "files": seat._("Files"),
        "": seat._("Begun"),
    }
