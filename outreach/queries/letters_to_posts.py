"""Reads how far letters have come with officials, page by page, for those who may see some calls only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.states import AddresseeState
from outreach.queries.standings import OfficialLine, official_line
from outreach.store.addressees import Standing
from outreach.store.of_calls import letter_of_calls
from outreach.store.tables import Addressee, Answer, Call, Edition, Letter, Post

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters: of those calls (None: of all), to a State or one post, of one call, that stand so."""

    calls: Collection[int] | None = None
    call: str = ""
    state: str = ""
    post: int = 0
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class LetterToPost:
    """One letter to one official: its number, the post's, and the call that collects its signatures."""

    number: int
    post: int
    call: str
    title: str
    call_id: int
    line: OfficialLine


@dataclass(frozen=True, slots=True)
class LettersPage:
    """Some letters, the newest first; ``before`` is the number below which the next page begins, 0 at the end."""

    letters: tuple[LetterToPost, ...]
    before: int = 0


def letters_to_posts(
    session: Session, wanted: Wanted, *, before: int = 0, today: date, house: House, limit: int = PAGE
) -> LettersPage:
    """The letters that are addressed to officials, the newest first."""
    answers = sa.select(sa.func.count()).where(col(Answer.addressee_id) == col(Addressee.id)).scalar_subquery()
    statement = (
        _of_interest(sa.select(Addressee, Post, Letter, col(Edition.number), answers, Call), today, wanted)
        .outerjoin(Edition, col(Edition.id) == col(Addressee.edition_id))
        .order_by(col(Addressee.id).desc())
        .limit(limit + 1)
    )
    if before:
        statement = statement.where(col(Addressee.id) < before)
    rows = session.execute(statement).all()
    found = tuple(
        LetterToPost(
            number=row[0].id,
            post=row[1].id,
            call=row[5].slug if row[5] else "",
            title=row[5].title if row[5] else row[2].slug,
            call_id=row[5].id if row[5] else 0,
            line=official_line(*row[:5], today=today, house=house),
        )
        for row in rows[:limit]
    )
    return LettersPage(found, found[-1].number if len(rows) > limit else 0)


def standing_counts(session: Session, wanted: Wanted, *, today: date) -> dict[str, int]:
    """How many of them have come how far, in the order of the states."""
    late = sa.case(
        (col(Addressee.due_on) < today, Standing.OVERDUE.value), else_=sa.cast(Addressee.state, sa.String)
    )
    rows = session.execute(_of_interest(sa.select(late, sa.func.count()), today, wanted).group_by(late))
    found = {standing: int(number) for standing, number in rows}
    return {one.value: found[one.value] for one in Standing if found.get(one.value)}


def _of_interest(statement: sa.Select[Any], today: date, wanted: Wanted) -> sa.Select[Any]:
    any_call = aliased(Call)
    first = sa.select(sa.func.min(any_call.id)).where(col(any_call.letter_id) == col(Letter.id))
    statement = (
        statement.select_from(Addressee)
        .join(Post, col(Post.id) == col(Addressee.post_id))
        .join(Letter, col(Letter.id) == col(Addressee.letter_id))
        .outerjoin(Call, col(Call.id) == first.correlate(Letter).scalar_subquery())
        .where(letter_of_calls(Addressee.letter_id, wanted.calls))
    )
    if wanted.call:
        statement = statement.where(col(Call.slug) == wanted.call)
    if wanted.state:
        statement = statement.where(col(Post.state) == wanted.state)
    if wanted.post:
        statement = statement.where(col(Addressee.post_id) == wanted.post)
    return statement if wanted.standing is None else statement.where(_stands(wanted.standing, today))


def _stands(standing: Standing, today: date) -> sa.ColumnElement[bool]:
    if standing is Standing.OVERDUE:
        return col(Addressee.due_on) < today
    in_time = sa.or_(col(Addressee.due_on).is_(None), col(Addressee.due_on) >= today)
    return sa.and_(col(Addressee.state) == AddresseeState(standing.value), in_time)


def calls_written(session: Session, calls: Collection[int] | None) -> list[tuple[str, str]]:
    """The calls whose letter is addressed to an official, the newest first: name and title."""
    there = sa.exists().where(col(Addressee.letter_id) == col(Call.letter_id))
    seen = sa.true() if calls is None else col(Call.id).in_(calls)
    found = sa.select(col(Call.slug), col(Call.title)).where(there, seen).order_by(col(Call.id).desc()).limit(500)
    return [(slug, title) for slug, title in session.execute(found)]


def states_written(session: Session, calls: Collection[int] | None) -> list[str]:
    """The codes of the States to which a letter goes."""
    there = sa.select(col(Addressee.post_id)).where(letter_of_calls(Addressee.letter_id, calls))
    found = sa.select(col(Post.state)).where(col(Post.state) != "", col(Post.id).in_(there)).distinct()
    return list(session.execute(found.order_by(col(Post.state))).scalars())


def unplaced(session: Session, calls: Collection[int] | None, limit: int = PAGE) -> list[tuple[int, Post, Answer]]:
    """Answers of which nobody knows what they answer, the newest first; for who may see everything."""
    if calls is not None:
        return []
    found = session.execute(
        sa.select(Answer, Post)
        .join(Post, col(Post.id) == col(Answer.post_id))
        .where(col(Answer.addressee_id).is_(None))
        .order_by(col(Answer.id).desc())
        .limit(limit)
    )
    return [(answer.id or 0, post, answer) for answer, post in found]
