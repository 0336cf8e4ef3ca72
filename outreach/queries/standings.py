"""Reads how far each letter has come with each official."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.states import AddresseeState
from outreach.store.addressees import STAMPS, Standing, day_of, standing_of
from outreach.store.tables import Addressee, Answer, Edition, Letter, Post


@dataclass(frozen=True, slots=True)
class OfficialLine:
    """One letter to one official.

    ``since`` is when it came to its state, ``due_on`` until when its office has time. ``holder`` is to whom it
    went, or "" before. ``reason`` is why it was closed, or came back.
    """

    letter: str
    post: str
    state: str
    office: str
    institution: str
    holder: str
    standing: Standing
    reached: AddresseeState
    since: date | None
    due_on: date | None
    reference: str
    edition: int
    answers: int
    reason: str


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter and how many officials it has come how far with."""

    letter: str
    kind: str
    officials: int
    counts: dict[str, int] = field(default_factory=dict)


def standings(
    session: Session, *, letter: Letter | None = None, only: Standing | None = None, today: date, house: House
) -> list[OfficialLine]:
    """One line for each official of a letter, or of all letters; ``only`` those of one standing."""
    answers = select(sa.func.count()).where(Answer.addressee_id == Addressee.id).scalar_subquery()
    statement = (
        sa.select(Addressee, Post, Letter, col(Edition.number), answers)
        .join(Post, col(Post.id) == col(Addressee.post_id))
        .join(Letter, col(Letter.id) == col(Addressee.letter_id))
        .outerjoin(Edition, col(Edition.id) == col(Addressee.edition_id))
        .order_by(col(Letter.slug), col(Post.slug))
    )
    if letter is not None:
        statement = statement.where(Addressee.letter_id == letter.id)  # type: ignore[arg-type]
    lines = (official_line(*row, today=today, house=house) for row in session.execute(statement))
    return [line for line in lines if only in (None, line.standing)]


def official_line(
    addressee: Addressee,
    post: Post,
    letter: Letter,
    edition: int | None,
    answers: int,
    *,
    today: date,
    house: House,
) -> OfficialLine:
    """How far the letter has come with the official, by its rows."""
    stamp: datetime | None = getattr(addressee, STAMPS.get(addressee.state, "released_at"))
    return OfficialLine(
        letter=letter.slug,
        post=post.slug,
        state=post.state,
        office=post.office,
        institution=post.institution,
        holder=addressee.frozen.get("form_of_address") or addressee.frozen.get("name", ""),
        standing=standing_of(addressee, today),
        reached=addressee.state,
        since=day_of(stamp, house) if stamp else None,
        due_on=addressee.due_on,
        reference=addressee.reference,
        edition=edition or 0,
        answers=answers,
        reason=addressee.reason,
    )


def letter_lines(session: Session, *, today: date, house: House) -> list[LetterLine]:
    """One line for each letter that is addressed to an official."""
    lines = standings(session, today=today, house=house)
    kinds = {letter.slug: letter.kind for letter in session.exec(select(Letter))}
    letters: dict[str, Counter[str]] = {}
    for line in lines:
        letters.setdefault(line.letter, Counter())[line.standing.value] += 1
    return [LetterLine(slug, kinds[slug].value, count.total(), counted(count)) for slug, count in letters.items()]


def counted(counts: Counter[str]) -> dict[str, int]:
    """How many have come how far, in the order of the states."""
    return {standing.value: counts[standing.value] for standing in Standing if counts[standing.value]}


def unplaced_answers(session: Session) -> int:
    """How many answers are on record of which nobody knows what they answer."""
    found = sa.select(sa.func.count()).select_from(Answer).where(col(Answer.addressee_id).is_(None))
    return int(session.execute(found).scalar_one())
