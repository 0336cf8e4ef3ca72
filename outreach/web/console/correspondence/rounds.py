"""The round that approves a response: who approves, who asks for a change, who is silent, and what it will do."""

from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session, col, select

from outreach.domain.correspondence import RoundKind
from outreach.domain.errors import Refusal
from outreach.domain.rounds import Standing
from outreach.domain.states import CallState
from outreach.domain.users import Right
from outreach.queries.letter_versions import letter_versions
from outreach.queries.responses import Signatory, signatories
from outreach.queries.rounds import MemberLine, round_now
from outreach.store.membership import members_of
from outreach.store.rounds import answer_behind
from outreach.store.tables import Addressee, Answer, Call, Letter, Post
from outreach.usecases.open_round import open_round
from outreach.web.console.call_words import call_states
from outreach.web.console.correspondence.door import may_for_letter, room
from outreach.web.console.correspondence.responding import chosen
from outreach.web.console.correspondence.words import MEMBER_MARKS, member_words
from outreach.web.console.forms import AtForm
from outreach.web.console.room import PREFIX, call_of
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk

TAKES_ANSWERS = (CallState.OPEN, CallState.CLOSED)


def round_at(session: Session, seat: Seat, slug: str, right: Right = Right.READ) -> Call:
    """The call that is a round of approval; 404 for one that is signed publicly."""
    call = call_of(session, seat, slug, right)
    if call.round is not RoundKind.APPROVAL:
        raise HTTPException(NOT_THERE)
    return call


def at_round(slug: str) -> str:
    """The address of the round's page."""
    return f"{PREFIX}/calls/{slug}/round"


@room.page("/calls/{slug}/round", Right.READ)
def show_round(request: Request, desk: AtDesk, seat: AtSeat, slug: str) -> Response:
    """Where it stands, organisation by organisation."""
    with desk.outreach.database.reading() as session:
        call = round_at(session, seat, slug)
        letter = session.get_one(Letter, call.letter_id)
        lines = round_now(session, call)
        answer = answer_behind(session, letter)
        return show(
            "round",
            request,
            seat,
            call=call,
            here=f"{PREFIX}/calls/{slug}",
            lines=lines,
            counts=_counted(lines),
            asked=sum(not one.not_asked for one in lines),
            versions=letter_versions(session, letter),
            words=member_words(seat),
            marks=MEMBER_MARKS,
            states=call_states(seat),
            takes=call.state in TAKES_ANSWERS,
            runs=seat.may(Right.RUN, call.id),
            sorts=seat.may(Right.SORT, call.id),
            choices=_choices(session, call, answer),
            **_behind(session, seat, answer),
        )


def _counted(lines: list[MemberLine]) -> dict[Standing, int]:
    found = {one: sum(line.standing is one for line in lines) for one in Standing}
    return {one: number for one, number in found.items() if number}


def _behind(session: Session, seat: Seat, answer: Answer | None) -> dict[str, Any]:
    """What it responds to, as far as she may see that."""
    if answer is None:
        return {"answer": None, "post": None}
    letter = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    seen = may_for_letter(session, seat, letter, Right.READ)
    return {"answer": answer if seen else None, "post": session.get_one(Post, answer.post_id)}


def _choices(session: Session, call: Call, answer: Answer | None) -> list[tuple[Signatory, bool]]:
    """Whom a draft could ask, and whether it asks them as it is."""
    if call.state is not CallState.DRAFT or answer is None:
        return []
    asked = {member.signature_id for member, _ in members_of(session, call)}
    return [(one, one.signature in asked) for one in signatories(session, answer)]


@room.deed("/calls/{slug}/round/members", Right.RUN)
def choose(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, slug: str) -> Response:
    """The draft asks exactly those who are ticked."""
    with desk.outreach.database.changing() as session:
        call = round_at(session, seat, slug, Right.RUN)
        answer = answer_behind(session, session.get_one(Letter, call.letter_id))
        earlier = _earlier(session, answer)
        if answer is None or earlier is None:
            raise Refusal(seat._("Nobody knows whose approval this round asks for."))
        only = chosen(seat, signatories(session, answer), form.all("members"))
        done = open_round(session, call, earlier, only=only, now=seat.now, by=seat.by, house=desk.house)
    told = seat.translations.ngettext(
        "The round will ask {count} organisation.", "The round will ask {count} organisations.", done.members
    )
    return go(request, at_round(slug), Said(told.format(count=done.members)))


def _earlier(session: Session, answer: Answer | None) -> Letter | None:
    to = session.get(Addressee, answer.addressee_id) if answer and answer.addressee_id else None
    return session.exec(select(Letter).where(col(Letter.id) == to.letter_id)).first() if to else None
