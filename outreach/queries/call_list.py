"""Reads the list of calls for the console: those that somebody may see, found by their words, page by page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.correspondence import RoundKind
from outreach.domain.signatures import COUNTS
from outreach.domain.states import CallState
from outreach.store.tables import Call, Letter, Signature


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call in the list, with how many signatures count under its letter now."""

    id: int
    slug: str
    title: str
    round: RoundKind
    state: CallState
    rehearsal: bool
    paused: bool
    deadline_at: datetime
    signatures: int


def listed_calls(
    session: Session,
    calls: Collection[int] | None,
    *,
    search: str = "",
    state: CallState | None = None,
    before: int = 0,
    limit: int = 50,
) -> list[ListedCall]:
    """The newest of these calls (None: of all) whose name or title holds the words, before number ``before``."""
    statement = select(Call).order_by(col(Call.id).desc()).limit(limit)
    if calls is not None:
        statement = statement.where(col(Call.id).in_(calls))
    for word in search.split():
        statement = statement.where(
            sa.or_(
                col(Call.slug).icontains(word, autoescape=True), col(Call.title).icontains(word, autoescape=True)
            )
        )
    if state is not None:
        statement = statement.where(Call.state == state)
    if before:
        statement = statement.where(col(Call.id) < before)
    found = session.exec(statement).all()
    count = sa.func.count()
    signed = (
        sa.select(col(Signature.letter_id), count)
        .join(Letter, col(Letter.id) == col(Signature.letter_id))
        .where(
            col(Signature.letter_id).in_([call.letter_id for call in found]),
            col(Signature.state).in_(COUNTS),
            col(Signature.letter_version) >= col(Letter.substance),
        )
        .group_by(col(Signature.letter_id))
    )
    signatures: dict[int, int] = {letter: int(total) for letter, total in session.execute(signed)}
    return [
        ListedCall(
            id=call.id or 0,
            slug=call.slug,
            title=call.title,
            round=call.round,
            state=call.state,
            rehearsal=call.rehearsal,
            paused=call.paused_at is not None,
            deadline_at=call.deadline_at,
            signatures=signatures.get(call.letter_id, 0),
        )
        for call in found
    ]
