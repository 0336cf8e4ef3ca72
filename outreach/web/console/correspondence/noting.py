"""One organisation in a round: what it said by telephone or post is noted, and by whom it is asked."""

from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.signatures import Origin
from outreach.domain.states import CallState
from outreach.domain.users import Right
from outreach.queries.rounds import round_now
from outreach.store.tables import Call, Contact, Organisation, RoundMember
from outreach.usecases.answer_draft import Answered, answer_draft
from outreach.usecases.name_member import name_member
from outreach.web.console.correspondence.door import NOT_SO, room
from outreach.web.console.correspondence.rounds import TAKES_ANSWERS, at_round, round_at
from outreach.web.console.correspondence.words import MEMBER_MARKS, member_words, said_words
from outreach.web.console.forms import AtForm
from outreach.web.console.room import PREFIX
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk

ORIGINS = (Origin.TELEPHONE, Origin.POST, Origin.MEETING)
NAMED_IN = (CallState.DRAFT, CallState.OPEN)


def member_at(session: Session, call: Call, number: int) -> RoundMember:
    """The organisation's part in the round; 404 where it is not asked."""
    found = session.get(RoundMember, (call.id, number))
    if found is None:
        raise HTTPException(NOT_THERE)
    return found


@room.page("/calls/{slug}/round/{number:int}", Right.SORT)
def member(request: Request, desk: AtDesk, seat: AtSeat, slug: str, number: int) -> Response:
    """Where the organisation stands, and what can be noted of it."""
    return _shown(request, desk, seat, slug, number, {}, ())


@room.deed("/calls/{slug}/round/{number:int}/answer", Right.SORT)
def note(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str, number: int) -> Response:
    """What it said by telephone, by post or in a meeting is kept; the newest answer holds."""
    typed = {name: form.text(name).strip() for name in ("answer", "comment", "channel", "evidence")}
    try:
        with desk.outreach.database.changing() as session:
            call = round_at(session, seat, slug, Right.SORT)
            told = _noted(session, desk, seat, call, number, typed)
    except Refusal as refusal:
        return _shown(request, desk, seat, slug, number, typed, refusal.reasons)
    desk.on_change()
    return go(request, at_round(slug), Said(told))


def _noted(session: Session, desk: Desk, seat: Seat, call: Call, number: int, typed: dict[str, str]) -> str:
    asked = member_at(session, call, number)
    missing = [
        sentence
        for sentence, there in (
            (seat._("Choose what it said."), typed["answer"] in set(DraftAnswer)),
            (seat._("Choose the way by which it came."), typed["channel"] in set(ORIGINS)),
            (seat._("Say who said so, when, and to whom: it is the only evidence."), typed["evidence"]),
        )
        if not there
    ]
    if missing:
        raise InvalidInput(*missing)
    done = answer_draft(
        session,
        call,
        asked,
        DraftAnswer(typed["answer"]),
        typed["comment"],
        contact=None,
        origin=Origin(typed["channel"]),
        evidence=typed["evidence"],
        now=seat.now,
        by=seat.by,
        house=desk.house,
    )
    if not isinstance(done, Answered):
        raise Refusal(seat._("The round takes no answers now: it has not begun, or its list is signed off."))
    name = session.get_one(Organisation, number).name
    told = f"{name}{seat._(': ')}{said_words(seat)[done.answer.answer]}."
    return told + (" " + seat._("It came after the deadline: decide at the desk.") if done.late else "")


@room.deed("/calls/{slug}/round/{number:int}/name", Right.RUN)
def name(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str, number: int) -> Response:
    """Ask it by that contact from now on; in an open round the contact is asked at once.

    Who may be asked is known to those who keep the contacts: nobody else tries which addresses are there.
    """
    seat.must(Right.PEOPLE)
    address = form.line("address")
    try:
        with desk.outreach.database.changing() as session:
            call = round_at(session, seat, slug, Right.RUN)
            asked = member_at(session, call, number)
            done = name_member(session, call, asked, address, now=seat.now, by=seat.by, house=desk.house)
            body = session.get_one(Organisation, number).name
            told = seat._("{organisation} is asked by {address}.").format(
                organisation=body, address=done.contact.address
            )
            if done.asked:
                told += " " + seat._("The draft is on its way there.")
    except Refusal as refusal:
        return _shown(request, desk, seat, slug, number, {"address": address}, refusal.reasons)
    desk.on_change()
    return go(request, at_round(slug), Said(told))


def _shown(
    request: Request,
    desk: Desk,
    seat: Seat,
    slug: str,
    number: int,
    typed: dict[str, str],
    wrong: tuple[str, ...],
) -> Response:
    blank: dict[str, Any] = {"answer": "", "comment": "", "channel": "telephone", "evidence": "", "address": ""}
    with desk.outreach.database.reading() as session:
        call = round_at(session, seat, slug, Right.SORT)
        asked = member_at(session, call, number)
        contact = session.get(Contact, asked.contact_id) if asked.contact_id else None
        line = next(one for one in round_now(session, call) if one.number == number)
    channels = {
        Origin.TELEPHONE.value: seat._("by telephone"),
        Origin.POST.value: seat._("by post"),
        Origin.MEETING.value: seat._("in a meeting"),
    }
    return show(
        "round-member",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        call=call,
        here=f"{PREFIX}/calls/{slug}",
        line=line,
        contact=contact,
        number=number,
        words=member_words(seat),
        marks=MEMBER_MARKS,
        says={one.value: words for one, words in said_words(seat).items()},
        channels=channels,
        takes=call.state in TAKES_ANSWERS,
        names=seat.may(Right.PEOPLE) and seat.may(Right.RUN, call.id) and call.state in NAMED_IN,
        typed={**blank, **typed},
        wrong=wrong,
    )
