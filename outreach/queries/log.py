"""Reads the log: who did what, when, with what stood there before and after; as a whole, or of one thing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.chunks import in_chunks
from outreach.store.sealing import table_of
from outreach.store.tables import Call, Event, EventDetail

PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a row, before and after: None for none.

    A long text is {"characters": ..., "sha256": ...}, what is secret {"secret": True}.
    """

    table: str
    row: int
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log. ``erased``: what it changed, or a part of that, has been erased from the record.

    ``more`` rows that it changed are not among ``changes``: more than were asked for.
    """

    number: int
    at: datetime
    by: str
    verb: str
    subject: str
    subject_id: int
    facts: dict[str, Any]
    changes: tuple[Change, ...] = ()
    erased: bool = False
    more: int = 0


def log_page(
    session: Session,
    *,
    subject: str | None = None,
    subject_id: int | None = None,
    by: str = "",
    verb: str = "",
    before: int | None = None,
    limit: int = PAGE,
    most: int | None = None,
) -> list[LogLine]:
    """The newest lines first, those below the number ``before``; all of them, or of one kind of thing, or of one.

    With ``subject_id``: also the lines that changed that thing although they are about another. ``most``: of a line
    that changed more rows than that, the first so many and that thing; a line may have changed thousands.
    """
    where = _where(by, verb, before)
    if subject is not None and subject_id is None:
        where.append(col(Event.subject) == subject)
    if subject is None or subject_id is None:
        return _lines(session, [_newest(where, limit)], limit, most)
    about = [col(Event.subject) == subject, col(Event.subject_id) == subject_id]
    changed = sa.select(col(EventDetail.event_id)).where(
        col(EventDetail.thing) == table_of(subject), col(EventDetail.row_id) == subject_id
    )
    both = [_newest([*where, *about], limit), _newest([*where, col(Event.id).in_(changed)], limit)]
    return _lines(session, both, limit, most, (table_of(subject), subject_id))


def about_call(
    session: Session,
    call: Call,
    *,
    by: str = "",
    verb: str = "",
    before: int | None = None,
    limit: int = PAGE,
    most: int | None = None,
) -> list[LogLine]:
    """The newest lines first about the call, its letter, mailings, signatures, editions, replies and officials."""
    where = _where(by, verb, before)
    own = _newest([*where, col(Event.call_id) == call.id], limit)
    letters = _newest([*where, col(Event.letter_id) == call.letter_id], limit)
    return _lines(session, [own, letters], limit, most)


def _where(by: str, verb: str, before: int | None) -> list[sa.ColumnElement[bool]]:
    where = [col(Event.number) < before if before is not None else col(Event.number).is_not(None)]
    where += [col(Event.by) == by] if by else []
    where += [col(Event.verb) == verb] if verb else []
    return where


def _newest(where: Sequence[sa.ColumnElement[bool]], limit: int) -> sa.Select[Any]:
    """The numbers of the newest lines of which that is true: one walk along an index."""
    return sa.select(col(Event.number)).where(*where).order_by(col(Event.number).desc()).limit(limit)


def _lines(
    session: Session,
    branches: Sequence[sa.Select[Any]],
    limit: int,
    most: int | None,
    thing: tuple[str, int] = ("", 0),
) -> list[LogLine]:
    numbers = {number for branch in branches for number in session.execute(branch).scalars()}
    lines: list[LogLine] = []
    for some in in_chunks(sorted(numbers, reverse=True)[:limit]):
        events = session.execute(
            sa.select(Event.__table__)  # type: ignore[attr-defined]
            .where(col(Event.number).in_(some))
            .order_by(col(Event.number).desc())
        ).all()
        details = _details(session, [event.id for event in events], most, thing)
        lines += [_line(event, details[event.id], most) for event in events]
    return lines


def _details(
    session: Session, events: Sequence[int], most: int | None, thing: tuple[str, int]
) -> dict[int, list[Any]]:
    details: dict[int, list[Any]] = defaultdict(list)
    statement = sa.select(EventDetail.__table__).where(  # type: ignore[attr-defined]
        col(EventDetail.event_id).in_(events)
    )
    if most is not None:
        of_it = sa.and_(col(EventDetail.thing) == thing[0], col(EventDetail.row_id) == thing[1])
        statement = statement.where(sa.or_(col(EventDetail.position) < most, of_it))
    for detail in session.execute(statement.order_by(col(EventDetail.event_id), col(EventDetail.position))):
        details[detail.event_id].append(detail)
    return details


def _line(event: Any, details: Sequence[Any], most: int | None) -> LogLine:
    asked = len(event.details) if most is None else min(len(event.details), most)
    first = sum(1 for detail in details if detail.position < asked)
    return LogLine(
        number=event.number,
        at=event.at,
        by=event.by,
        verb=event.verb,
        subject=event.subject,
        subject_id=event.subject_id,
        facts=event.facts,
        changes=tuple(
            Change(detail.thing, detail.row_id, column, before, after)
            for detail in details
            for column, (before, after) in detail.changes.items()
        ),
        erased=first < asked,
        more=len(event.details) - asked - (len(details) - first),
    )


def as_data(lines: Sequence[LogLine]) -> list[dict[str, Any]]:
    """The lines for programs."""
    return [asdict(line) for line in lines]
