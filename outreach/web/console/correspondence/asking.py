"""A polite question to an office that does not answer: drafted, edited, and sent by a person's click alone."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.users import Right
from outreach.store.addressees import day_of
from outreach.store.rounds import call_of
from outreach.store.tables import Addressee, Letter, Post
from outreach.usecases.draft_enquiry import Enquiry, draft_enquiry
from outreach.usecases.enquire import enquire
from outreach.web.console.correspondence.door import NOT_SO, letter_for, room, thread_of, today
from outreach.web.console.correspondence.words import day_words, way_words
from outreach.web.console.forms import AtForm
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk


@room.page("/correspondence/{number:int}/enquire", Right.RUN)
def draft(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """The enquiry as it would go; nothing goes by that."""
    return _form(request, desk, seat, number, {}, ())


@room.deed("/correspondence/{number:int}/enquire", Right.RUN)
def ask(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Its mail is queued, or somebody has asked another way; the office has time anew."""
    typed = {name: form.text(name).strip() for name in ("way", "text", "was", "note")}
    try:
        with desk.outreach.database.changing() as session:
            letter = letter_for(session, seat, number, Right.RUN)
            if typed["way"] not in set(Way):
                raise InvalidInput(seat._("Choose how the office is asked."))
            way = Way(typed["way"])
            if way is Way.MAIL and not typed["text"]:
                raise InvalidInput(seat._("The enquiry says nothing."))
            own = typed["text"] if way is Way.MAIL and typed["text"] != typed["was"] else ""
            enquire(session, letter, way, text=own, note=typed["note"], now=seat.now, by=seat.by, house=desk.house)
            told = _told(seat, letter, way)
            to = thread_of(letter)
    except Refusal as refusal:
        return _form(request, desk, seat, number, typed, refusal.reasons)
    desk.on_change()
    return go(request, to, Said(told))


def _told(seat: Seat, letter: Addressee, way: Way) -> str:
    told = (
        seat._("The enquiry is on its way.")
        if way is Way.MAIL
        else seat._("Noted: the office was asked {way}.").format(way=way_words(seat)[way])
    )
    if letter.due_on is None:
        return told
    return told + " " + seat._("It has time until {day} now.").format(day=day_words(seat, letter.due_on))


def _form(
    request: Request, desk: Desk, seat: Seat, number: int, typed: dict[str, str], wrong: tuple[str, ...]
) -> Response:
    with desk.outreach.database.reading() as session:
        letter = letter_for(session, seat, number, Right.RUN)
        enquiry, why_not = _draft(session, desk, seat, letter)
        post = session.get_one(Post, letter.post_id)
        kept = session.get_one(Letter, letter.letter_id)
        call = call_of(session, kept)
    first = Way.MAIL if enquiry and enquiry.address else Way.POST
    text = enquiry.text.strip() if enquiry else ""
    return show(
        "correspondence-enquire",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        letter=letter,
        title=call.title if call else kept.slug,
        post=post,
        enquiry=enquiry,
        why_not=why_not,
        early=_early(seat, desk, letter),
        # What was refused a moment ago is said once.
        wrong=() if enquiry is None else wrong,
        typed={"way": first.value, "text": text, "note": "", **typed, "was": text},
        ways={
            way.value: way_words(seat)[way] for way in Way if way is not Way.MAIL or (enquiry and enquiry.address)
        },
        to=thread_of(letter),
    )


def _draft(session: Session, desk: Desk, seat: Seat, letter: Addressee) -> tuple[Enquiry | None, tuple[str, ...]]:
    try:
        return draft_enquiry(session, letter, now=seat.now, house=desk.house), ()
    except Refusal as refusal:
        return None, refusal.reasons


def _early(seat: Seat, desk: Desk, letter: Addressee) -> list[str]:
    """Why it may be wiser to wait; nothing when the office's time is over."""
    day, reasons = today(desk, seat), list[str]()
    went: Any = letter.delivered_at or letter.sent_at
    if went is not None and day_of(went, desk.house) == day:
        reasons.append(seat._("The letter went only today."))
    if letter.due_on is not None and letter.due_on >= day:
        reasons.append(
            seat._("It is early: the office has time until {day}.").format(day=day_words(seat, letter.due_on))
        )
    return reasons
