"""Looks at every line of the log: whether it stands where it was recorded, as it was recorded."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from outreach.domain.log_chain import START, ChainLine, anchor, detail_digest, read_anchor
from outreach.store.sealing import DETAILS, EVENTS, read_head

PAGE: Final = 500
SAID: Final = 50
"""So many broken places are said one by one; of more, how many."""
NAMED: Final = 3
"""Of so many things it is named what one line changed of them."""
COMPARED: Final = 24
"""Among so many altered lines it is looked for those that only changed places."""

_READ: Final = (
    *(EVENTS.c[name] for name in ("id", "number", "at", "by", "verb", "subject", "subject_id", "digest")),
    sa.cast(EVENTS.c.facts, sa.Text).label("facts"),
    sa.cast(EVENTS.c.details, sa.Text).label("details"),
)
_READ_DETAILS: Final = (
    *(DETAILS.c[name] for name in ("event_id", "position", "thing", "row_id", "salt")),
    sa.cast(DETAILS.c.changes, sa.Text).label("changes"),
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. ``faults`` is a sentence for each broken place; ``newest`` the newest line, NUMBER:DIGEST.

    ``erased``: of how many lines the details were erased, which is no fault; ``erased_lines`` the first of those.
    """

    lines: int
    newest: str
    faults: tuple[str, ...] = ()
    erased: int = 0
    erased_lines: tuple[int, ...] = ()


@dataclass(slots=True)
class _Walk:
    """Where the walk along the chain stands, and what it has met.

    ``noted``: the line that somebody keeps outside, and whether it was met. ``altered``: lines that are not as they
    were recorded, each with the digest of the line before.
    """

    noted: tuple[int, str] | None = None
    met: bool = False
    number: int = 0
    digest: str | None = START
    """Of the line before; None where it could not be read."""
    lines: int = 0
    altered: list[tuple[ChainLine, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    more: int = 0
    erased: int = 0
    erased_lines: list[int] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Say a fault, or count it where too much has been said."""
        if len(self.faults) < SAID:
            self.faults.append(sentence)
        else:
            self.more += 1


def verify(session: Session, *, noted: str = "") -> Verified:
    """Go through the whole chain, in flat memory. ``noted`` is a line kept outside of the database, NUMBER:DIGEST.

    Others may record meanwhile. Raises InvalidInput for a ``noted`` that is none.
    """
    walk = _Walk(read_anchor(noted) if noted else None)
    head, begun = (0, START), -1
    while walk.number != begun:  # what was recorded meanwhile is looked at too
        head, begun = read_head(session), walk.number
        for number, row, details in _in_order(session, after=walk.number):
            _look_at(walk, number, row, details)
    _explain(walk)
    _look_at_end(session, walk, head)
    if walk.noted and not walk.met:
        walk.say(
            f"Line {walk.noted[0]:,} is not the one that was noted ({noted.strip()}): since then the log was cut "
            "off, or written anew."
        )
    faults = (*walk.faults, *([f"And {walk.more:,} more."] if walk.more else ()))
    return Verified(
        walk.lines, anchor(walk.number, walk.digest or START), faults, walk.erased, tuple(walk.erased_lines)
    )


def _in_order(session: Session, *, after: int) -> Iterator[tuple[Any, Any, Sequence[Any]]]:
    """Each number, its line (None for what cannot even be read), and the details of it."""
    while True:
        page = _page(session, after)
        details = _details(session, [row.id for _, row in page if row is not None])
        for number, row in page:
            yield number, row, details[row.id] if row is not None else ()
        if not page:
            return
        after = page[-1][0]


def _page(session: Session, after: int) -> list[tuple[Any, Any]]:
    place = sa.select(EVENTS.c.number).where(EVENTS.c.number > after).order_by(EVENTS.c.number, EVENTS.c.id)
    numbers = session.execute(place.limit(PAGE)).scalars().all()
    rows = sa.select(*_READ).order_by(EVENTS.c.number, EVENTS.c.id)
    try:
        found = session.execute(rows.where(EVENTS.c.number.in_(numbers))).all()
        return [(row.number, row) for row in found]
    except (ValueError, TypeError):  # what stands in one of them is not even a time
        return [(number, _one(session, rows, number)) for number in numbers]


def _one(session: Session, rows: sa.Select[Any], number: object) -> Any:
    try:
        return session.execute(rows.where(EVENTS.c.number == number)).first()
    except (ValueError, TypeError):
        return None


def _details(session: Session, events: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if events:
        for row in session.execute(sa.select(*_READ_DETAILS).where(DETAILS.c.event_id.in_(events))):
            found[row.event_id].append(row)
    return found


def _look_at(walk: _Walk, number: Any, row: Any, details: Sequence[Any]) -> None:
    walk.lines += 1
    if not isinstance(number, int) or number == walk.number:
        walk.say(f"There is a second line {number:,}." if number == walk.number else "A line has no number.")
        return
    missing = range(walk.number + 1, number)
    if missing:
        walk.say(f"{_lines(missing[0], missing[-1])} missing; what line {number:,} says cannot be checked.")
    line = _line(row) if row is not None else None
    if line is None:
        walk.say(f"Line {number:,} was altered: it cannot be read any more.")
    elif not missing and walk.digest is not None and line.digest_after(walk.digest) != line.digest:
        _note_altered(walk, line, walk.digest)
    walk.number, walk.digest = number, line.digest if line else None
    if line:
        walk.met = walk.met or (walk.noted is not None and _is_noted(line, walk.noted))
        _look_at_details(walk, line, details)


def _note_altered(walk: _Walk, line: ChainLine, before: str) -> None:
    if len(walk.altered) < COMPARED:
        walk.altered.append((line, before))
    else:
        walk.say(_altered(line))


def _is_noted(line: ChainLine, noted: tuple[int, str]) -> bool:
    return line.number == noted[0] and line.digest.startswith(noted[1])


def _line(row: Any) -> ChainLine:
    details = _json(row.details)
    return ChainLine(
        number=row.number,
        at=row.at,
        by=row.by,
        verb=row.verb,
        subject=row.subject,
        subject_id=row.subject_id,
        facts=_json(row.facts),
        details=details if isinstance(details, list) else [str(details)],
        digest=row.digest,
    )


def _json(text: Any) -> Any:
    """What a column of JSON says; of one that was altered into something else, the text."""
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return str(text)


def _look_at_details(walk: _Walk, line: ChainLine, details: Sequence[Any]) -> None:
    there, altered = {row.position: row for row in details}, []
    for position, digest in enumerate(line.details):
        row = there.pop(position, None)
        if row is not None and detail_digest(row.salt, row.thing, row.row_id, _json(row.changes)) != digest:
            altered.append(f"{row.thing} {row.row_id}")
    if altered:
        more = f" and {len(altered) - NAMED:,} more" if len(altered) > NAMED else ""
        of = ", ".join(altered[:NAMED])
        walk.say(f"The details of line {line.number:,} were altered: what it changed of {of}{more}.")
    if there:
        walk.say(f"Line {line.number:,} has details that were not recorded with it.")
    if len(details) - len(there) < len(line.details):
        walk.erased += 1
        if len(walk.erased_lines) < SAID:
            walk.erased_lines.append(line.number)


def _explain(walk: _Walk) -> None:
    """Tell lines that were edited from those that only changed places, and from those that follow one of these."""
    digests = {digest for line, before in walk.altered for digest in (line.digest, before)}
    numbers = {line.number for line, _ in walk.altered}
    said = []
    for line, _ in walk.altered:
        stood = next(
            (at for before, at in product(digests, numbers) if line.digest_after(before, number=at) == line.digest),
            None,
        )
        if stood is None:
            said.append(_altered(line))
        elif stood != line.number:
            said.append(f"Line {line.number:,} was put in another place: it was recorded as line {stood:,}.")
    walk.faults[:0] = said or [_altered(line) for line, _ in walk.altered[:1]]


def _altered(line: ChainLine) -> str:
    return (
        f"Line {line.number:,} is not as it was recorded, or the line before it is not: "
        f"{line.verb} by {line.by}, {line.at:%Y-%m-%d %H:%M} UTC."
    )


def _look_at_end(session: Session, walk: _Walk, head: tuple[int, str]) -> None:
    number, digest = head
    if number > walk.number:
        walk.say(f"{_lines(walk.number + 1, number)} missing at the end: the log was cut off.")
    elif number < walk.number:
        walk.say(f"{_lines(number + 1, walk.number)} there, but the workspace never recorded more than {number:,}.")
    elif digest != walk.digest:
        walk.say(f"Line {number:,}, the newest, is not the one that the workspace recorded last.")
    unsealed = session.execute(
        sa.select(sa.func.count()).select_from(EVENTS).where(EVENTS.c.number.is_(None))
    ).scalar_one()
    if unsealed:
        walk.say(f"{unsealed:,} lines were put in without a number; nobody recorded them.")


def _lines(first: int, last: int) -> str:
    return f"Line {first:,} is" if first == last else f"Lines {first:,} to {last:,} are"
