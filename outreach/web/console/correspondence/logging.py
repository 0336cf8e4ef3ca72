"""An official's answer that did not come to the mailbox goes on record, or that the office has the letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session, col, select

from outreach.domain.answers import LONGEST_SUMMARY
from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.users import Right
from outreach.queries.answer_doubts import answer_doubts
from outreach.store.addressees import standing_of
from outreach.store.documents import OCTETS, keep_document
from outreach.store.of_calls import letter_of_calls
from outreach.store.tables import Addressee, Answer, Document, Letter, Post
from outreach.usecases.log_answer import log_answer
from outreach.web.console.correspondence.door import (
    ANSWERS,
    NOT_SO,
    day_in,
    letter_for,
    post_for,
    room,
    today,
)
from outreach.web.console.correspondence.words import standing_words, way_words, what_words
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.said import Said
from outreach.web.console.seat import NOT_THERE, AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.desk import AtDesk, Desk

TYPED = ("letter", "kind", "way", "dated", "received", "sender", "subject", "reference", "summary")


@dataclass(frozen=True, slots=True)
class Given:
    """What a form says of an answer, read as far as it can be."""

    kind: AnswerKind
    way: Way
    dated: date
    received: date
    words: Mapping[str, str]


@room.page("/officials/{number:int}/log", Right.SORT)
def blank(request: Request, desk: AtDesk, seat: AtSeat, number: int, letter: int = 0, kind: str = "") -> Response:
    """An empty form, for a letter that is known already or for none."""
    day = today(desk, seat).isoformat()
    typed = {
        "kind": kind if kind in set(AnswerKind) else AnswerKind.ANSWER.value,
        "way": Way.POST.value,
        "letter": str(letter or ""),
        "received": day,
        "dated": day if kind == AnswerKind.ACKNOWLEDGEMENT.value else "",
    }
    return _form(request, desk, seat, number, typed, ())


@room.deed("/officials/{number:int}/log", Right.SORT)
def log(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """It is on record, and its letter stands accordingly; what cannot be leaves the form as it was typed."""
    try:
        with desk.outreach.database.changing() as session:
            answer = _logged(session, desk, seat, form, number)
            doubts = answer_doubts(session, answer, desk.house)
            if doubts and not form.checked("certain"):
                raise Doubtful(*doubts)
            told = _told(session, seat, answer)
            to = f"{ANSWERS}/{answer.id}"
    except Refusal as refusal:
        typed = {name: form.text(name).strip() for name in TYPED}
        doubtful = isinstance(refusal, Doubtful)
        return _form(request, desk, seat, number, typed, refusal.reasons, doubtful=doubtful)
    desk.on_change()
    return go(request, to, Said(told))


class Doubtful(Refusal):
    """Something looks wrong about an answer, and nobody has said that it is so."""


def _logged(session: Session, desk: Desk, seat: Seat, form: Form, number: int) -> Answer:
    post = post_for(session, seat, number, Right.SORT)
    letter = _letter(session, seat, form, post)
    given = read_given(seat, form, today(desk, seat))
    documents = _kept(session, seat, form)
    return log_answer(
        session,
        post,
        addressee=letter,
        kind=given.kind,
        way=given.way,
        dated=given.dated,
        received_on=given.received,
        sender=given.words["sender"],
        subject=given.words["subject"],
        reference=given.words["reference"],
        summary=given.words["summary"] if documents else _summary(seat, given),
        documents=documents,
        now=seat.now,
        by=seat.by,
        house=desk.house,
    )


def _letter(session: Session, seat: Seat, form: Form, post: Post) -> Addressee | None:
    """The letter that it answers; that nobody knows it is for whoever may sort everything."""
    if not form.line("letter"):
        if not seat.may(Right.SORT):
            raise InvalidInput(seat._("Choose which letter it answers."))
        return None
    letter = letter_for(session, seat, form.number("letter") or 0, Right.SORT)
    if letter.post_id != post.id:
        raise HTTPException(NOT_THERE)
    return letter


def read_given(seat: Seat, form: Form, day: date) -> Given:
    """What the form says. Raises InvalidInput with all that is missing."""
    kind, way = form.line("kind"), form.line("way")
    received = day_in(seat, form.line("received")) or day
    acknowledges = kind == AnswerKind.ACKNOWLEDGEMENT.value
    dated = day_in(seat, form.line("dated")) or (received if acknowledges else None)
    words = {name: form.line(name) for name in ("sender", "subject", "reference")}
    words["summary"] = form.text("summary").strip()
    missing = [
        sentence
        for sentence, wrong in (
            (seat._("Choose what it is."), kind not in set(AnswerKind)),
            (seat._("Choose the way by which it came."), way not in set(Way)),
            (seat._("Say which day stands on it."), dated is None),
            (seat._("Say who signed it."), not (words["sender"] or acknowledges)),
            (
                seat._("A summary has at most 20,000 characters; add the text as a file."),
                len(words["summary"]) > LONGEST_SUMMARY,
            ),
        )
        if wrong
    ]
    if missing or dated is None:
        raise InvalidInput(*missing)
    return Given(AnswerKind(kind), Way(way), dated, received, words)


def _summary(seat: Seat, given: Given) -> str:
    """What it says, where no file does; of an acknowledgement its number says enough."""
    said, reference = given.words["summary"], given.words["reference"]
    if said or given.kind is not AnswerKind.ACKNOWLEDGEMENT:
        return said
    if not reference:
        raise InvalidInput(seat._("Give the office’s number, a scan, or a word of what was said."))
    return f"The office has the letter, under {reference}."


def _kept(session: Session, seat: Seat, form: Form) -> list[Document]:
    return [
        keep_document(
            session, one.filename or "scan", one.content_type or OCTETS, one.file.read(), now=seat.now, by=seat.by
        )
        for one in form.files("scan")
    ]


def _told(session: Session, seat: Seat, answer: Answer) -> str:
    words = seat._("Logged as answer {number}.").format(number=answer.id)
    letter = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    if letter is None:
        return words + " " + seat._("Say which letter it answers as soon as you know it.")
    stands = {one.value: said for one, said in standing_words(seat).items()}[letter.state.value]
    return words + " " + seat._("The letter is {state} now.").format(state=stands)


def letters_of(session: Session, seat: Seat, post: Post, right: Right, desk: Desk) -> list[tuple[int, str, str]]:
    """The letters to that office which she may choose: their numbers, names, and how far they have come."""
    words, day = standing_words(seat), today(desk, seat)
    found = session.exec(
        select(Addressee, Letter)
        .join(Letter, col(Letter.id) == col(Addressee.letter_id))
        .where(Addressee.post_id == post.id, letter_of_calls(Addressee.letter_id, seat.calls(right)))
        .order_by(col(Addressee.id).desc())
        .limit(200)
    )
    return [(one.id or 0, letter.slug, words[standing_of(one, day)]) for one, letter in found]


def _form(
    request: Request,
    desk: Desk,
    seat: Seat,
    number: int,
    typed: dict[str, Any],
    wrong: tuple[str, ...],
    *,
    doubtful: bool = False,
) -> Response:
    with desk.outreach.database.reading() as session:
        post = post_for(session, seat, number, Right.SORT)
        letters = letters_of(session, seat, post, Right.SORT, desk)
    return show(
        "correspondence-log",
        request,
        seat,
        code=NOT_SO if wrong else 200,
        post=post,
        letters=letters,
        typed={**dict.fromkeys(TYPED, ""), **typed},
        wrong=wrong,
        doubtful=doubtful,
        ways={way.value: way_words(seat)[way] for way in Way},
        kinds={kind.value: what_words(seat)[kind.value] for kind in AnswerKind},
        day=today(desk, seat),
    )
