"""The pre-flight of a letter: what holds back which, what has changed since, and what all wait for."""

from fastapi import Request, Response

from outreach.domain.users import Right
from outreach.queries.letter_check import check_letter
from outreach.web.console.letters.door import at, head, letter_here, room, today
from outreach.web.console.letters.whom import clean, line_words
from outreach.web.console.seat import AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk


@room.page("/calls/{slug}/officials/check", Right.READ)
def check(request: Request, desk: AtDesk, seat: AtSeat, slug: str, after: str = "") -> Response:
    """What is held back holds back nobody else's."""
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        found = check_letter(session, letter, call, after=clean(after), today=today(desk, seat), house=desk.house)
        values = head(session, desk, seat, call, letter)
    return show(
        "letter-check",
        request,
        seat,
        **values,
        **line_words(seat),
        found=found,
        runs=seat.may(Right.RUN, call.id),
        keeps=seat.may(Right.PEOPLE),
        more=f"{at(slug, 'check')}?after={found.after}" if found.after else "",
        first=at(slug, "check") if after else "",
    )
