"""The log: who did what, when, with what stood there before and after; as a whole, and of one thing."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.log import PAGE, LogLine, about_call, log_page
from outreach.rendering.moments import say_moment
from outreach.store.tables import Contact, Organisation
from outreach.web.console.room import Room, call_of, row_of
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk, Desk

room = Room()

ROOM_OF = {
    "contact": "contacts",
    "organisation": "organisations",
    "reply": "replies",
    "message": "outbox",
    "post": "officials",
    "addressee": "correspondence",
    "answer": "correspondence/answers",
}
"""Where the page of a thing is that the log speaks of by its number."""


MOST_ROWS = 20
"""Of a line that changed more rows than this the first so many are shown: it may have changed thousands."""


@dataclass(frozen=True, slots=True)
class Before:
    """A column, what stood there before, and what stands there since, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log in words. ``to`` is the page of the thing, "" where it has none."""

    number: int
    at: datetime
    by: str
    verb: str
    thing: str
    to: str
    facts: str
    changes: tuple[Before, ...]
    erased: bool
    more: int


@room.page("/log", Right.READ, whole=True)
def whole_log(
    request: Request, desk: AtDesk, seat: AtSeat, by: str = "", verb: str = "", before: str = ""
) -> Response:
    """The whole log, the newest first."""
    with desk.outreach.database.reading() as session:
        older = row_number(before)
        found = log_page(session, by=by, verb=verb, before=older, limit=PAGE + 1, most=MOST_ROWS)
    return _shown(request, seat, found, by=by, verb=verb, before=before, title=seat._("Log"), path="/console/log")


@room.page("/calls/{slug}/log", Right.READ)
def log_of_call(
    request: Request, desk: AtDesk, seat: AtSeat, slug: str, by: str = "", verb: str = "", before: str = ""
) -> Response:
    """What was done about one call, its letter, its mailings, its signatures and its replies."""
    with desk.outreach.database.reading() as session:
        call = call_of(session, seat, slug, Right.READ)
        older = row_number(before)
        found = about_call(session, call, by=by, verb=verb, before=older, limit=PAGE + 1, most=MOST_ROWS)
        title = call.title
    path = f"/console/calls/{slug}/log"
    return _shown(request, seat, found, by=by, verb=verb, before=before, title=title, path=path)


@room.page("/contacts/{number:int}/log", Right.READ, whole=True)
def log_of_contact(
    request: Request, desk: AtDesk, seat: AtSeat, number: int, by: str = "", verb: str = "", before: str = ""
) -> Response:
    """What was done about one contact, and what changed it although it was about something else."""
    return _of_thing(request, desk, seat, Contact, number, by=by, verb=verb, before=before)


@room.page("/organisations/{number:int}/log", Right.READ, whole=True)
def log_of_organisation(
    request: Request, desk: AtDesk, seat: AtSeat, number: int, by: str = "", verb: str = "", before: str = ""
) -> Response:
    """The same of an organisation."""
    return _of_thing(request, desk, seat, Organisation, number, by=by, verb=verb, before=before)


def _of_thing(
    request: Request, desk: Desk, seat: Seat, table: type[Contact] | type[Organisation], number: int, **asked: str
) -> Response:
    subject, older = table.__tablename__, row_number(asked["before"])
    with desk.outreach.database.reading() as session:
        thing = row_of(session, table, number)
        found = log_page(
            session,
            subject=str(subject),
            subject_id=number,
            by=asked["by"],
            verb=asked["verb"],
            before=older,
            limit=PAGE + 1,
            most=MOST_ROWS,
        )
        title = thing.name or seat._("Log")
    path = f"/console/{ROOM_OF[str(subject)]}/{number}/log"
    return _shown(request, seat, found, title=title, path=path, **asked)


def _shown(request: Request, seat: Seat, found: list[LogLine], *, title: str, path: str, **asked: str) -> Response:
    kept = {name: value for name, value in asked.items() if value}
    more = urlencode(kept | {"before": str(found[PAGE - 1].number)}) if len(found) > PAGE else ""
    return show(
        "log",
        request,
        seat,
        title=title,
        lines=[in_words(line, seat) for line in found[:PAGE]],
        more=f"{path}?{more}" if more else "",
        first=path if asked["before"] else "",
        asked=asked,
        here=path,
    )


def in_words(line: LogLine, seat: Seat) -> Line:
    """The line as its page shows it; other pages show those of their own thing by the same ``log-lines.html``."""
    room_of = ROOM_OF.get(line.subject, "")
    return Line(
        number=line.number,
        at=line.at,
        by=line.by,
        verb=line.verb.replace("_", " "),
        thing=f"{line.subject.replace('_', ' ')} {line.subject_id or ''}".rstrip(),
        to=f"/console/{room_of}/{line.subject_id}" if room_of and line.subject_id else "",
        facts="; ".join(f"{name.replace('_', ' ')}: {_value(value, seat)}" for name, value in line.facts.items()),
        changes=tuple(
            Before(change.column.replace("_", " "), _value(change.before, seat), _value(change.after, seat))
            for change in line.changes
        ),
        erased=line.erased,
        more=line.more,
    )


def _value(value: Any, seat: Seat) -> str:
    """A value as a person reads it."""
    match value:
        case None | "":
            return "–"
        case bool():
            return seat._("yes") if value else seat._("no")
        case str():
            return _moment(value, seat) or value
        case {"secret": True}:
            return seat._("(kept secret)")
        case {"characters": int(count), "sha256": str(digest)}:
            return seat._("a text of {count} characters ({digest})").format(count=count, digest=digest[:8])
        case _:
            return json.dumps(value, ensure_ascii=False)


def _moment(text: str, seat: Seat) -> str:
    """A moment as the log keeps it, on her clocks; "" for any other text."""
    if len(text) < len("2027-01-11T12:00:00+00:00") or text[10] != "T":
        return ""
    try:
        return say_moment(datetime.fromisoformat(text), seat.zone, seat.language)
    except ValueError:
        return ""
