"""The letters to officials of all calls that she may see, with what each waits for."""

from urllib.parse import urlencode

from fastapi import Request, Response

from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.letter_list import Which, listed_letters
from outreach.web.console.letters.door import room, today
from outreach.web.console.letters.words import WAITING_MARKS, letter_kinds, waiting_words, which_words
from outreach.web.console.room import PREFIX
from outreach.web.console.seat import AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

HERE = f"{PREFIX}/letters"
PAGE = 50
RIGHTS = {Which.TO_AUTHORISE: Right.AUTHORISE, Which.TO_DELIVER: Right.RUN, Which.ALL: Right.READ}
"""Whose the letters are that are listed: what she sees waits for herself."""


@room.page("/letters", Right.READ)
def letters(request: Request, desk: AtDesk, seat: AtSeat, before: str = "") -> Response:
    """The newest first: those that wait for her consent, those that can be delivered, or all."""
    asked = request.query_params.get("show", "")
    which = Which(asked) if asked in set(Which) else Which.ALL
    older = row_number(before) or 0
    with desk.outreach.database.reading() as session:
        found = listed_letters(
            session,
            seat.calls(RIGHTS[which]),
            which,
            by=seat.by,
            today=today(desk, seat),
            second_person=desk.house.settings.workspace.second_person,
            before=older,
            limit=PAGE + 1,
        )
    more = urlencode({"show": which.value, "before": found[PAGE - 1].id}) if len(found) > PAGE else ""
    return show(
        "letters",
        request,
        seat,
        found=found[:PAGE],
        which=which,
        parts=which_words(seat),
        kinds=letter_kinds(seat),
        waits=waiting_words(seat),
        marks=WAITING_MARKS,
        second_person=desk.house.settings.workspace.second_person,
        more=f"{HERE}?{more}" if more else "",
        first=f"{HERE}?show={which.value}" if older else "",
    )
