"""What was released on paper: printed, and noted when somebody has brought, posted or faxed it."""

from collections.abc import Collection, Sequence
from datetime import date

from fastapi import Request, Response
from sqlmodel import Session, col, func, select

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import WAYS_OUT, Way
from outreach.domain.users import Right
from outreach.queries.letter_addressees import BROUGHT, officials_of
from outreach.store.addressees import find_addressee
from outreach.store.answers import lock
from outreach.store.documents import LARGEST, OCTETS, keep_document
from outreach.store.tables import Addressee, Call, Delivery, Document, Letter
from outreach.usecases.record_delivery import record_delivery
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.letters.door import NOT_SO, at, brought, do, head, letter_here, room, today
from outreach.web.console.letters.whom import clean, line_words, named
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import show
from outreach.web.desk import AtDesk, Desk

BY_HAND = tuple(way for way in (Way.HAND, Way.POST, Way.FAX, Way.FORM) if way in WAYS_OUT)


TYPED = ("way", "on", "note")


@room.page("/calls/{slug}/officials/note", Right.RUN)
def to_note(request: Request, desk: AtDesk, seat: AtSeat, slug: str, after: str = "") -> Response:
    """Those to whom it was released and of whom nobody knows yet that they have it."""
    return _page(request, desk, seat, slug, clean(after), {"on": today(desk, seat).isoformat()})


def _page(
    request: Request,
    desk: Desk,
    seat: Seat,
    slug: str,
    after: str,
    typed: dict[str, str],
    ticked: Collection[str] = (),
    wrong: Sequence[str] = (),
) -> Response:
    with desk.outreach.database.reading() as session:
        call, letter = letter_here(session, seat, slug, Right.RUN)
        found = officials_of(
            session, letter, stages=BROUGHT, after=after, today=today(desk, seat), house=desk.house
        )
        values = head(session, desk, seat, call, letter)
        seen = _newest(session, letter)
    return show(
        "letter-note",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        **values,
        **line_words(seat),
        found=found.lines,
        by_hand=BY_HAND,
        today=today(desk, seat),
        largest=LARGEST // 1_000_000,
        seen=seen,
        typed=dict.fromkeys(TYPED, "") | typed,
        ticked=ticked,
        wrong=wrong,
        more=f"{at(slug, 'note')}?after={found.after}" if found.after else "",
        first=at(slug, "note") if after else "",
        after=after,
    )


def _newest(session: Session, letter: Letter, *, of: Addressee | None = None) -> int:
    """The number of the newest delivery of the letter, or of it to one official: what a form has seen."""
    statement = (
        select(func.max(col(Delivery.id)))
        .join(Addressee, col(Addressee.id) == col(Delivery.addressee_id))
        .where(Addressee.letter_id == letter.id)
    )
    if of is not None:
        statement = statement.where(Addressee.id == of.id)
    return session.exec(statement).one() or 0


@room.deed("/calls/{slug}/officials/note", Right.RUN)
def note(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """One or several were handed over, posted or faxed: noted for each, with what proves it."""

    def deed(session: Session, _call: Call, letter: Letter) -> Said:
        way, on, proof = _way(seat, form), _day(seat, form), _proof(seat, form)
        posts = brought(session, desk, seat, letter, form)
        kept = keep_document(session, *proof, now=seat.now, by=seat.by) if proof else None
        for post in posts:
            addressee = find_addressee(session, letter, post)
            lock(session, addressee)
            if _newest(session, letter, of=addressee) > (form.number("seen") or 0):
                sentence = seat._("Meanwhile a delivery to {office} was noted; look again.")
                raise Refusal(sentence.format(office=post.office))
            _record(session, desk, seat, form, addressee, way, on, kept)
        return Said(seat._("Noted for {whom}.").format(whom=named(seat, posts)))

    try:
        return do(request, desk, seat, slug, Right.RUN, at(slug, "note"), deed)
    except Refusal as refusal:
        typed = {name: form.text(name) for name in TYPED}
        after = clean(form.line("after"))
        return _page(request, desk, seat, slug, after, typed, form.all("post"), refusal.reasons)


def _record(
    session: Session,
    desk: Desk,
    seat: Seat,
    form: Form,
    addressee: Addressee,
    way: Way,
    on: date,
    proof: Document | None,
) -> None:
    record_delivery(
        session,
        addressee,
        way,
        on,
        arrived=form.checked("arrived"),
        proof=proof,
        note=form.text("note"),
        now=seat.now,
        by=seat.by,
        house=desk.house,
    )


def _proof(seat: Seat, form: Form) -> tuple[str, str, bytes] | None:
    files = form.files("proof")
    if len(files) > 1:
        raise InvalidInput(seat._("Choose one file that proves it; put several pages into one."))
    return (files[0].filename or "", files[0].content_type or OCTETS, files[0].file.read()) if files else None


def _way(seat: Seat, form: Form) -> Way:
    way = form.line("way")
    if way not in set(BY_HAND):
        raise InvalidInput(seat._("Say how it was brought."))
    return Way(way)


def _day(seat: Seat, form: Form) -> date:
    try:
        return date.fromisoformat(form.line("on"))
    except ValueError:
        raise InvalidInput(seat._("Say on which day it was brought.")) from None
