"""How far each letter has come with each official; what their offices should have done by now."""

from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from outreach.domain.places import country_name
from outreach.domain.row_numbers import row_number
from outreach.domain.users import Right
from outreach.queries.letters_to_posts import (
    Wanted,
    calls_written,
    letters_to_posts,
    standing_counts,
    states_written,
    unplaced,
)
from outreach.queries.overdue import overdue
from outreach.store.addressees import Standing
from outreach.web.console.correspondence.door import CORRESPONDENCE, letter_for, room, thread_of, today
from outreach.web.console.correspondence.words import STANDING_MARKS, standing_words, step_words, what_words
from outreach.web.console.room import SEE_OTHER
from outreach.web.console.seat import AtSeat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

LONGEST = 100
MOST_OVERDUE = 500


@room.page("/correspondence", Right.READ)
def listed(request: Request, desk: AtDesk, seat: AtSeat, before: str = "") -> Response:
    """The letters to officials, the newest first."""
    asked = {
        name: request.query_params.get(name, "").replace("\0", "")[:LONGEST].strip()
        for name in ("call", "state", "standing")
    }
    standing = Standing(asked["standing"]) if asked["standing"] in set(Standing) else None
    calls, below = seat.calls(Right.READ), row_number(before) or 0
    wanted = Wanted(calls, asked["call"], asked["state"].upper(), standing=standing)
    all_of_them = Wanted(calls, asked["call"], asked["state"].upper())
    with desk.outreach.database.reading() as session:
        day = today(desk, seat)
        found = letters_to_posts(session, wanted, before=below, today=day, house=desk.house)
        counts = standing_counts(session, all_of_them, today=day)
        choices = calls_written(session, calls)
        states = states_written(session, calls)
        waiting = unplaced(session, calls) if not any(asked.values()) and not below else []
    kept = {name: value for name, value in asked.items() if value}
    return show(
        "correspondence",
        request,
        seat,
        letters=found.letters,
        counts=counts,
        asked=asked,
        narrowed=bool(kept),
        call_choices=choices,
        states=sorted((country_name(code, seat.language), code) for code in states),
        unplaced=waiting,
        words=standing_words(seat),
        marks=STANDING_MARKS,
        whats=what_words(seat),
        without_standing=urlencode({name: value for name, value in kept.items() if name != "standing"}),
        more=f"{CORRESPONDENCE}?{urlencode(kept | {'before': found.before})}" if found.before else "",
        first=f"{CORRESPONDENCE}?{urlencode(kept)}" if below else "",
    )


@room.page("/officials/overdue", Right.READ)
def late(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Whose next step was due and did not come, what is overdue longest first."""
    with desk.outreach.database.reading() as session:
        lines = overdue(
            session, calls=seat.calls(Right.READ), today=today(desk, seat), house=desk.house, limit=MOST_OVERDUE
        )
    return show("officials-overdue", request, seat, lines=lines, steps=step_words(seat), most=MOST_OVERDUE)


@room.page("/correspondence/{number:int}", Right.READ)
def one(desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """A letter to an official by its number: the page of that official, where it stands in the thread."""
    with desk.outreach.database.reading() as session:
        return RedirectResponse(thread_of(letter_for(session, seat, number)), SEE_OTHER)
