"""Reads the editions of a letter: what each holds, whether it is unchanged, and which copies went out."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.counts import Counts
from outreach.store.editions import counts_of, is_unchanged
from outreach.store.tables import Call, Edition, EditionCopy


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy that went out: when, by which way, where to, and who did it."""

    at: datetime
    kind: str
    detail: str
    by: str


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition. ``unchanged``: its texts and entries are still those that its digest was made of."""

    number: int
    version: int
    at: datetime
    by: str
    reason: str
    digest: str
    counts: Counts
    unchanged: bool
    copies: tuple[CopyLine, ...]


def lines(session: Session, call: Call, salt: bytes, *, newest: int | None = None) -> list[EditionLine]:
    """The letter's editions, the first one first; ``newest``: so many of the last ones only."""
    found = select(Edition).where(Edition.letter_id == call.letter_id).order_by(col(Edition.number).desc())
    editions = session.exec(found.limit(newest) if newest else found).all()
    return [_line(session, edition, salt) for edition in reversed(editions)]


def _line(session: Session, edition: Edition, salt: bytes) -> EditionLine:
    copies = session.exec(
        select(EditionCopy).where(EditionCopy.edition_id == edition.id).order_by(col(EditionCopy.id))
    )
    return EditionLine(
        number=edition.number,
        version=edition.letter_version,
        at=edition.at,
        by=edition.by,
        reason=edition.reason,
        digest=edition.digest,
        counts=counts_of(session, edition),
        unchanged=is_unchanged(session, edition, salt),
        copies=tuple(CopyLine(one.at, one.kind.value, one.detail, one.by) for one in copies),
    )
