"""The console's first page: what needs her now, and how every open call stands."""

from fastapi import Request, Response

from outreach.domain.users import Right
from outreach.domain.zones import local_time
from outreach.queries.home import home
from outreach.web.console.call_words import NEED_MARKS, need_words
from outreach.web.console.mail_words import kind_words
from outreach.web.console.room import Room
from outreach.web.console.seat import AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

room = Room()


@room.page("", Right.SEE)
def first_page(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Every number opens its rows."""
    today = local_time(seat.now, desk.house.settings.workspace.time_zone).date()
    with desk.outreach.database.reading() as session:
        page = home(session, seat.held, seat.id, now=seat.now, today=today, house=desk.house)
    return show(
        "home",
        request,
        seat,
        found=page,
        needs=need_words(seat),
        marks=NEED_MARKS,
        kinds=kind_words(seat),
    )
