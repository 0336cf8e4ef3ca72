"""Tables that leave the console, written while they are sent, for spreadsheets that compute none of their cells."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from fastapi import Response
from fastapi.responses import StreamingResponse

from outreach.domain.formulas import guard
from outreach.domain.users import Right
from outreach.queries.export_contacts import export_rows
from outreach.web.console.room import Room
from outreach.web.console.seat import AtSeat
from outreach.web.desk import AtDesk

room = Room()


@room.page("/contacts/export", Right.READ, whole=True)
def export(desk: AtDesk, seat: AtSeat) -> Response:  # noqa: ARG001  the seat is asked at the door
    """All contacts as CSV, row by row while they are read."""

    def rows() -> Iterator[tuple[str, ...]]:
        with desk.outreach.database.reading() as session:
            header, found = export_rows(session)
            yield header
            yield from found

    return as_csv("contacts.csv", rows())


def as_csv(name: str, rows: Iterator[tuple[str, ...]]) -> Response:
    """A file for spreadsheets (RFC 4180), of which none computes a cell; it is written while it is sent."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_written(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _written(rows: Iterator[tuple[str, ...]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"  # Excel takes it for UTF-8 then
    while some := list(islice(rows, 500)):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([guard(cell) for cell in row] for row in some)
        yield text.getvalue().encode()
