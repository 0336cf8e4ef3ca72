"""How far a letter has come with each official, and the day by which the office should do something."""

from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.states import ADDRESSEE_MOVES, AddresseeState, move
from outreach.domain.working_days import add_working_days, parse_days_off
from outreach.store.tables import Addressee, Letter, Post

STAMPS = {
    AddresseeState.SENT: "sent_at",
    AddresseeState.DELIVERED: "delivered_at",
    AddresseeState.ACKNOWLEDGED: "acknowledged_at",
    AddresseeState.ANSWERED: "answered_at",
    AddresseeState.CLOSED: "closed_at",
}
"""The moment that each state has."""
WAITING = (AddresseeState.SENT, AddresseeState.DELIVERED, AddresseeState.ACKNOWLEDGED)
"""The states in which the next step is the office's."""


class Standing(StrEnum):
    """A state as people are told it: overdue is what waits for an office beyond its day."""

    TO_SEND = "to-send"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    CLOSED = "closed"


def find_letter(session: Session, slug: str) -> Letter:
    """The letter of that name. Raises Refusal naming what may be meant."""
    letter = session.exec(select(Letter).where(Letter.slug == slug)).first()
    if letter is not None:
        return letter
    slugs = session.exec(select(Letter.slug).order_by(Letter.slug)).all()
    close = get_close_matches(slug, slugs, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(slugs[:20]) or 'none'}."
    raise Refusal(f"There is no letter {slug!r}. {hint}")


def find_addressee(session: Session, letter: Letter, post: Post) -> Addressee:
    """The letter to that post. Raises Refusal when it is not addressed to it."""
    statement = select(Addressee).where(Addressee.letter_id == letter.id, Addressee.post_id == post.id)
    if session.connection().get_execution_options().get("outreach_writes"):
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.exec(statement).first()
    if found is None:
        raise Refusal(
            f"The letter {letter.slug} is not addressed to {post.slug}; "
            f"'outreach letters address {letter.slug} --post {post.slug}' does that."
        )
    return found


def addressees_of(session: Session, letter: Letter) -> list[tuple[Addressee, Post]]:
    """All officials to whom the letter is addressed, in the order of their names."""
    statement = (
        select(Addressee, Post)
        .join(Post, col(Post.id) == col(Addressee.post_id))
        .where(Addressee.letter_id == letter.id)
        .order_by(col(Post.slug))
    )
    return list(session.exec(statement))


def day_of(moment: datetime, house: House) -> date:
    """The day that it is at a moment, by the clocks of the workspace."""
    return moment.astimezone(ZoneInfo(house.time_zone)).date()


def advance(
    session: Session, addressee: Addressee, state: AddresseeState, *, at: datetime, house: House, reason: str = ""
) -> None:
    """Move the letter to a state that it reached at ``at``, and set by when the office should do the next step.

    Moving it back (an answer that was another's, a mail that came back) forgets the moments of the states after it.
    The state that it is in already: only the clock is set anew. ValueError for a move that the table has not.
    """
    if state is not addressee.state:
        addressee.state = move(addressee.state, state, ADDRESSEE_MOVES)
    order = list(AddresseeState)
    for later in order[order.index(state) + 1 :]:
        setattr(addressee, STAMPS[later], None)
    if state in STAMPS and (getattr(addressee, STAMPS[state]) is None):
        setattr(addressee, STAMPS[state], at)
    addressee.reason = reason
    addressee.due_on = _due(session, addressee, day_of(at, house), house)
    session.add(addressee)
    session.flush()


def _due(session: Session, addressee: Addressee, start: date, house: House) -> date | None:
    if addressee.state not in WAITING:
        return None
    settings = house.settings.correspondence
    acknowledged = addressee.state is AddresseeState.ACKNOWLEDGED
    days = settings.answered_within if acknowledged else settings.acknowledged_within
    country = session.get_one(Post, addressee.post_id).state
    return add_working_days(start, days, country=country, days_off=parse_days_off(settings.days_off))


def standing_of(addressee: Addressee, today: date) -> Standing:
    """The state as people are told it on that day."""
    if addressee.due_on is not None and addressee.due_on < today:
        return Standing.OVERDUE
    return Standing(addressee.state.value)
