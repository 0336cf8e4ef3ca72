"""A list of those who signed elsewhere comes in: it is tried first, and only then taken in, all by the worker."""

from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.tasks import COLUMNS, DRY_RUN, TaskState, TaskVerb
from outreach.domain.users import Right
from outreach.queries.tasks import find_task
from outreach.store.documents import keep_document
from outreach.store.tables import Document, Task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.room import PREFIX, call_of, row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.console.signatures.door import NOT_SO, desk_at, room
from outreach.web.console.signatures.listing import worded
from outreach.web.console.tasks import task_values
from outreach.web.desk import AtDesk, Desk

KEPT_AS = "application/x-outreach-signatures"
TYPED = ("visibility", "kind", "signed", "receipts", "columns")
REFRESH_SECONDS = 3


@room.page("/calls/{slug}/signatures/import", Right.RUN)
def choose(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Choose a file."""
    return _form(request, desk, seat, slug, dict.fromkeys(TYPED, ""), ())


@room.deed("/calls/{slug}/signatures/import", Right.RUN)
def try_it(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Keep the file, and ask the worker what would come of it."""
    typed = {name: form.text(name).strip() for name in TYPED}
    try:
        given = _given(seat, form, typed)
        files = form.files("file")
        if not files:
            raise InvalidInput(seat._("Choose a file first."))
        with desk.outreach.database.changing() as session:
            call = call_of(session, seat, slug, Right.RUN)
            document = keep_document(
                session, files[0].filename or "list", KEPT_AS, files[0].file.read(), now=seat.now, by=seat.by
            )
            number = _ask(session, seat, call, given, document)
    except Refusal as refusal:
        return _form(request, desk, seat, slug, typed, refusal.reasons)
    desk.on_change()
    return go(request, f"{desk_at(slug)}/import/{number}")


def _given(seat: Seat, form: Form, typed: dict[str, str]) -> dict[str, Any]:
    if typed["visibility"] not in set(Visibility):
        raise InvalidInput(seat._("Choose who sees the names of which the file does not say it."))
    if typed["signed"]:
        parse_wall_clock(typed["signed"].replace("T", " "), seat.zone)
    given: dict[str, Any] = {
        "visibility": typed["visibility"],
        COLUMNS: _columns(seat, typed["columns"]),
        DRY_RUN: True,
    }
    given |= {"kind": typed["kind"]} if typed["kind"] in set(SignatureKind) else {}
    given |= {"signed": f"{typed['signed'].replace('T', ' ')} {seat.zone}"} if typed["signed"] else {}
    return given | ({"receipts": True} if form.checked("receipts") else {})


def _columns(seat: Seat, text: str) -> dict[str, str]:
    columns = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        column, sign, field = line.rpartition("=")
        if not sign or not column.strip() or not field.strip():
            raise InvalidInput(seat._("“{line}” is not understood: write COLUMN=FIELD.").format(line=line[:80]))
        columns[column.strip()] = field.strip()
    return columns


def _ask(session: Session, seat: Seat, call: Any, given: dict[str, Any], document: Document) -> int:
    verb = TaskVerb.IMPORT_SIGNATURES
    task = ask_for_task(
        session, verb, seat.user, call=call, given=given, document=document, now=seat.now, by=seat.by
    )
    return task.id or 0


@room.page("/calls/{slug}/signatures/import/{number:int}", Right.RUN)
def tried(request: Request, desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """How far it is, then what it would do or has done."""
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.RUN)
        _task(session, seat, call.id or 0, number)
        line = find_task(session, number)
    if line is None:
        raise HTTPException(NOT_THERE)
    return show(
        "signatures-tried",
        request,
        seat,
        call=call,
        desk=desk_at(slug),
        refresh=0 if line.is_over else REFRESH_SECONDS,
        ready=line.dry_run and line.state is TaskState.DONE,
        **task_values(line, seat),
    )


@room.deed("/calls/{slug}/signatures/import/{number:int}", Right.RUN)
def take_in(request: Request, desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """Take in what was tried, in the same way."""
    with desk.outreach.database.changing() as session:
        call = call_of(session, seat, slug, Right.RUN)
        trial = _task(session, seat, call.id or 0, number)
        if not trial.given.get(DRY_RUN) or trial.state is not TaskState.DONE:
            raise HTTPException(NOT_THERE)
        document = session.get_one(Document, trial.document_id)
        done = _ask(session, seat, call, {**trial.given, DRY_RUN: False}, document)
    desk.on_change()
    return go(request, f"{desk_at(slug)}/import/{done}", Said(seat._("The import has been asked for.")))


def _task(session: Session, seat: Seat, call_id: int, number: int) -> Task:
    """The import that she asked for, of this call; nobody else's."""
    task = row_of(session, Task, number)
    hers = task.user_id == seat.id and task.call_id == call_id
    if not hers or task.verb is not TaskVerb.IMPORT_SIGNATURES:
        raise HTTPException(NOT_THERE)
    return task


def _form(
    request: Request, desk: Desk, seat: Seat, slug: str, typed: dict[str, str], wrong: tuple[str, ...]
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.RUN)
    return show(
        "signatures-import",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        call=call,
        here=f"{PREFIX}/calls/{slug}",
        desk=desk_at(slug),
        typed=typed,
        wrong=wrong,
        visibilities=list(Visibility),
        **worded(seat),
    )
