"""The room itself, and what all its pages ask: which letter to which official, which answer, and for whom."""

from datetime import date

import sqlalchemy as sa
from fastapi import HTTPException
from sqlmodel import Session

from outreach.domain.errors import InvalidInput
from outreach.domain.users import Right
from outreach.store.addressees import day_of
from outreach.store.of_calls import addressed_in, letter_of_calls, written_to
from outreach.store.tables import Addressee, Answer, Post
from outreach.web.console.room import PREFIX, Room, row_of
from outreach.web.console.seat import NOT_THERE, Seat
from outreach.web.desk import Desk

CORRESPONDENCE = f"{PREFIX}/correspondence"
ANSWERS = f"{CORRESPONDENCE}/answers"
OFFICIALS = f"{PREFIX}/officials"
NOT_SO = 422

room = Room()


def today(desk: Desk, seat: Seat) -> date:
    """The day on the workspace's calendar."""
    return day_of(seat.now, desk.house)


def post_for(session: Session, seat: Seat, number: int, right: Right = Right.READ) -> Post:
    """The post; 404 where there is none, or where no letter of her calls is addressed to it."""
    found = row_of(session, Post, number)
    if not is_written_to(session, seat, number, right):
        raise HTTPException(NOT_THERE)
    return found


def is_written_to(session: Session, seat: Seat, number: int, right: Right) -> bool:
    """Whether she has the right for a letter to that post; for the whole workspace, whether there is one or not."""
    return _so(session, written_to(number, seat.calls(right)))


def letter_for(session: Session, seat: Seat, number: int, right: Right = Right.READ) -> Addressee:
    """A letter to an official, by the number of its row; 404 where she has not the right for its call."""
    found = row_of(session, Addressee, number)
    if not _so(session, letter_of_calls(sa.literal(found.letter_id), seat.calls(right))):
        raise HTTPException(NOT_THERE)
    return found


def answer_for(session: Session, seat: Seat, number: int, right: Right = Right.READ) -> Answer:
    """An answer; 404 where she has not the right for the call of its letter, or for all where it has none."""
    found = row_of(session, Answer, number)
    if found.addressee_id is None:
        seat.must(right)
    elif not _so(session, addressed_in(sa.literal(found.addressee_id), seat.calls(right))):
        raise HTTPException(NOT_THERE)
    return found


def _so(session: Session, condition: sa.ColumnElement[bool]) -> bool:
    return bool(session.execute(sa.select(sa.literal(1)).where(condition)).scalar())


def may_for_letter(session: Session, seat: Seat, addressee: Addressee | None, right: Right) -> bool:
    """Whether she has the right for the call of that letter; for None, for the whole workspace."""
    if addressee is None:
        return seat.may(right)
    return _so(session, letter_of_calls(sa.literal(addressee.letter_id), seat.calls(right)))


def day_in(seat: Seat, text: str) -> date | None:
    """The day that a form says; None for none. Raises InvalidInput for what is no day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(seat._("“{day}” is no day: write it as 2027-03-01.").format(day=text[:20])) from None


def thread_of(addressee: Addressee) -> str:
    """The address of the letter in its official's thread."""
    return f"{OFFICIALS}/{addressee.post_id}#letter-{addressee.id}"
