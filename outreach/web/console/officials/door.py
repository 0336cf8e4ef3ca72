"""The room itself, and what all its pages ask: which post, on which day, what was typed about it."""

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.officials.cells import Cells
from outreach.domain.officials.columns import Columns
from outreach.store.addressees import day_of
from outreach.store.tables import Post
from outreach.web.console.room import PREFIX, Room, row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import Seat
from outreach.web.console.showing import go
from outreach.web.desk import Desk

OFFICIALS = f"{PREFIX}/officials"
NOT_SO = 422

room = Room()


def today(desk: Desk, seat: Seat) -> date:
    """The day on the workspace's calendar."""
    return day_of(seat.now, desk.house)


def post_of(session: Session, number: int) -> Post:
    """The post; 404 where there is none."""
    return row_of(session, Post, number)


def cells_of(given: Mapping[str, str], day: date) -> tuple[Cells, Columns]:
    """What was typed, as if it were the row of a table: it is read as strictly as one."""
    columns = Columns({field: place for place, field in enumerate(given)})
    return Cells(0, tuple(given.values()), columns.places, day), columns


def do(request: Request, desk: Desk, number: int, deed: Callable[[Session, Post], Said]) -> Response:
    """One verb on the post; then to its page, which says what came of it."""
    with desk.outreach.database.changing() as session:
        said = deed(session, post_of(session, number))
    desk.on_change()
    return go(request, f"{OFFICIALS}/{number}", said)
