"""To whom the letter shall go: posts of the register, searched and narrowed, added one by one or all that fit."""

from urllib.parse import urlencode

from babel.numbers import format_decimal
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from outreach.domain.errors import InvalidInput
from outreach.domain.places import country_name
from outreach.domain.users import Right
from outreach.queries.letter_addressees import addressed_among, count_not_addressed, not_addressed
from outreach.queries.official_search import Wanted, search_posts, states_known
from outreach.store.tables import Call, Letter, Post
from outreach.usecases.address_letter import address_letter
from outreach.web.console.forms import AtForm
from outreach.web.console.letters.door import MOST_AT_ONCE, at, do, head, letter_here, numbers_in, room, today
from outreach.web.console.letters.whom import clean, named
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import piece, show
from outreach.web.desk import AtDesk

NARROWED_BY = ("q", "state", "institution", "language")
UNDONE = 300
"""Of so many at the most it is remembered in the page that follows whom to take off again."""


def _asked(values: dict[str, str]) -> tuple[dict[str, str], Wanted]:
    asked = {name: clean(values.get(name, "")) for name in NARROWED_BY}
    return asked, Wanted(asked["q"], asked["state"], asked["institution"], asked["language"].lower())


@room.page("/calls/{slug}/officials/choose", Right.RUN)
def choose(request: Request, desk: AtDesk, seat: AtSeat, slug: str, after: str = "") -> Response:
    """The register, with those to whom it goes already marked."""
    asked, wanted = _asked(dict(request.query_params))
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.RUN)
        found = search_posts(session, wanted, day=today(desk, seat), after=clean(after))
        states = states_known(session)
        there = addressed_among(session, letter, [number for number, _ in found.posts])
        fit = count_not_addressed(session, letter, wanted)
        values = head(session, desk, seat, call, letter)
    kept = {name: value for name, value in asked.items() if value}
    here = at(slug, "choose")
    return show(
        "letter-choose",
        request,
        seat,
        **values,
        found=found.posts,
        there=there,
        fit=fit,
        asked=asked,
        narrowed=bool(wanted),
        states=sorted((country_name(code, seat.language), code) for code in states),
        more=f"{here}?{urlencode(kept | {'after': found.after})}" if found.after else "",
        first=f"{here}?{urlencode(kept)}" if after else "",
    )


@room.page("/calls/{slug}/officials/choose/counted", Right.RUN)
def counted(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """How many would be added if all were that fit what is typed."""
    _, wanted = _asked(dict(request.query_params))
    with desk.outreach.database.reading() as session:
        _, letter = letter_here(session, seat, slug, Right.RUN)
        fit = count_not_addressed(session, letter, wanted)
    return HTMLResponse(piece("letter-fit", seat, fit=fit, narrowed=bool(wanted)))


@room.deed("/calls/{slug}/officials/add", Right.RUN)
def add(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """Address the letter to those who are ticked, or to all that fit; undone by taking them off."""

    def deed(session: Session, _call: Call, letter: Letter) -> Said:
        if form.checked("all"):
            _, wanted = _asked({name: form.line(name) for name in NARROWED_BY})
            posts = not_addressed(session, letter, wanted, most=MOST_AT_ONCE)
        else:
            numbers = numbers_in(seat, form)
            posts = list(session.exec(select(Post).where(col(Post.id).in_(numbers)).order_by(col(Post.slug))))
            if len(posts) < len(numbers):
                raise InvalidInput(seat._("There is no such official."))
        there = addressed_among(session, letter, [post.id or 0 for post in posts])
        new = [post for post in posts if post.id not in there]
        address_letter(session, letter, posts, now=seat.now, by=seat.by)
        return _said(seat, slug, new, len(posts) - len(new))

    return do(request, desk, seat, slug, Right.RUN, at(slug), deed)


def _said(seat: Seat, slug: str, new: list[Post], there: int) -> Said:
    before = seat._("{number} of them were addressed before.").format(
        number=format_decimal(there, locale=seat.language)
    )
    if not new:
        return Said(seat._("The letter goes to all of these already; nothing was changed."))
    said = seat._("The letter is addressed to {whom} now.").format(whom=named(seat, new))
    if there:
        said = f"{said} {before}"
    if len(new) > UNDONE:
        return Said(said)
    return Said(said, at(slug, "take-off"), {"posts": ",".join(str(post.id) for post in new)})
