"""What a person ends and takes up again: nothing more is expected of an official, or something is after all."""

from collections.abc import Callable

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.users import Right
from outreach.store.tables import Addressee
from outreach.usecases.close_correspondence import close_correspondence
from outreach.usecases.reopen_correspondence import reopen_correspondence
from outreach.web.console.correspondence.door import CORRESPONDENCE, letter_for, room, thread_of
from outreach.web.console.correspondence.words import standing_words
from outreach.web.console.forms import AtForm
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go
from outreach.web.desk import AtDesk, Desk


def _do(
    request: Request, desk: Desk, seat: Seat, number: int, deed: Callable[[Session, Addressee], Said]
) -> Response:
    with desk.outreach.database.changing() as session:
        letter = letter_for(session, seat, number, Right.SORT)
        said = deed(session, letter)
        to = thread_of(letter)
    desk.on_change()
    return go(request, to, said)


@room.deed("/correspondence/{number:int}/close", Right.SORT)
def close(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm, number: int) -> Response:
    """Nothing more is expected; opening it again undoes that."""

    def deed(session: Session, letter: Addressee) -> Said:
        close_correspondence(session, letter, form.line("reason"), now=seat.now, by=seat.by, house=desk.house)
        return Said(seat._("Closed: nothing more is expected."), f"{CORRESPONDENCE}/{number}/reopen")

    return _do(request, desk, seat, number, deed)


@room.deed("/correspondence/{number:int}/reopen", Right.SORT)
def reopen(request: Request, desk: AtDesk, seat: AtSeat, number: int) -> Response:
    """It stands where the record says; closing it for the same reason undoes that."""

    def deed(session: Session, letter: Addressee) -> Said:
        reason = letter.reason
        reopen_correspondence(session, letter, now=seat.now, by=seat.by, house=desk.house)
        stands = {one.value: words for one, words in standing_words(seat).items()}[letter.state.value]
        words = seat._("Open again: it is {state}.").format(state=stands)
        if letter.due_on:
            words += " " + seat._("The next step is due by {day}.").format(day=letter.due_on)
        return Said(words, f"{CORRESPONDENCE}/{number}/close", {"reason": reason})

    return _do(request, desk, seat, number, deed)
