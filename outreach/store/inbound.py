"""Mail as it arrived: stored once, however often it is met, then handed out to be processed, then moved away."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.ports.mailbox import Arrival
from outreach.store.chunks import in_chunks
from outreach.store.statements import insert_missing
from outreach.store.tables import InboundContent, InboundMail, InboundPlace, MailboxCursor

TOGETHER = 20
"""How many mails are read and acted upon in one turn."""
TOGETHER_BYTES = 8_000_000
"""How many bytes are held in memory for that."""
CAREFULLY = 3
"""A mail that somebody set out to read so often without coming back is not read again: a person looks at it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that is stored and not yet processed. ``given_up``: reading it has ended the program before."""

    id: int
    content: bytes
    whole: bool
    arrived_at: datetime
    given_up: bool


def cursor(session: Session, folder: str, incarnation: str) -> str:
    """The number up to which the folder has been taken in; empty in an incarnation that is not known."""
    known = session.get(MailboxCursor, folder)
    return known.number if known is not None and known.incarnation == incarnation else ""


def set_cursor(session: Session, folder: str, incarnation: str, number: str) -> None:
    """Remember that everything up to this number is stored."""
    session.merge(MailboxCursor(folder=folder, incarnation=incarnation, number=number))


def known_numbers(session: Session, folder: str, incarnation: str, numbers: Sequence[str]) -> set[str]:
    """Those of the numbers under which a mail is stored already."""
    found: set[str] = set()
    for some in in_chunks(numbers):
        statement = sa.select(col(InboundPlace.number)).where(_lies(folder, incarnation, some))
        found.update(session.execute(statement).scalars())
    return found


def _lies(folder: str, incarnation: str, numbers: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(InboundPlace.folder) == folder,
        col(InboundPlace.incarnation) == incarnation,
        col(InboundPlace.number).in_(numbers),
    )


def take_in(session: Session, arrivals: Sequence[Arrival], *, now: datetime) -> int:
    """Store what has arrived, and where it lies; how many of the mails are new."""
    return sum(_take_in(session, arrival, now) for arrival in arrivals)


def _take_in(session: Session, arrival: Arrival, now: datetime) -> bool:
    digest = hashlib.sha256(arrival.content).hexdigest()
    row = insert_missing(session, InboundMail).values(
        sha256=digest,
        size=arrival.size,
        whole=arrival.size <= len(arrival.content),
        arrived_at=now,
        attempts=0,
    )
    added = session.execute(row.on_conflict_do_nothing().returning(col(InboundMail.id))).scalar()
    if added is not None:
        session.execute(sa.insert(InboundContent).values(inbound_id=added, content=arrival.content))
    lies = insert_missing(session, InboundPlace).values(
        folder=arrival.place.folder,
        incarnation=arrival.place.incarnation,
        number=arrival.place.number,
        inbound_id=sa.select(col(InboundMail.id)).where(col(InboundMail.sha256) == digest).scalar_subquery(),
    )
    session.execute(lies.on_conflict_do_nothing())
    return added is not None


def set_out(session: Session) -> list[Waiting]:
    """The next mails to process, oldest first; each is marked as set out for.

    Usually some together; one that was set out for before comes alone, because it may have ended the program.
    """
    waits = sa.select(col(InboundMail.id), col(InboundMail.size), col(InboundMail.attempts))
    rows = session.execute(
        waits.where(col(InboundMail.processed_at).is_(None)).order_by(col(InboundMail.id)).limit(TOGETHER)
    ).all()
    chosen = _bearable([(found, min(size, TOGETHER_BYTES), attempts) for found, size, attempts in rows])
    if not chosen:
        return []
    session.execute(
        sa.update(InboundMail)
        .where(col(InboundMail.id).in_(chosen))
        .values(attempts=InboundMail.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    statement = (
        sa.select(
            col(InboundMail.id),
            col(InboundContent.content),
            col(InboundMail.whole),
            col(InboundMail.arrived_at),
            col(InboundMail.attempts),
        )
        .join(InboundContent, col(InboundContent.inbound_id) == col(InboundMail.id))
        .where(col(InboundMail.id).in_(chosen))
        .order_by(col(InboundMail.id))
    )
    return [
        Waiting(found, bytes(content), whole, at, attempts > CAREFULLY)
        for found, content, whole, at, attempts in session.execute(statement)
    ]


def put_back(session: Session, ids: Sequence[int]) -> None:
    """Nobody could set out after all: it does not count."""
    session.execute(
        sa.update(InboundMail)
        .where(col(InboundMail.id).in_(ids), col(InboundMail.processed_at).is_(None), col(InboundMail.attempts) > 0)
        .values(attempts=InboundMail.attempts - 1)
        .execution_options(synchronize_session=False)
    )


def _bearable(rows: Sequence[tuple[int, int, int]]) -> list[int]:
    """The first ids that fit into memory together; one that was tried before by itself."""
    chosen: list[int] = []
    room = TOGETHER_BYTES
    for found, size, attempts in rows:
        if chosen and (attempts or size > room):
            break
        chosen.append(found)
        room -= size
        if attempts:
            break
    return chosen


def begin_processing(session: Session, inbound_id: int, *, now: datetime) -> bool:
    """Mark a mail as processed in the transaction that does it; False when somebody else did it meanwhile."""
    statement = (
        sa.update(InboundMail)
        .where(col(InboundMail.id) == inbound_id, col(InboundMail.processed_at).is_(None))
        .values(processed_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def to_move(session: Session, folder: str, incarnation: str, limit: int) -> list[str]:
    """The numbers of processed mails that still lie in a folder that is read."""
    statement = (
        sa.select(col(InboundPlace.number))
        .join(InboundMail, col(InboundMail.id) == col(InboundPlace.inbound_id))
        .where(
            col(InboundPlace.moved_at).is_(None),
            col(InboundPlace.folder) == folder,
            col(InboundPlace.incarnation) == incarnation,
            col(InboundMail.processed_at).is_not(None),
            col(InboundMail.whole).is_(True),  # of the others only the mailbox has the whole
        )
        .order_by(col(InboundPlace.inbound_id))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def moved(session: Session, folder: str, incarnation: str, numbers: Sequence[str], *, now: datetime) -> None:
    """Note that these mails lie in the folder of processed mail now."""
    statement = sa.update(InboundPlace).where(_lies(folder, incarnation, numbers)).values(moved_at=now)
    session.execute(statement.execution_options(synchronize_session=False))


def content_of(session: Session, inbound_id: int) -> bytes:
    """The bytes of a mail."""
    return bytes(session.get_one(InboundContent, inbound_id).content)
