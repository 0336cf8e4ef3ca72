"""The register, searched and narrowed; what offices should have done by now; and one post's page."""

from urllib.parse import urlencode

from fastapi import Request, Response

from outreach.domain.places import country_name
from outreach.domain.users import Right
from outreach.queries.correspondence import thread
from outreach.queries.log import log_page
from outreach.queries.official_search import Wanted, fact_names, search_posts, states_known
from outreach.queries.officials import post_card
from outreach.queries.overdue import overdue
from outreach.web.console.log import in_words
from outreach.web.console.officials.door import OFFICIALS, post_of, room, today
from outreach.web.console.officials.keeping import typed_of
from outreach.web.console.seat import AtSeat
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


@room.page("/officials/overdue", Right.READ, whole=True)
def late(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Whose next step was due and did not come, what is overdue longest first."""
    with desk.outreach.database.reading() as session:
        lines = overdue(session, today=today(desk, seat), house=desk.house)
    return show("officials-overdue", request, seat, lines=lines)


@room.page("/officials/{number:int}", Right.READ, whole=True)
def official(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """One post: who holds it, how to reach it, what is known of its State, every letter in and out."""
    with desk.outreach.database.reading() as session:
        post = post_of(session, number)
        card = post_card(session, post, day=today(desk, seat))
        log = log_page(session, subject="post", subject_id=number, limit=HISTORY)
        return show(
            "official",
            request,
            seat,
            post=post,
            card=card,
            letters=thread(session, [post], desk.house),
            at=f"{OFFICIALS}/{number}",
            keeps=seat.may(Right.PEOPLE),
            typed=typed_of(post),
            fact_names=fact_names(session),
            history=[in_words(line, seat) for line in log],
        )
