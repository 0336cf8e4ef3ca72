"""A table of contacts comes in: its columns are named, it is tried, and only then taken in, all by the worker."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session, col, select

from outreach.adapters.contact_files import read_contacts
from outreach.adapters.tables import read_table
from outreach.domain.contact_columns import IGNORE, Field, map_header
from outreach.domain.contact_rows import Basis
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.tasks import COLUMNS, DRY_RUN, TaskState, TaskVerb
from outreach.domain.users import Right
from outreach.queries.tasks import find_task
from outreach.store.documents import content_of, keep_document
from outreach.store.tables import Document, Task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.web.console.exporting import as_csv
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.people_words import basis_words, field_words
from outreach.web.console.room import Room, row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk

room = Room()

IMPORT = "/console/contacts/import"
KEPT_AS = "application/x-outreach-contacts"
"""The media type of what was given for an import: by it no other document can be read here."""
SAMPLES = 3
CUSTOM = "custom."
UNFIT = 422
_ROW = re.compile(r"row (\d+),")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, some of what stands in it, and the field that it seems to hold."""

    place: int
    heading: str
    samples: tuple[str, ...]
    field: str


@room.page("/contacts/import", Right.PEOPLE, whole=True)
def choose(request: Request, seat: AtSeat) -> Response:
    """Choose a file."""
    return show("import-file", request, seat, faults_found=())


@room.deed("/contacts/import", Right.PEOPLE, whole=True)
def upload(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Keep the file, and go on to its columns."""
    files = form.files("file")
    try:
        if not files:
            raise InvalidInput(seat._("Choose a file first."))
        content = files[0].file.read()
        for file in files:
            file.file.close()
        _columns(files[0].filename or "contacts", content)
        with desk.outreach.database.changing() as session:
            document = keep_document(
                session, files[0].filename or "contacts", KEPT_AS, content, now=seat.now, by=seat.by
            )
    except Refusal as refusal:
        return show("import-file", request, seat, code=UNFIT, faults_found=refusal.reasons)
    return go(request, f"{IMPORT}/{document.id}")


def _document(session: Session, number: int, by: str) -> Document:
    """The file that she gave; nobody else's."""
    found = row_of(session, Document, number)
    if found.media_type != KEPT_AS or found.by != by:
        raise HTTPException(NOT_THERE)
    return found


def _columns(name: str, content: bytes) -> tuple[Column, ...]:
    """The columns with their fields as far as they can be guessed. Raises InvalidInput for what is no table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "contacts")
        path.write_bytes(content)
        table = read_table(path)
        rows = list(islice((row for row in table.rows if not row.problem), SAMPLES))
        return tuple(
            Column(
                place,
                heading,
                tuple(row.cells[place][:80] for row in rows if row.cells[place].strip()),
                _guess(table.header, place),
            )
            for place, heading in enumerate(table.header)
            if heading
        )


def _guess(header: tuple[str, ...], place: int) -> str:
    """The field that the heading names; "" for none. The whole header may be one that cannot be read as it is."""
    try:
        found = map_header(header)
    except InvalidInput:
        try:  # alone, with an address beside it
            found = map_header((header[place], "email") if place else (header[0],))
            place = 0
        except InvalidInput:
            return ""
    custom = next((f"{CUSTOM}{key}" for key, at in found.custom.items() if at == place), "")
    return next((field.value for field, at in found.fields.items() if at == place), custom)


@room.page("/contacts/import/{number:int}", Right.PEOPLE, whole=True)
def mapping(number: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """What each column holds."""
    with desk.outreach.database.reading() as session:
        document = _document(session, number, seat.by)
        content = content_of(session, number)
    return show(
        "import-columns",
        request,
        seat,
        document=document,
        columns=_columns(document.name, content),
        fields={field.value: words for field, words in field_words(seat).items()},
        bases=basis_words(seat),
        ignore=IGNORE,
        faults_found=(),
        basis="",
        source="",
    )


@room.deed("/contacts/import/{number:int}", Right.PEOPLE, whole=True)
def begin(number: int, request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Try it, or take it in: the worker does both, and the page of the task tells what came of it."""
    with desk.outreach.database.reading() as session:
        document = _document(session, number, seat.by)
        content = content_of(session, number)
    columns = _columns(document.name, content)
    said = {one.heading: _chosen(form, one) for one in columns}
    basis = form.line("basis") if form.line("basis") in set(Basis) else ""
    given: dict[str, Any] = {COLUMNS: said, DRY_RUN: True, "basis": basis, "source": form.line("source")[:300]}
    try:
        map_header([one.heading for one in columns], said)
        with desk.outreach.database.changing() as session:
            task = ask_for_task(
                session,
                TaskVerb.IMPORT_CONTACTS,
                seat.user,
                given=given,
                document=_document(session, number, seat.by),
                now=seat.now,
                by=seat.by,
            )
    except Refusal as refusal:
        return show(
            "import-columns",
            request,
            seat,
            code=UNFIT,
            document=document,
            columns=[Column(one.place, one.heading, one.samples, said[one.heading]) for one in columns],
            fields={field.value: words for field, words in field_words(seat).items()},
            bases=basis_words(seat),
            ignore=IGNORE,
            faults_found=refusal.reasons,
            basis=basis,
            source=form.line("source"),
        )
    desk.on_change()
    return go(request, f"{IMPORT}/{number}/tasks/{task.id}")


def _chosen(form: Form, column: Column) -> str:
    """The field that she chose for a column; a name of her own makes it a custom field."""
    field = form.line(f"column-{column.place}")
    if field == CUSTOM:
        return f"{CUSTOM}{column.heading}"
    return field if field in set(Field) or field.startswith(CUSTOM) else IGNORE


@room.page("/contacts/import/{number:int}/tasks/{task:int}", Right.PEOPLE, whole=True)
def tried(number: int, task: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """How far it is, then what it would do or has done."""
    with desk.outreach.database.reading() as session:
        line = find_task(session, task)
        mine = line is not None and line.verb is TaskVerb.IMPORT_CONTACTS and line.user_id == seat.id
        its_own = mine and session.get_one(Task, task).document_id == number
        there = session.get(Document, number) if its_own else None
    if not mine:
        raise HTTPException(NOT_THERE)
    # What was taken in is not kept as a file.
    return show("import-task", request, seat, document=there, line=line, TaskState=TaskState)


def _task(session: Session, task: int, number: int) -> Task | None:
    statement = select(Task).where(Task.id == task, Task.verb == TaskVerb.IMPORT_CONTACTS)
    return session.exec(statement.where(col(Task.document_id) == number)).first()


@room.deed("/contacts/import/{number:int}/tasks/{task:int}", Right.PEOPLE, whole=True)
def take_in(number: int, task: int, request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Take in what was tried, in the same way."""
    with desk.outreach.database.changing() as session:
        document = _document(session, number, seat.by)
        trial = _task(session, task, number)
        if trial is None or not trial.given.get(DRY_RUN) or trial.state is not TaskState.DONE:
            raise HTTPException(NOT_THERE)
        done = ask_for_task(
            session,
            TaskVerb.IMPORT_CONTACTS,
            seat.user,
            given={**trial.given, DRY_RUN: False},
            document=document,
            now=seat.now,
            by=seat.by,
        )
    desk.on_change()
    return go(request, f"{IMPORT}/{number}/tasks/{done.id}", Said(seat._("The import has been asked for.")))


@room.page("/contacts/import/{number:int}/tasks/{task:int}/refused", Right.PEOPLE, whole=True)
def refused(number: int, task: int, desk: AtDesk, seat: AtSeat) -> Response:
    """The rows that were left out, as they stand in the file, each with its reasons: to mend and import again."""
    with desk.outreach.database.reading() as session:
        document = _document(session, number, seat.by)
        if _task(session, task, number) is None or (line := find_task(session, task)) is None:
            raise HTTPException(NOT_THERE)
        content = content_of(session, number)
    reasons: dict[int, list[str]] = {}
    for sentence in line.refused:
        if found := _ROW.match(sentence):
            reasons.setdefault(int(found.group(1)), []).append(sentence[found.end() :].strip())
    return as_csv("refused.csv", _refused_rows(document.name, content, reasons))


def _refused_rows(name: str, content: bytes, reasons: dict[int, list[str]]) -> Iterator[tuple[str, ...]]:
    last = max(reasons, default=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "contacts")
        path.write_bytes(content)
        header = read_table(path).header
        yield ("row", "why it was left out", *header)
        for row in read_contacts(path, dict.fromkeys(header, IGNORE) | _an_address(header)).rows:
            if row.number in reasons:
                yield (str(row.number), "; ".join(reasons[row.number]), *row.cells)
            if row.number >= last:
                return


def _an_address(header: tuple[str, ...]) -> dict[str, str]:
    return {next(name for name in header if name): Field.EMAIL.value}
