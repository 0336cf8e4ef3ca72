"""The room itself, and what all its pages do: show a part of a draft, and keep what was typed into it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_time
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from outreach.domain.call_files import CallFile
from outreach.domain.correspondence import RoundKind
from outreach.domain.errors import Refusal
from outreach.domain.states import CallState
from outreach.domain.tasks import TaskVerb
from outreach.domain.users import Right
from outreach.store.calls import export_call, find_call
from outreach.store.tables import Call, Task
from outreach.usecases.ask_for_task import ask_for_task
from outreach.usecases.edit_call import edit_call
from outreach.usecases.revise_draft import revise_draft
from outreach.web.console.forms import Form
from outreach.web.console.room import PREFIX, Room, call_of
from outreach.web.console.said import Said
from outreach.web.console.seat import Seat
from outreach.web.console.showing import go, local, piece
from outreach.web.desk import Desk

room = Room()

Fields = Mapping[str, str]
CONFLICT, FAULTY = 409, 422


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form that was not kept: its values, why, and what stands there since somebody else saved."""

    values: Fields
    faults: tuple[str, ...] = ()
    theirs: Fields | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a draft that has its own page: ``fields`` reads it as a form's values, ``change`` takes them over.

    ``query`` stands behind the page's address. ``while_open``: it may be changed in an open call, too; then it says
    what a second person is asked to consent to (``domain.tasks``, edit-mail).
    """

    name: str
    fields: Callable[[CallFile], Fields]
    change: Callable[[CallFile, Fields], CallFile]
    query: str = ""
    while_open: Callable[[CallFile, Fields], Mapping[str, str]] | None = None


def making(slug: str, page: str = "") -> str:
    """The address of a page of the draft."""
    return f"{PREFIX}/calls/{slug}/make" + (f"/{page}" if page else "")


def steps(seat: Seat, call: Call) -> list[tuple[str, str]]:
    """The pages of the draft, in the order in which it is made; a round of approval has its members as audience."""
    slug = call.slug
    return [
        (making(slug, "name"), seat._("Name")),
        (making(slug, "letter"), seat._("Letter")),
        (f"{PREFIX}/calls/{slug}/round", seat._("Who approves it"))
        if call.round is RoundKind.APPROVAL
        else (making(slug, "audience"), seat._("Audience")),
        (making(slug, "schedule"), seat._("Schedule")),
        (making(slug, "mails"), seat._("Mails")),
        (making(slug, "check"), seat._("Check and launch")),
    ]


def call_here(session: Session, seat: Seat, slug: str) -> Call:
    """The call whose draft is made."""
    return call_of(session, seat, slug, Right.RUN)


def version_of(fields: Fields) -> str:
    """What tells one state of a part from another."""
    return hashlib.sha256(json.dumps(dict(fields), sort_keys=True).encode()).hexdigest()[:16]


def head(seat: Seat, call: Call) -> dict[str, Any]:
    """What the head of each page shows."""
    return {
        "call": call,
        "steps": steps(seat, call),
        "here": f"{PREFIX}/calls/{call.slug}",
        "make": making(call.slug),
        "is_draft": call.state is CallState.DRAFT,
    }


def part_values(session: Session, call: Call, part: Part, typed: Typed | None) -> dict[str, Any]:
    """The values of a part's form: what stands in the draft, or what was typed and could not be kept."""
    fields = part.fields(export_call(session, call))
    theirs = typed.theirs if typed else None
    differing = [name for name in fields if theirs is not None and typed and typed.values.get(name) != fields[name]]
    return {
        "values": typed.values if typed else fields,
        "version": version_of(fields),
        "faults": typed.faults if typed else (),
        "conflict": [(name, fields[name], typed.values.get(name, "")) for name in differing if typed],
    }


def keep(
    request: Request,
    desk: Desk,
    seat: Seat,
    form: Form,
    slug: str,
    part: Part,
    shown: Callable[[Typed, int], Response],
) -> Response:
    """Take over what was typed, unless somebody else saved the same part meanwhile.

    A page that saves as she goes is answered with a sentence; a button leads back to the page. ``shown`` makes the
    page with what could not be kept.
    """
    done = _take(desk, seat, form, slug, part)
    if isinstance(done, Task):
        return go(request, f"{PREFIX}/tasks/{done.id}")
    typed, version = done
    code = CONFLICT if typed and typed.theirs is not None else FAULTY
    if request.headers.get("hx-request") == "true":
        return _as_she_goes(seat, typed, version)
    if typed is not None:
        return shown(typed, code)
    return go(request, making(slug, part.name) + part.query, Said(seat._("Saved.")))


def _take(desk: Desk, seat: Seat, form: Form, slug: str, part: Part) -> tuple[Typed | None, str] | Task:
    values: dict[str, str] = {}
    try:
        with desk.outreach.database.changing() as session:
            call = find_call(session, slug)
            seat.must(Right.RUN, call.id)
            file = export_call(session, call)
            now = part.fields(file)
            values = {name: form.text(name).strip("\n") for name in now}
            if values == now:
                return None, version_of(now)
            if form.line("version") != version_of(now):
                return Typed(values, theirs=now), ""
            task = _change(session, call, part, file, values, desk, seat)
            if task is not None:
                return task
            session.flush()
            return None, version_of(part.fields(export_call(session, call)))
    except Refusal as refusal:
        return Typed(values, refusal.reasons), ""


def _change(
    session: Session, call: Call, part: Part, file: CallFile, values: Fields, desk: Desk, seat: Seat
) -> Task | None:
    """The part changed; a task where that waits for a second person."""
    changed = part.change(file, values)
    if part.while_open is None or call.state is not CallState.OPEN:
        revise_draft(session, call, changed, part=part.name, now=seat.now, by=seat.by)
        return None
    if not desk.house.settings.workspace.second_person:
        edit_call(session, call, changed, now=seat.now, by=seat.by, house=desk.house)
        return None
    given = part.while_open(file, values)
    return ask_for_task(
        session, TaskVerb.EDIT_MAIL, seat.user, call=call, given=given, propose=True, now=seat.now, by=seat.by
    )


def _as_she_goes(seat: Seat, typed: Typed | None, version: str) -> Response:
    clock = format_time(local(seat.now, seat), "HH:mm", locale=seat.language)
    text = piece("make-saved", seat, typed=typed, version=version, clock=clock)
    return HTMLResponse(text, headers={} if typed else {"HX-Trigger": "saved"})


def lines(text: str) -> tuple[str, ...]:
    """The lines of a field with one thing in each, without empty ones."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())
