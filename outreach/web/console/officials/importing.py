"""A table of officials, or of facts, comes in: its columns are named, it is tried, and only then taken in."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from outreach.adapters.tables import read_table
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials.columns import IGNORE, fact_field, map_facts, map_officials, official_field
from outreach.domain.tasks import COLUMNS, DRY_RUN, TaskState, TaskVerb
from outreach.domain.users import Right
from outreach.queries.tasks import find_task
from outreach.store.documents import content_of, keep_document
from outreach.store.tables import Document, Task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.web.console.forms import AtForm
from outreach.web.console.officials.door import NOT_SO, OFFICIALS, room
from outreach.web.console.officials.words import fact_words, official_words
from outreach.web.console.room import row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.console.tasks import task_values
from outreach.web.desk import AtDesk, Desk

IMPORT = f"{OFFICIALS}/import"
SAMPLES = 3
LONGEST_SAMPLE = 80
REFRESH_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be taken in: by which verb, kept as which media type, and how its columns are understood."""

    verb: TaskVerb
    kept_as: str
    recognise: Callable[[str], str]
    mapped: Callable[[Sequence[str], Mapping[str, str] | None], Any]
    words: Callable[[Seat, Sequence[str]], dict[str, str]]


KINDS: Mapping[str, Kind] = {
    "officials": Kind(
        TaskVerb.IMPORT_OFFICIALS,
        "application/x-outreach-officials",
        official_field,
        map_officials,
        official_words,
    ),
    "facts": Kind(TaskVerb.IMPORT_FACTS, "application/x-outreach-facts", fact_field, map_facts, fact_words),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, some of what stands in it, and the field that it seems to hold."""

    place: int
    heading: str
    samples: tuple[str, ...]
    field: str


def _kind(what: str) -> Kind:
    if what not in KINDS:
        raise HTTPException(NOT_THERE)
    return KINDS[what]


@room.page("/officials/import/{what}", Right.PEOPLE, whole=True)
def choose(request: Request, seat: AtSeat, what: str) -> Response:
    """Choose a file."""
    _kind(what)
    return show("officials-import", request, seat, what=what, wrong=())


@room.deed("/officials/import/{what}", Right.PEOPLE, whole=True)
def upload(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, what: str) -> Response:
    """Keep the file, and go on to its columns."""
    kind = _kind(what)
    try:
        files = form.files("file")
        if not files:
            raise InvalidInput(seat._("Choose a file first."))
        name, content = files[0].filename or "table", files[0].file.read()
        _columns(kind, name, content)
        with desk.outreach.database.changing() as session:
            number = keep_document(session, name, kind.kept_as, content, now=seat.now, by=seat.by).id
    except Refusal as refusal:
        return show("officials-import", request, seat, code=NOT_SO, what=what, wrong=refusal.reasons)
    return go(request, f"{IMPORT}/{what}/{number}")


def _columns(kind: Kind, name: str, content: bytes) -> list[Column]:
    """The columns with their fields as far as they can be guessed. Raises InvalidInput for what is no table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "table")
        path.write_bytes(content)
        table = read_table(path)
        rows = list(islice((row for row in table.rows if not row.problem), SAMPLES))
    taken: set[str] = set()
    columns = []
    for place, heading in enumerate(table.header):
        field = kind.recognise(heading)
        cells = [row.cells[place][:LONGEST_SAMPLE] for row in rows if row.cells[place].strip()]
        if heading:
            columns.append(Column(place, heading, tuple(cells), "" if field in taken else field))
        taken.add(field)
    return columns


@room.page("/officials/import/{what}/{number:int}", Right.PEOPLE, whole=True)
def mapping(request: Request, desk: AtDesk, seat: AtSeat, what: str, number: int) -> Response:
    """What each column holds."""
    return _mapping(request, desk, seat, what, number, {}, ())


@room.deed("/officials/import/{what}/{number:int}", Right.PEOPLE, whole=True)
def try_it(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, what: str, number: int) -> Response:
    """Ask the worker what would come of it."""
    kind = _kind(what)
    with desk.outreach.database.reading() as session:
        document = _document(session, kind, number, seat.by)
        columns = _columns(kind, document.name, content_of(session, number))
    said = {one.heading: form.line(f"column-{one.place}") or IGNORE for one in columns}
    try:
        kind.mapped([one.heading for one in columns], said)
        task = _ask(desk, seat, kind, number, {COLUMNS: said, DRY_RUN: True})
    except Refusal as refusal:
        return _mapping(request, desk, seat, what, number, said, refusal.reasons)
    return go(request, f"{IMPORT}/{what}/{number}/tasks/{task}")


def _ask(desk: Desk, seat: Seat, kind: Kind, number: int, given: dict[str, Any]) -> int:
    with desk.outreach.database.changing() as session:
        document = _document(session, kind, number, seat.by)
        task = ask_for_task(session, kind.verb, seat.user, given=given, document=document, now=seat.now, by=seat.by)
        asked = task.id or 0
    desk.on_change()
    return asked


def _document(session: Session, kind: Kind, number: int, by: str) -> Document:
    """The file that she gave; nobody else's."""
    found = row_of(session, Document, number)
    if found.media_type != kind.kept_as or found.by != by:
        raise HTTPException(NOT_THERE)
    return found


def _mapping(
    request: Request, desk: Desk, seat: Seat, what: str, number: int, said: Mapping[str, str], wrong: Sequence[str]
) -> Response:
    kind = _kind(what)
    with desk.outreach.database.reading() as session:
        document = _document(session, kind, number, seat.by)
        columns = _columns(kind, document.name, content_of(session, number))
    chosen = {one.place: said.get(one.heading, one.field) for one in columns}
    return show(
        "officials-columns",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        what=what,
        document=document,
        columns=columns,
        chosen=chosen,
        fields=kind.words(seat, [one.field for one in columns]),
        ignore=IGNORE,
        wrong=wrong,
    )


@room.page("/officials/import/{what}/{number:int}/tasks/{task:int}", Right.PEOPLE, whole=True)
def tried(request: Request, desk: AtDesk, seat: AtSeat, what: str, number: int, task: int) -> Response:
    """How far it is, then what it would do or has done."""
    kind = _kind(what)
    with desk.outreach.database.reading() as session:
        own = _task(session, kind, seat, task)
        line = find_task(session, task)
        there = session.get(Document, number) if own.document_id == number else None
    if line is None:
        raise HTTPException(NOT_THERE)
    return show(
        "officials-tried",
        request,
        seat,
        kind_of=what,
        document=there,  # what was taken in is not kept as a file
        refresh=0 if line.is_over else REFRESH_SECONDS,
        ready=line.dry_run and line.state is TaskState.DONE and there is not None,
        **task_values(line, seat),
    )


@room.deed("/officials/import/{what}/{number:int}/tasks/{task:int}", Right.PEOPLE, whole=True)
def take_in(request: Request, desk: AtDesk, seat: AtSeat, what: str, number: int, task: int) -> Response:
    """Take in what was tried, in the same way."""
    kind = _kind(what)
    with desk.outreach.database.reading() as session:
        trial = _task(session, kind, seat, task)
        if not trial.given.get(DRY_RUN) or trial.state is not TaskState.DONE or trial.document_id != number:
            raise HTTPException(NOT_THERE)
        given = {**trial.given, DRY_RUN: False}
    done = _ask(desk, seat, kind, number, given)
    return go(request, f"{IMPORT}/{what}/{number}/tasks/{done}", Said(seat._("The import has been asked for.")))


def _task(session: Session, kind: Kind, seat: Seat, number: int) -> Task:
    """The import that she asked for; nobody else's."""
    found = row_of(session, Task, number)
    if found.user_id != seat.id or found.verb is not kind.verb:
        raise HTTPException(NOT_THERE)
    return found
