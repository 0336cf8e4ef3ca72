"""The register, searched and narrowed; and one post's page, with every letter to it and from it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from outreach.domain.places import country_name
from outreach.domain.states import AddresseeState
from outreach.domain.users import Right
from outreach.queries.correspondence import thread
from outreach.queries.letters_to_posts import LetterToPost, letters_to_posts
from outreach.queries.letters_to_posts import Wanted as Letters
from outreach.queries.log import log_page
from outreach.queries.official_search import Wanted, fact_names, search_posts, states_known
from outreach.queries.officials import post_card
from outreach.web.console.correspondence.door import is_written_to, post_for
from outreach.web.console.correspondence.words import (
    STANDING_MARKS,
    day_words,
    role_words,
    standing_words,
    way_words,
    what_words,
)
from outreach.web.console.log import MOST_ROWS, in_words
from outreach.web.console.mail_words import state_words
from outreach.web.console.officials.door import OFFICIALS, room, today
from outreach.web.console.officials.keeping import typed_of
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk

HISTORY = 30
LONGEST = 100


@room.page("/officials", Right.READ, whole=True)
def listed(request: Request, desk: AtDesk, seat: AtSeat, after: str = "") -> Response:
    """The posts by their names."""
    asked = {
        name: request.query_params.get(name, "").replace("\0", "")[:LONGEST].strip()
        for name in ("q", "state", "institution", "language", "closed")
    }
    wanted = Wanted(
        asked["q"], asked["state"], asked["institution"], asked["language"].lower(), closed=bool(asked["closed"])
    )
    with desk.outreach.database.reading() as session:
        found = search_posts(session, wanted, day=today(desk, seat), after=after.replace("\0", "")[:LONGEST])
        states = states_known(session)
    kept = {name: value for name, value in asked.items() if value}
    return show(
        "officials",
        request,
        seat,
        found=found.posts,
        asked=asked,
        narrowed=bool(wanted),
        states=sorted((country_name(code, seat.language), code) for code in states),
        more=f"{OFFICIALS}?{urlencode(kept | {'after': found.after})}" if found.after else "",
        first=f"{OFFICIALS}?{urlencode(kept)}" if after else "",
    )


@room.page("/officials/{number:int}", Right.READ)
def official(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """One post: who holds it, how to reach it, what is known of its State, every letter in and out.

    Who has a role for some calls sees it where one of their letters goes to it, with what belongs to them.
    """
    calls, day = seat.calls(Right.READ), today(desk, seat)
    with desk.outreach.database.reading() as session:
        post = post_for(session, seat, number)
        wanted = Letters(calls, post=number)
        log = (
            log_page(session, subject="post", subject_id=number, limit=HISTORY, most=MOST_ROWS)
            if seat.may(Right.READ)
            else []
        )
        letters = letters_to_posts(session, wanted, today=day, house=desk.house).letters
        return show(
            "official",
            request,
            seat,
            post=post,
            card=post_card(session, post, day=day),
            letters=[(one, _next(seat, one, day)) for one in letters],
            thread=thread(session, [post], desk.house, calls=calls),
            at=f"{OFFICIALS}/{number}",
            keeps=seat.may(Right.PEOPLE),
            reads_all=seat.may(Right.READ),
            sorts=is_written_to(session, seat, number, Right.SORT),
            typed=typed_of(post),
            fact_names=fact_names(session),
            history=[in_words(line, seat) for line in log],
            **_words(seat),
        )


def _words(seat: Seat) -> dict[str, Any]:
    return {
        "words": standing_words(seat),
        "marks": STANDING_MARKS,
        "ways": way_words(seat),
        "whats": what_words(seat),
        "roles": role_words(seat),
        "message_states": state_words(seat),
    }


def _next(seat: Seat, letter: LetterToPost, day: date) -> str:
    """What waits, for whom, and until when."""
    line = letter.line
    match line.reached:
        case AddresseeState.TO_SEND:
            return seat._("It waits to be delivered.")
        case AddresseeState.ANSWERED:
            return seat._("Nothing waits: it is answered.")
        case AddresseeState.CLOSED:
            return seat._("Nothing more is expected: {reason}").format(reason=line.reason)
    awaited = (
        seat._("An answer is awaited by {day}.")
        if line.reached is AddresseeState.ACKNOWLEDGED
        else seat._("An acknowledgement is awaited by {day}.")
    )
    said = awaited.format(day=day_words(seat, line.due_on)) if line.due_on else ""
    late = line.due_on is not None and line.due_on < day
    return said + (" " + seat._("That day is past: enquire, or close it.") if late else "")
