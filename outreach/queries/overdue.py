"""Reads what offices should have done by now: whose next step was due, since when, and what to do about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.domain.working_days import parse_days_off, working_days_since
from outreach.store.addressees import day_of
from outreach.store.of_calls import letter_of_calls
from outreach.store.tables import Addressee, Delivery, Letter, Post


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """One letter whose next step was an office's, and did not come.

    ``awaited`` is what was due, ``days`` since how many working days of that office. ``enquiries`` were made, the
    last of them on ``asked_on``. ``step`` is what to do next, ``command`` what does it. ``number`` is that of the
    letter to that official, ``post_number`` the post's.
    """

    letter: str
    post: str
    awaited: str
    due_on: date
    days: int
    enquiries: int
    asked_on: date | None
    step: str
    command: str
    number: int = 0
    post_number: int = 0


PATIENCE = 2
"""After so many enquiries another one is no use."""


def overdue(
    session: Session,
    *,
    letter: Letter | None = None,
    calls: Collection[int] | None = None,
    today: date,
    house: House,
    limit: int | None = None,
) -> list[OverdueLine]:
    """What offices should have done by now, what is overdue longest first; ``calls``: only of their letters."""
    statement = (
        sa.select(Addressee, Post, Letter)
        .join(Post, col(Post.id) == col(Addressee.post_id))
        .join(Letter, col(Letter.id) == col(Addressee.letter_id))
        .where(col(Addressee.due_on) < today, letter_of_calls(Addressee.letter_id, calls))
        .order_by(col(Addressee.due_on), col(Letter.slug), col(Post.slug))
        .limit(limit)
    )
    if letter is not None:
        statement = statement.where(Addressee.letter_id == letter.id)  # type: ignore[arg-type]
    rows = session.execute(statement).all()
    asked = _enquiries(session, [row[0].id for row in rows], house)
    off = parse_days_off(house.settings.correspondence.days_off)
    return [
        _overdue(
            *row,
            asked=asked.get(row[0].id, []),
            days=working_days_since(row[0].due_on, today, country=row[1].state, days_off=off),
        )
        for row in rows
    ]


def _overdue(addressee: Addressee, post: Post, letter: Letter, *, asked: list[date], days: int) -> OverdueLine:
    acknowledged = addressee.state is AddresseeState.ACKNOWLEDGED
    step, command = _next_step(post, letter, len(asked))
    return OverdueLine(
        letter=letter.slug,
        post=post.slug,
        awaited="answer" if acknowledged else "acknowledgement",
        due_on=addressee.due_on or date.min,
        days=days,
        enquiries=len(asked),
        asked_on=max(asked, default=None),
        step=step,
        command=command,
        number=addressee.id or 0,
        post_number=post.id or 0,
    )


def _next_step(post: Post, letter: Letter, enquiries: int) -> tuple[str, str]:
    named = f"{letter.slug} {post.slug}"
    if post.closed_at is not None:
        return "the post exists no more: close it", f"outreach correspondence close {named} --reason ..."
    if enquiries >= PATIENCE:
        return "telephone, or close it", f"outreach correspondence close {named} --reason ..."
    if Way.MAIL.value in post.ways and post.address:
        return "enquire by mail", f"outreach correspondence enquire {named}"
    return "enquire on paper", f"outreach correspondence enquire {named} --output enquiry.txt"


def _enquiries(session: Session, numbers: list[int], house: House) -> dict[int, list[date]]:
    """The days of the enquiries about each, those that failed left out."""
    found = session.exec(
        select(Delivery).where(
            col(Delivery.addressee_id).in_(numbers),
            Delivery.kind == DeliveryKind.ENQUIRY,
            col(Delivery.failed_at).is_(None),
        )
    )
    asked: dict[int, list[date]] = {}
    for one in found:
        asked.setdefault(one.addressee_id, []).append(one.on or day_of(one.at, house))
    return asked
