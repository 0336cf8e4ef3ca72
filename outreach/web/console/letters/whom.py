"""To whom a letter goes, how far it is with each, and each one's own letter as it will read, or read."""

from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, select

from outreach.domain.users import Right
from outreach.queries.letter_addressees import NOT_OUT, Stage, officials_of
from outreach.queries.official_letters import for_official, letters_as_they_are
from outreach.rendering.letters.web import to_html
from outreach.store.addressees import day_of
from outreach.store.documents import content_of
from outreach.store.editions import newest_edition
from outreach.store.letters_to_officials import ToOfficial
from outreach.store.tables import Addressee, Call, Edition, Letter, Post
from outreach.usecases.address_letter import take_off_letter
from outreach.web.console.forms import AtForm
from outreach.web.console.letters.door import LONGEST, at, chosen, do, head, letter_here, room, today
from outreach.web.console.letters.words import STAGE_MARKS, next_words, stage_words, way_words, without_command
from outreach.web.console.replies.evidence import SHUT
from outreach.web.console.room import row_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.console.tasks import as_download
from outreach.web.desk import AtDesk, Desk


@room.page("/calls/{slug}/officials", Right.READ)
def whom(
    request: Request, desk: AtDesk, seat: AtSeat, slug: str, stage: str = "", q: str = "", after: str = ""
) -> Response:
    """The officials of the letter, by their names, with what comes next for each."""
    only, words = Stage(stage) if stage in set(Stage) else None, clean(q)
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        found = officials_of(
            session,
            letter,
            stages=[only] if only else (),
            words=words,
            after=clean(after),
            today=today(desk, seat),
            house=desk.house,
        )
        values = head(session, desk, seat, call, letter)
    asked = {"stage": only.value if only else "", "q": words}
    kept = {name: value for name, value in asked.items() if value}
    return show(
        "letter-whom",
        request,
        seat,
        **values,
        **line_words(seat),
        found=found.lines,
        asked=asked,
        more=f"{at(slug)}?{urlencode(kept | {'after': found.after})}" if found.after else "",
        first=f"{at(slug)}?{urlencode(kept)}" if after else "",
        runs=seat.may(Right.RUN, call.id),
        not_out=NOT_OUT,
    )


def clean(text: str) -> str:
    """What was typed into an address, as the database can be asked for it."""
    return text.replace("\0", "")[:LONGEST].strip()


def line_words(seat: Seat) -> dict[str, Any]:
    """What the tables of officials call things."""
    return {
        "stages": stage_words(seat),
        "marks": STAGE_MARKS,
        "nexts": next_words(seat),
        "ways": way_words(seat),
        "plainly": without_command,
    }


@room.deed("/calls/{slug}/officials/take-off", Right.RUN)
def take_off(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The letter is not for these officials after all; undone by adding them again."""

    def deed(session: Session, _call: Call, letter: Letter) -> Said:
        posts = chosen(session, seat, letter, form)
        for post in posts:
            take_off_letter(session, letter, post, now=seat.now, by=seat.by)
        said = seat._("The letter does not go to {whom} any more.").format(whom=named(seat, posts))
        return Said(said, at(slug, "add"), {"posts": ",".join(str(post.id) for post in posts)})

    return do(request, desk, seat, slug, Right.RUN, at(slug), deed)


def named(seat: Seat, posts: list[Post]) -> str:
    """One official by name, several by their number."""
    if len(posts) == 1:
        return posts[0].office
    return seat._("{number} officials").format(number=len(posts))


@room.page("/calls/{slug}/officials/{number:int}", Right.READ)
def one(request: Request, desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """The letter to one official, in a shut frame, with what holds it back."""
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        to, _ = _to(session, desk, seat, call, letter, number)
        (line,) = officials_of(session, letter, posts=[number], today=today(desk, seat), house=desk.house).lines
        return show(
            "letter-one",
            request,
            seat,
            **head(session, desk, seat, call, letter),
            **line_words(seat),
            line=line,
            to=to,
            runs=seat.may(Right.RUN, call.id),
            not_out=NOT_OUT,
        )


@room.page("/calls/{slug}/officials/{number:int}/framed", Right.READ)
def shown(desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """The letter itself, for the frame: nothing in it is loaded, run or sent."""
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.READ)
        to, addressee = _to(session, desk, seat, call, letter, number)
        went = addressee.edition_id if to.released else None
        edition = session.get(Edition, went) if went else newest_edition(session, letter.id or 0)
        moment = addressee.released_at if to.released and addressee.released_at else seat.now
        day = day_of(moment, desk.house)
        text = to_html(for_official(session, call, edition, to, day=day, house=desk.house))
    return HTMLResponse(text, headers={"Content-Security-Policy": SHUT, "Referrer-Policy": "no-referrer"})


@room.page("/calls/{slug}/officials/{number:int}/file", Right.READ)
def released(desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """The PDF as it was released to this official, to be kept."""
    with desk.outreach.database.reading() as session:
        _, letter = letter_here(session, seat, slug, Right.READ)
        addressee = _addressee(session, letter, number)
        if addressee.document_id is None:
            raise HTTPException(NOT_THERE)
        post = row_of(session, Post, number)
        return as_download(content_of(session, addressee.document_id), f"{letter.slug}-{post.slug}.pdf")


def _to(
    session: Session, desk: Desk, seat: Seat, call: Call, letter: Letter, number: int
) -> tuple[ToOfficial, Addressee]:
    """The letter to that official as it will read, or read when it was released; 404 where it goes to no such."""
    addressee = _addressee(session, letter, number)
    post = row_of(session, Post, number)
    (to,) = letters_as_they_are(session, letter, call, [post.slug], day=today(desk, seat), house=desk.house)
    return to, addressee


def _addressee(session: Session, letter: Letter, number: int) -> Addressee:
    found = session.exec(
        select(Addressee).where(Addressee.letter_id == letter.id, Addressee.post_id == number)
    ).first()
    if found is None:
        raise HTTPException(NOT_THERE)
    return found
