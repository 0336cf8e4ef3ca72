"""Reads to whom one letter goes, page by page: how far it is with each official, and what is to be done next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.domain.working_days import parse_days_off, working_days_since
from outreach.queries.official_search import Wanted, conditions
from outreach.store.addressees import STAMPS, day_of
from outreach.store.tables import Addressee, Delivery, Letter, Post

PAGE = 50
MOST_WORDS = 5
LONGEST_WORD = 60


class Stage(StrEnum):
    """How far a letter is with an official, as whoever sees to it is told."""

    TO_GO = "to-go"
    """It was not released to this one."""
    CAME_BACK = "came-back"
    """It was, and nobody has it: it can go again."""
    LEAVING = "leaving"
    """Its mail is on its way."""
    TO_BRING = "to-bring"
    """It is released on paper; nobody has noted that it was brought."""
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"


NOT_OUT = (Stage.TO_GO, Stage.CAME_BACK)
"""Those to whom it can go now."""
BROUGHT = (Stage.TO_BRING, Stage.SENT)
"""Those of whom somebody may note that it was brought, or has arrived."""


@dataclass(frozen=True, slots=True)
class ToOne:
    """One official of a letter. ``id`` is the addressee's, ``number`` the post's; ``holder`` to whom it went.

    ``days`` are the working days of the office until ``due_on``, or since it where that has passed. ``printed``:
    there is a PDF of it as it was released.
    """

    id: int
    number: int
    post: str
    office: str
    institution: str
    state: str
    ways: tuple[str, ...]
    closed: bool
    holder: str
    stage: Stage
    since: date | None
    due_on: date | None
    days: int
    reason: str
    printed: bool


@dataclass(frozen=True, slots=True)
class Some:
    """Some of a letter's officials by their posts' names; ``after`` is the name to go on behind, "" at the end."""

    lines: tuple[ToOne, ...]
    after: str = ""


def _letter_left(*, alive: bool = False) -> sa.Exists:
    """Whether the letter itself was ever brought on its way; ``alive``: and did not come back."""
    found = sa.exists().where(
        col(Delivery.addressee_id) == col(Addressee.id), col(Delivery.kind) == DeliveryKind.LETTER
    )
    return found.where(col(Delivery.failed_at).is_(None)) if alive else found


def is_not_out() -> sa.ColumnElement[bool]:
    """The condition on the addressee table: it was not released to this official, or came back."""
    came_back = sa.and_(_letter_left(), ~_letter_left(alive=True))
    return sa.and_(
        col(Addressee.state) == AddresseeState.TO_SEND,
        sa.or_(col(Addressee.released_at).is_(None), came_back),
    )


def _stage(today: date) -> sa.Case[str]:
    waits = col(Addressee.state) == AddresseeState.TO_SEND
    own = [(col(Addressee.state) == state, state.value) for state in STAMPS]
    return sa.case(
        (col(Addressee.due_on) < today, Stage.OVERDUE.value),
        (sa.and_(waits, col(Addressee.released_at).is_(None)), Stage.TO_GO.value),
        (sa.and_(waits, ~_letter_left()), Stage.TO_BRING.value),
        (sa.and_(waits, ~_letter_left(alive=True)), Stage.CAME_BACK.value),
        *own,
        else_=Stage.LEAVING.value,
    )


def stage_counts(session: Session, letter: Letter, *, today: date) -> dict[Stage, int]:
    """How many of the letter's officials are how far, in the order of the stages."""
    stage = _stage(today).label("stage")
    found = session.execute(
        sa.select(stage, sa.func.count()).where(col(Addressee.letter_id) == letter.id).group_by(stage)
    )
    counts = {Stage(name): int(count) for name, count in found}
    return {one: counts[one] for one in Stage if one in counts}


def officials_of(
    session: Session,
    letter: Letter,
    *,
    stages: Collection[Stage] = (),
    words: str = "",
    posts: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
    today: date,
    house: House,
) -> Some:
    """The letter's officials behind the post's name ``after``: of some stages, of some words, or some posts."""
    stage = _stage(today)
    statement = (
        sa.select(Addressee, Post, stage.label("stage"))
        .join(Post, col(Post.id) == col(Addressee.post_id))
        .where(col(Addressee.letter_id) == letter.id, col(Post.slug) > after)
        .order_by(col(Post.slug))
        .limit(limit + 1)
    )
    if stages:
        statement = statement.where(stage.in_([one.value for one in stages]))
    if posts:
        statement = statement.where(col(Post.id).in_(posts))
    for word in words.split()[:MOST_WORDS]:
        places = (Post.office, Post.institution, Post.slug)
        sought = word[:LONGEST_WORD]
        statement = statement.where(sa.or_(*(col(place).icontains(sought, autoescape=True) for place in places)))
    rows = session.execute(statement).all()
    off = parse_days_off(house.settings.correspondence.days_off)
    lines = tuple(_line(*row, off=off, today=today, house=house) for row in rows[:limit])
    return Some(lines, lines[-1].post if len(rows) > limit else "")


def _line(to: Addressee, post: Post, stage: str, *, off: Collection[date], today: date, house: House) -> ToOne:
    moment = getattr(to, STAMPS.get(to.state, "released_at"))
    return ToOne(
        id=to.id or 0,
        number=post.id or 0,
        post=post.slug,
        office=post.office,
        institution=post.institution,
        state=post.state,
        ways=tuple(Way(way) for way in post.ways),
        closed=post.closed_at is not None,
        holder=to.frozen.get("form_of_address") or to.frozen.get("name", ""),
        stage=Stage(stage),
        since=day_of(moment, house) if moment else None,
        due_on=to.due_on,
        days=_days(to.due_on, today, post.state, off),
        reason=to.reason,
        printed=to.document_id is not None,
    )


def _days(due: date | None, today: date, state: str, off: Collection[date]) -> int:
    if due is None:
        return 0
    return working_days_since(min(due, today), max(due, today), country=state, days_off=off)


def posts_of(session: Session, letter: Letter, which: Iterable[int]) -> list[Post]:
    """Those of these posts to which the letter is addressed, by their names."""
    statement: Any = (
        select(Post)
        .join(Addressee, col(Addressee.post_id) == col(Post.id))
        .where(Addressee.letter_id == letter.id, col(Post.id).in_(list(which)))
        .order_by(col(Post.slug))
    )
    return list(session.exec(statement))


def posts_on_paper(session: Session, letter: Letter, *, most: int, today: date) -> list[Post]:
    """The posts to which it went on paper and of which nobody knows that they have it, by their names: ``most``.

    What a mail server took is not among them: nobody brings that.
    """
    by_mail = _letter_left(alive=True).where(col(Delivery.way) == Way.MAIL)
    statement: Any = (
        select(Post)
        .join(Addressee, col(Addressee.post_id) == col(Post.id))
        .where(Addressee.letter_id == letter.id, _stage(today).in_([one.value for one in BROUGHT]), ~by_mail)
        .order_by(col(Post.slug))
        .limit(most)
    )
    return list(session.exec(statement))


def not_addressed(session: Session, letter: Letter, wanted: Wanted, *, most: int) -> list[Post]:
    """The open posts that are wanted and to which the letter does not go yet, by their names; ``most`` of them."""
    statement = select(Post).where(*_new(letter, wanted)).order_by(col(Post.slug)).limit(most)
    return list(session.exec(statement))


def count_not_addressed(session: Session, letter: Letter, wanted: Wanted) -> int:
    """How many there are of those."""
    return int(session.exec(select(sa.func.count()).select_from(Post).where(*_new(letter, wanted))).one())


def _new(letter: Letter, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    there = sa.exists().where(col(Addressee.post_id) == col(Post.id), col(Addressee.letter_id) == letter.id)
    return [*conditions(wanted), col(Post.closed_at).is_(None), ~there]


def addressed_among(session: Session, letter: Letter, numbers: Collection[int]) -> frozenset[int]:
    """To which of these posts the letter goes."""
    found = select(Addressee.post_id).where(Addressee.letter_id == letter.id, col(Addressee.post_id).in_(numbers))
    return frozenset(session.exec(found))
