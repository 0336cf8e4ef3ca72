"""What a draft is called, who organises it, and whom the press may ask."""

from dataclasses import replace

from fastapi import Request, Response

from outreach.domain.call_files import CallFile, call_table, read_call_table
from outreach.domain.users import Right
from outreach.web.console.forms import AtForm
from outreach.web.console.making.door import Fields, Part, Typed, call_here, head, keep, lines, part_values, room
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk, Desk


def _fields(file: CallFile) -> Fields:
    return {
        "title": file.title,
        "organisers": "\n".join(file.organisers),
        "press_contacts": "\n".join(file.press_contacts),
    }


def _change(file: CallFile, values: Fields) -> CallFile:
    table = call_table(file) | {
        "title": values["title"].strip(),
        "organisers": list(lines(values["organisers"])),
        "press_contacts": list(lines(values["press_contacts"])),
    }
    return replace(read_call_table(table), letters=file.letters, texts=file.texts)


PART = Part("name", _fields, _change)


@room.page("/calls/{slug}/make/name", Right.RUN)
def name(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """The call's title, its organisers and press contacts."""
    return _shown(request, desk, seat, slug)


@room.deed("/calls/{slug}/make/name", Right.RUN)
def save_name(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Keep them."""
    return keep(
        request, desk, seat, form, slug, PART, lambda typed, code: _shown(request, desk, seat, slug, typed, code)
    )


def _shown(
    request: Request, desk: Desk, seat: Seat, slug: str, typed: Typed | None = None, code: int = 200
) -> Response:
    with desk.outreach.database.reading() as session:
        call = call_here(session, seat, slug)
        values = part_values(session, call, PART, typed)
        return show("make-name", request, seat, code=code, **head(seat, call), **values)
