"""The audience of a draft: the filter as fields, and how many it chooses while it is being changed."""

from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from outreach.domain.audiences import Audience
from outreach.domain.call_files import CallFile
from outreach.domain.users import Right
from outreach.queries.draft_figures import audience_figures, is_quickly_counted
from outreach.store.tables import Call
from outreach.web.console.forms import AtForm
from outreach.web.console.making.door import Fields, Part, Typed, call_here, head, keep, lines, part_values, room
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import piece, show
from outreach.web.desk import AtDesk, Desk

LISTS = (
    "tags",
    "countries",
    "languages",
    "organisations",
    "signed",
    "exclude_tags",
    "exclude_organisations",
    "exclude",
    "first_signed",
)


def _fields(file: CallFile) -> Fields:
    values = {name: "\n".join(getattr(file.audience, name)) for name in LISTS}
    return {**values, "others_after": file.audience.others_after}


def _change(file: CallFile, values: Fields) -> CallFile:
    table: dict[str, Any] = {name: list(lines(values[name])) for name in LISTS}
    table["others_after"] = values["others_after"].strip()
    table["already_invited"] = file.audience.already_invited
    return replace(file, audience=Audience.read(table))


PART = Part("audience", _fields, _change)


@room.page("/calls/{slug}/make/audience", Right.RUN)
def audience(request: Request, desk: AtDesk, seat: AtSeat, slug: str, count: str = "") -> Response:
    """Who is invited."""
    return _shown(request, desk, seat, slug, count=count)


@room.deed("/calls/{slug}/make/audience", Right.RUN)
def save_audience(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Keep the filter."""
    return keep(
        request,
        desk,
        seat,
        form,
        slug,
        PART,
        lambda typed, code: _shown(request, desk, seat, slug, typed, code),
    )


@room.page("/calls/{slug}/make/audience/counted", Right.RUN)
def counted(desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """How many the filter chooses now: a part of the page."""
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        return HTMLResponse(piece("make-counted", seat, figures=audience_figures(session, call, desk.house)))


def _shown(
    request: Request,
    desk: Desk,
    seat: Seat,
    slug: str,
    typed: Typed | None = None,
    code: int = 200,
    count: str = "",
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        return show(
            "make-audience",
            request,
            seat,
            code=code,
            **head(seat, call),
            **part_values(session, call, PART, typed),
            figures=_figures(session, call, desk, asked=bool(count)),
            elsewhere=Audience.read(call.audience).already_invited,
        )


def _figures(session: Session, call: Call, desk: Desk, *, asked: bool) -> Any:
    return audience_figures(session, call, desk.house) if asked or is_quickly_counted(session) else None
