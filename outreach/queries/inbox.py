"""Reads the console's inbox: which replies there are for somebody, how many wait, and which one comes next."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.replies import SURE, ReplyKind
from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.domain.states import ReplyState
from outreach.store.contact_words import rows_with, words_of
from outreach.store.tables import Call, Contact, Organisation, Post, Reply

FIRST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Among:
    """Which replies: ``calls`` are all that the reader may see, None for every one.

    ``call`` narrows it to one call, 0 to those of none; None does not narrow. ``waiting``: only what waits.
    """

    calls: frozenset[int] | None = None
    waiting: bool = True
    kind: ReplyKind | None = None
    call: int | None = None


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One reply in the list. ``said`` are its first words; ``place`` the call's title, or whose office, or ""."""

    id: int
    at: datetime
    kind: ReplyKind
    sure: bool
    state: ReplyState
    channel: str
    sender: str
    organisation: str
    place: str
    said: str
    subject: str
    handled_by: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many wait for the reader: in all, of each kind, of each call (0: of none)."""

    waiting: int
    kinds: Counter[ReplyKind] = field(default_factory=Counter)
    calls: Counter[int] = field(default_factory=Counter)


def inbox_lines(
    session: Session,
    among: Among,
    *,
    search: str = "",
    salt: bytes = b"",
    after: int | None = None,
    limit: int = 50,
) -> list[InboxLine]:
    """The replies: what waits with the oldest first, everything with the newest; ``after`` is the last one seen.

    ``search`` is a reply's number, an address, or how words begin of the sender, the organisation or the subject.
    """
    statement = _columns().where(*_within(among), *_found(session, search, salt))
    number = col(Reply.id)
    if after is not None:
        statement = statement.where(number > after if among.waiting else number < after)
    statement = statement.order_by(number if among.waiting else number.desc())
    return [_line(row) for row in session.execute(statement.limit(limit))]


def tally(session: Session, calls: frozenset[int] | None) -> Tally:
    """How much waits for somebody who may see these calls, counted in one index."""
    statement = (
        sa.select(col(Reply.call_id), col(Reply.kind), sa.func.count())
        .where(*_within(Among(calls)))
        .group_by(col(Reply.call_id), col(Reply.kind))
    )
    kinds, by_call = Counter[ReplyKind](), Counter[int]()
    for call, kind, number in session.execute(statement):
        kinds[kind] += number
        by_call[call or 0] += number
    return Tally(kinds.total(), kinds, by_call)


def next_waiting(session: Session, among: Among, number: int) -> int | None:
    """The next reply that waits, of the same sort as this one; after the last the first. None: no other waits."""
    waits = sa.select(col(Reply.id)).where(*_within(among), col(Reply.state) == ReplyState.WAITING)
    for where in (col(Reply.id) > number, col(Reply.id) < number):
        found = session.execute(waits.where(where).order_by(col(Reply.id)).limit(1)).scalar()
        if found is not None:
            return int(found)
    return None


def beside(session: Session, among: Among, number: int) -> tuple[int | None, int | None]:
    """The replies before and after this one in the list; None at its ends."""
    row = sa.select(col(Reply.id)).where(*_within(among)).limit(1)
    lower = session.execute(row.where(col(Reply.id) < number).order_by(col(Reply.id).desc())).scalar()
    higher = session.execute(row.where(col(Reply.id) > number).order_by(col(Reply.id))).scalar()
    return (lower, higher) if among.waiting else (higher, lower)


def calls_for(session: Session, calls: frozenset[int] | None) -> Sequence[tuple[int, str, str]]:
    """The calls to which a reply may belong, the newest first: id, name, title."""
    statement = sa.select(col(Call.id), col(Call.slug), col(Call.title)).order_by(col(Call.id).desc()).limit(500)
    if calls is not None:
        statement = statement.where(col(Call.id).in_(calls))
    return [(number, slug, title) for number, slug, title in session.execute(statement)]


def _within(among: Among) -> Iterator[sa.ColumnElement[bool]]:
    if among.waiting:
        yield col(Reply.state) == ReplyState.WAITING
    if among.kind is not None:
        yield col(Reply.kind) == among.kind
    if among.call is not None:
        yield col(Reply.call_id) == among.call if among.call else col(Reply.call_id).is_(None)
    if among.calls is not None:
        yield _of_calls(among.calls)


def _of_calls(calls: Collection[int]) -> sa.ColumnElement[bool]:
    return col(Reply.call_id).in_(calls) if calls else sa.false()


def _found(session: Session, search: str, salt: bytes) -> Iterator[sa.ColumnElement[bool]]:
    words = search.split()
    if len(words) == 1 and words[0].isascii() and words[0].isdecimal():
        yield col(Reply.id) == min(int(words[0][:12]), LARGEST_NUMBER)
        return
    if len(words) == 1 and "@" in words[0]:
        try:
            digest = address_digest(parse_address(words[0]).key, salt)
        except InvalidInput:
            yield sa.false()
        else:
            person = sa.select(col(Contact.id)).where(col(Contact.address_digest) == digest)
            yield sa.or_(col(Reply.sender_digest) == digest, col(Reply.contact_id).in_(person))
        return
    if said := words_of(search):
        yield col(Reply.id).in_(rows_with(session, "reply_words", said))


def _columns() -> Any:
    said = sa.func.substr(col(Reply.new_text), 1, FIRST_WORDS)
    return (
        sa.select(
            *(col(Reply.id), col(Reply.at), col(Reply.kind), col(Reply.confidence), col(Reply.state)),
            *(col(Reply.channel), col(Reply.sender_name), col(Reply.sender_address), col(Contact.name)),
            *(col(Organisation.name), col(Call.title), col(Post.office), col(Post.institution)),
            *(said, col(Reply.subject), col(Reply.note), col(Reply.handled_by)),
        )
        .select_from(Reply)
        .outerjoin(Call, col(Call.id) == col(Reply.call_id))
        .outerjoin(Contact, col(Contact.id) == col(Reply.contact_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Reply.organisation_id))
        .outerjoin(Post, col(Post.id) == col(Reply.post_id))
    )


def _line(row: Any) -> InboxLine:
    number, at, kind, confidence, state, channel, name, address, contact, organisation, title, *rest = row
    office, institution, said, subject, note, handled_by = rest
    return InboxLine(
        id=number,
        at=at,
        kind=kind,
        sure=confidence >= SURE,
        state=state,
        channel=channel.value,
        sender=name or contact or address,
        organisation=organisation or "",
        place=title or ", ".join(filter(None, (office, institution))),
        said=" ".join((said or note).split()),
        subject=subject,
        handled_by=handled_by,
    )
