"""The coalition's response to an answer: its draft begins from the record, and a round is to approve it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from fastapi import Request, Response
from sqlmodel import Session

from outreach.adapters.approval_texts import read_approval_texts
from outreach.domain.call_files import LetterFile, is_written_in
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.domain.users import Right
from outreach.queries.responses import Signatory, response_draft, signatories
from outreach.store.addressees import day_of
from outreach.store.tables import Addressee, Answer, Letter, Post
from outreach.usecases.respond_to import Responding, respond_to
from outreach.web.console.correspondence.door import ANSWERS, NOT_SO, answer_for, room
from outreach.web.console.forms import AtForm
from outreach.web.console.making.letter import language_name
from outreach.web.console.room import PREFIX
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, local, show
from outreach.web.desk import AtDesk, Desk

OPEN_FOR = timedelta(days=14)
"""For how long a round is suggested to be open."""
TYPED = ("slug", "language", "title", "addressee", "body", "deadline", "zone", "reminder", "last_call")

Texts = dict[tuple[MessageKind, str], str]


@room.page("/correspondence/answers/{number:int}/respond", Right.RUN, whole=True)
def begin(request: Request, desk: AtDesk, seat: AtSeat, number: int, language: str = "") -> Response:
    """The letter with what it answers cited from the record, and who is to approve it."""
    return _form(request, desk, seat, number, {"language": language}, ())


@room.deed("/correspondence/answers/{number:int}/respond", Right.RUN, whole=True)
def respond(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """It is a draft, with the round that approves it; nobody is asked yet."""
    typed: dict[str, Any] = {name: form.text(name).strip() for name in TYPED}
    typed["members"] = form.all("members")
    try:
        texts = read_approval_texts(desk.outreach.folder)
        with desk.outreach.database.changing() as session:
            answer = answer_for(session, seat, number)
            done = _responded(session, desk, seat, answer, typed, texts)
            said, to = Said(_told(seat, done)), f"{PREFIX}/calls/{done.call.slug}/round"
    except Refusal as refusal:
        return _form(request, desk, seat, number, typed, refusal.reasons)
    return go(request, to, said)


def _responded(
    session: Session, desk: Desk, seat: Seat, answer: Answer, typed: dict[str, Any], texts: Texts
) -> Responding:
    _must_be_whole(seat, typed)
    return respond_to(
        session,
        answer,
        slug=typed["slug"],
        letters={typed["language"]: LetterFile(typed["title"], typed["addressee"], (), typed["body"])},
        texts=texts,
        deadline=parse_wall_clock(f"{typed['deadline'].replace('T', ' ')} {typed['zone']}"),
        reminders=[parse_offset(typed["reminder"])] if typed["reminder"] else [],
        last_call=parse_offset(typed["last_call"]) if typed["last_call"] else None,
        only=chosen(seat, signatories(session, answer), typed["members"]),
        now=seat.now,
        by=seat.by,
        house=desk.house,
    )


def _must_be_whole(seat: Seat, typed: dict[str, Any]) -> None:
    missing = [
        sentence
        for sentence, there in (
            (seat._("Give the response a title."), typed["title"]),
            (seat._("Write what it says."), typed["body"]),
            (seat._("Give it a short name in Latin letters: it stands in its addresses."), typed["slug"]),
            (
                seat._("Write the language as its ISO 639 code, such as en, fr or ar."),
                is_written_in(typed["language"]),
            ),
            (seat._("Say until when the organisations may answer."), typed["deadline"]),
        )
        if not there
    ]
    if missing:
        raise InvalidInput(*missing)


def chosen(seat: Seat, known: Sequence[Signatory], numbers: Sequence[str]) -> list[int]:
    """The signatures of those who are chosen, by their numbers; none for all of them."""
    picked = [one.signature for one in known if str(one.signature) in numbers]
    if known and not picked:
        raise InvalidInput(seat._("Choose at least one organisation to approve it."))
    return [] if len(picked) == len(known) else picked


def _told(seat: Seat, done: Responding) -> str:
    told = seat.translations.ngettext(
        "The response is a draft; its round will ask {count} organisation.",
        "The response is a draft; its round will ask {count} organisations.",
        done.round.members,
    ).format(count=done.round.members)
    if done.round.nobody_to_ask:
        names = ", ".join(done.round.nobody_to_ask)
        told += " " + seat._("Nobody is known to ask for {names}.").format(names=names)
    return told


def _form(
    request: Request, desk: Desk, seat: Seat, number: int, typed: dict[str, Any], wrong: Sequence[str]
) -> Response:
    with desk.outreach.database.reading() as session:
        answer = answer_for(session, seat, number)
        post = session.get_one(Post, answer.post_id)
        to = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
        slug = session.get_one(Letter, to.letter_id).slug if to else ""
        languages = list(dict.fromkeys([*post.languages, desk.house.settings.workspace.language]))
        language = (
            typed["language"] if is_written_in(typed["language"]) else (to.language if to else "") or languages[0]
        )
        draft = response_draft(session, answer, language, day_of(seat.now, desk.house))
        members = signatories(session, answer)
    values = {
        "slug": f"answer-to-{post.slug}"[:60],
        "title": draft.title,
        "addressee": draft.addressee,
        "body": draft.body,
        "deadline": f"{local(seat.now + OPEN_FOR, seat):%Y-%m-%dT17:00}",
        "zone": seat.zone,
        "reminder": "3d",
        "last_call": "1d",
        "members": [str(one.signature) for one in members],
        **typed,
        "language": language,
    }
    return show(
        "correspondence-respond",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        answer=answer,
        post=post,
        letter=slug,
        members=members,
        typed=values,
        wrong=wrong,
        languages={one: language_name(one, seat) for one in dict.fromkeys([*languages, language])},
        zones=sorted(available_timezones()),
        at=f"{ANSWERS}/{number}",
    )
