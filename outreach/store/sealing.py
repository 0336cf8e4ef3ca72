"""Seals the lines of a transaction into the log's chain, as the last act before its commit."""

import secrets
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.log_chain import START, ChainLine, detail_digest
from outreach.store.chunks import in_chunks
from outreach.store.following import Changes, ChangingSession, Journal, RowChange
from outreach.store.places import put_in_place
from outreach.store.statements import insert_missing
from outreach.store.tables import Event, EventDetail, User, WorkspaceFact

HEAD: Final = "log_head"
"""The fact that says which line is the newest, so that a log whose end was cut off is found."""
LOCK: Final = 20260107
"""PostgreSQL's lock under which lines are numbered."""
EVENTS: sa.Table = Event.__table__  # type: ignore[attr-defined]
DETAILS: sa.Table = EventDetail.__table__  # type: ignore[attr-defined]
SUBJECTS: Final = {str(User.__tablename__): "user"}
"""Tables whose things events call by another name."""
TABLES: Final = {subject: table for table, subject in SUBJECTS.items()}


def table_of(subject: str) -> str:
    """The table of what an event is about."""
    return TABLES.get(subject, subject)


def read_head(session: Session) -> tuple[int, str]:
    """The number and the digest of the newest line; of none: 0 and ""."""
    named = sa.select(col(WorkspaceFact.value)).where(col(WorkspaceFact.name) == HEAD)
    number, _, digest = (session.execute(named).scalar() or f"0 {START}").partition(" ")
    return int(number), digest


def write_head(session: Session, number: int, digest: str) -> None:
    """Remember which line is the newest."""
    row = insert_missing(session, WorkspaceFact).values(name=HEAD, value=f"{number} {digest}")
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value}))


def seal(session: ChangingSession) -> None:
    """Seal what the transaction recorded; where nothing was recorded, nothing is done. For "before_commit"."""
    if session.in_nested_transaction():
        return
    session.flush()
    if session.journal.recorded:
        _chain(session)
    session.journal.clear()


def _chain(session: ChangingSession) -> None:
    """Number the transaction's lines in the order in which they were recorded, and chain them to the newest one."""
    if session.get_bind().dialect.name == "postgresql":
        # The last lock that the transaction takes, so that nobody who waits for it holds up its holder.
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    head, previous = read_head(session)
    lines = session.execute(sa.select(EVENTS).where(EVENTS.c.number.is_(None)).order_by(EVENTS.c.id)).all()
    details = _details(session.journal, lines)
    sealed = []
    for number, line in enumerate(lines, head + 1):
        digests = [digest for digest, _ in details.get(line.id, ())]
        previous = line_of(line, number=number, details=digests).digest_after(previous)
        sealed.append({"sealed_id": line.id, "number": number, "digest": previous, "details": digests})
    for rows in in_chunks(row for line in lines for _, row in details.get(line.id, ())):
        session.execute(sa.insert(DETAILS), rows)
    by_id = sa.update(EVENTS).where(EVENTS.c.id == sa.bindparam("sealed_id"))
    for rows in in_chunks(sealed):
        session.execute(by_id, rows)
    if lines:
        put_in_place(session, after=head)
        write_head(session, head + len(lines), previous)


def line_of(row: Any, *, number: int, details: Sequence[str]) -> ChainLine:
    """A row of the table of events as the chain sees it."""
    return ChainLine(
        number=number,
        at=row.at,
        by=row.by,
        verb=row.verb,
        subject=row.subject,
        subject_id=row.subject_id,
        facts=row.facts,
        details=details,
        digest=row.digest,
    )


def _details(journal: Journal, lines: Sequence[Any]) -> Mapping[int, list[tuple[str, dict[str, Any]]]]:
    """What each line changed: rows to be written, each with its digest."""
    details: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for event_id, (thing, row_id), changes in _merged(journal, lines):
        salt = secrets.token_hex(16)
        row = {"event_id": event_id, "position": len(details[event_id]), "thing": thing, "row_id": row_id}
        digest = detail_digest(salt, thing, row_id, changes)
        details[event_id].append((digest, {**row, "salt": salt, "changes": changes}))
    return details


def _merged(journal: Journal, lines: Sequence[Any]) -> Iterator[tuple[int, tuple[str, int], Changes]]:
    """What several flushes changed of one row for one line: the first value before, the last one after."""
    if not lines:
        return
    finder = _Finder(journal, lines)
    merged: dict[tuple[int, str, tuple[Any, ...]], Changes] = {}
    for change in journal.changes:
        whole = merged.setdefault((finder.line_of(change), change.thing, change.key), {})
        for column, (before, after) in change.changes.items():
            whole[column] = [whole[column][0] if column in whole else before, after]
    for (event_id, thing, key), changes in merged.items():
        told = {column: pair for column, pair in changes.items() if pair[0] != pair[1] or _is_secret(pair)}
        if told:
            yield event_id, (thing, int(key[0])), told


def _is_secret(pair: list[Any]) -> bool:
    return isinstance(pair[1], dict) and pair[1].get("secret") is True


class _Finder:
    """Finds the line that a change belongs to."""

    def __init__(self, journal: Journal, lines: Sequence[Any]) -> None:
        self._all: list[tuple[int, int]] = []
        self._about: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for line in lines:
            place = (journal.recorded.get(line.id, 0), line.id)
            self._all.append(place)
            self._about[line.subject, line.subject_id].append(place)
        for places in (self._all, *self._about.values()):
            places.sort()

    def line_of(self, change: RowChange) -> int:
        """The id of the line about that row, or about what it belongs to, or of whichever was recorded next.

        Of several the first one that was recorded with the change or after it, else the last one.
        """
        for thing, number in change.about:
            about = self._about.get((SUBJECTS.get(thing, thing), number))
            if about:
                return _next(about, change.flush)
        return _next(self._all, change.flush)


def _next(places: list[tuple[int, int]], flush: int) -> int:
    found = bisect_left(places, (flush, 0))
    return places[min(found, len(places) - 1)][1]
