"""An answer is put right, or taken off the record; each says afterwards how to undo it, where it can be."""

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.answers import LONGEST_SUMMARY
from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.users import Right
from outreach.store.answers import documents_of
from outreach.store.tables import Addressee, Answer
from outreach.usecases.correct_answer import Corrections, correct_answer
from outreach.usecases.withdraw_answer import withdraw_answer
from outreach.web.console.correspondence.answer import typed_of
from outreach.web.console.correspondence.door import (
    ANSWERS,
    OFFICIALS,
    answer_for,
    day_in,
    letter_for,
    room,
)
from outreach.web.console.forms import AtForm, Form
from outreach.web.console.making.door import version_of
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go
from outreach.web.desk import AtDesk

UNDONE_TO = 1200
"""Characters of a summary that an undo still carries; a cookie holds no more."""


@room.deed("/correspondence/answers/{number:int}/correct", Right.SORT)
def correct(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """It is as the form says; the letters stand as if that had been known from the beginning."""
    with desk.outreach.database.changing() as session:
        answer = answer_for(session, seat, number, Right.SORT)
        before = typed_of(answer)
        if form.line("version") not in ("", version_of(before)):  # an undo says only what it undoes
            raise Refusal(seat._("Somebody else has corrected this answer since you looked; look at it once more."))
        given = {name: form.text(name).strip() for name in before if name in form.data}
        other = {name: value for name, value in given.items() if value != before[name]}
        if not other:
            return go(request, f"{ANSWERS}/{number}", Said(seat._("Nothing is other than before.")))
        corrections = _corrections(session, seat, form, other)
        correct_answer(session, answer, corrections, now=seat.now, by=seat.by, house=desk.house)
        told = seat._("Answer {number} is corrected.").format(number=number)
        undo = {name: before[name] for name in other}
        whole = sum(map(len, undo.values())) <= UNDONE_TO
        said = Said(told, f"{ANSWERS}/{number}/correct", undo) if whole else Said(told)
    desk.on_change()
    return go(request, f"{ANSWERS}/{number}", said)


def _corrections(session: Session, seat: Seat, form: Form, other: dict[str, str]) -> Corrections:
    """What is different, read strictly."""
    if "kind" in other and other["kind"] not in set(AnswerKind):
        raise InvalidInput(seat._("Choose what it is."))
    if "way" in other and other["way"] not in set(Way):
        raise InvalidInput(seat._("Choose the way by which it came."))
    if len(other.get("summary", "")) > LONGEST_SUMMARY:
        raise InvalidInput(seat._("A summary has at most 20,000 characters; add the text as a file."))
    for name, sentence in (
        ("dated", seat._("Say which day stands on it.")),
        ("received", seat._("Say on which day it came.")),
    ):
        if name in other and not other[name]:
            raise InvalidInput(sentence)
    letter: Addressee | None = None
    if other.get("letter"):
        letter = letter_for(session, seat, form.number("letter") or 0, Right.SORT)
    elif "letter" in other and not seat.may(Right.SORT):
        raise InvalidInput(seat._("Choose which letter it answers."))
    return Corrections(
        addressee=letter,
        to_no_letter="letter" in other and letter is None,
        kind=AnswerKind(other["kind"]) if "kind" in other else None,
        way=Way(other["way"]) if "way" in other else None,
        dated=day_in(seat, other.get("dated", "")),
        received_on=day_in(seat, other.get("received", "")),
        sender=other.get("sender"),
        subject=other.get("subject"),
        reference=other.get("reference"),
        summary=other.get("summary"),
    )


@room.deed("/correspondence/answers/{number:int}/withdraw", Right.SORT)
def withdraw(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """It was logged by mistake: it is off the record, and a mail that it was made of waits again."""
    with desk.outreach.database.changing() as session:
        answer = answer_for(session, seat, number, Right.SORT)
        if not form.checked("sure"):
            raise Refusal(seat._("Tick that it was logged by mistake."))
        said = _taken_back(session, seat, answer)
        to = f"{OFFICIALS}/{answer.post_id}"
        withdraw_answer(session, answer, now=seat.now, by=seat.by, house=desk.house)
    desk.on_change()
    return go(request, to, said)


def _taken_back(session: Session, seat: Seat, answer: Answer) -> Said:
    """What is said of it; without files and mail, it can be logged once more as it stood."""
    told = seat._("Answer {number} is off the record.").format(number=answer.id)
    if answer.reply_id:
        return Said(told + " " + seat._("Its mail waits among the replies again."))
    if documents_of(session, answer) or len(answer.summary) + len(answer.subject) > UNDONE_TO:
        return Said(told)
    again = {**typed_of(answer), "certain": "yes"}
    return Said(told, f"{OFFICIALS}/{answer.post_id}/log", again)
