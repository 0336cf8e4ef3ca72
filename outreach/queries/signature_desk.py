"""Reads the signatures' desk for the console: how many stand where, and each part of it page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.addresses import SHARED_DOMAINS, same_house
from outreach.domain.desk.doubts import doubts
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import SignatureState
from outreach.queries.desk import CLAIMED, ON_THE_DESK, DeskLine
from outreach.store.chunks import in_chunks
from outreach.store.entries import entry_of, line_of
from outreach.store.tables import Affiliation, Call, Contact, Organisation, Reply, ReplyEffect, Signature

AT_ONCE = 50
LOOKED_THROUGH = 1000
"""So many signatures at which nobody has looked are gone through for doubts at once."""
LONGEST_WORD = 60
MOST_WORDS = 5

Row = tuple[Signature, Contact | None]


class Part(StrEnum):
    """The parts of the desk."""

    UNDECIDED = "undecided"
    DOUBTFUL = "doubtful"
    PAIRS = "pairs"
    CONFIRMED = "confirmed"
    LATE = "late"
    GONE = "gone"


STATES: dict[Part, tuple[SignatureState, ...]] = {
    Part.UNDECIDED: (SignatureState.PROPOSED, SignatureState.LATE, SignatureState.PENDING),
    Part.CONFIRMED: (SignatureState.CONFIRMED,),
    Part.LATE: (SignatureState.LATE,),
    Part.GONE: (SignatureState.WITHDRAWN, SignatureState.REJECTED, SignatureState.MERGED),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Some signatures, the oldest first; ``after`` is the number to go on behind, 0 at the end."""

    lines: tuple[DeskLine, ...]
    after: int = 0


def tally(session: Session, call: Call) -> dict[SignatureState, int]:
    """How many signatures of the call stand where."""
    rows = session.execute(
        sa.select(col(Signature.state), sa.func.count())
        .where(col(Signature.call_id) == call.id)
        .group_by(col(Signature.state))
    ).all()
    return dict.fromkeys(SignatureState, 0) | dict(map(_two, rows))


def part_of(session: Session, call: Call, part: Part, *, after: int = 0, limit: int = AT_ONCE) -> Lines:
    """A part of the desk behind the number ``after``; the pairs are read elsewhere (``signature_pairs``)."""
    if part is Part.DOUBTFUL:
        return _doubtful(session, call, after, limit)
    rows = _rows(session, _of(call, after).where(col(Signature.state).in_(STATES[part])), limit + 1)
    return Lines(_lines(session, rows[:limit]), rows[limit - 1][0].id or 0 if len(rows) > limit else 0)


def found(session: Session, call: Call, search: str, *, after: int = 0, limit: int = AT_ONCE) -> Lines:
    """The call's signatures in which every word stands: in the name, the signer's, the acronym, or the address."""
    # The address is looked up for each: PostgreSQL would otherwise read all contacts for some signatures.
    address = sa.select(col(Contact.address)).where(col(Contact.id) == col(Signature.contact_id)).scalar_subquery()
    statement = sa.select(col(Signature.id)).where(col(Signature.call_id) == call.id, col(Signature.id) > after)
    for word in search.split()[:MOST_WORDS]:
        wanted = word[:LONGEST_WORD]
        places = (Signature.name, Signature.acronym, Signature.signer_name, Signature.affiliation)
        holds = [column.icontains(wanted, autoescape=True) for column in (*map(col, places), address)]
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10:  # noqa: PLR2004  a row's number
            holds.append(col(Signature.id) == int(wanted))
        statement = statement.where(sa.or_(*holds))
    ids = list(session.execute(statement.order_by(col(Signature.id)).limit(limit + 1)).scalars())
    rows = _rows(session, _all().where(col(Signature.id).in_(ids)))
    return Lines(_lines(session, rows[:limit]), rows[limit - 1][0].id or 0 if len(rows) > limit else 0)


def lines_of(session: Session, numbers: Sequence[int]) -> dict[int, DeskLine]:
    """The lines of these signatures, by their numbers."""
    lines: dict[int, DeskLine] = {}
    for some in in_chunks(sorted(set(numbers))):
        lines |= {
            line.id: line for line in _lines(session, _rows(session, _all().where(col(Signature.id).in_(some))))
        }
    return lines


def reply_behind(session: Session, signature: Signature) -> Reply | None:
    """The reply by which it came, if it came by one."""
    return session.exec(
        select(Reply)
        .join(ReplyEffect, col(ReplyEffect.reply_id) == col(Reply.id))
        .where(ReplyEffect.signature_id == signature.id)
        .limit(1)
    ).first()


def _all() -> Any:
    return select(Signature, Contact).outerjoin(Contact, col(Contact.id) == col(Signature.contact_id))


def _of(call: Call, after: int) -> Any:
    return _all().where(col(Signature.call_id) == call.id, col(Signature.id) > after)


def _rows(session: Session, statement: Any, limit: int | None = None) -> list[Row]:
    return [(one, contact) for one, contact in session.exec(statement.order_by(col(Signature.id)).limit(limit))]


def _doubtful(session: Session, call: Call, after: int, limit: int) -> Lines:
    """Goes through those at which nobody has looked; a page may be short although more come behind it."""
    statement = _of(call, after).where(col(Signature.checked_at).is_(None), col(Signature.state).in_(ON_THE_DESK))
    rows = _rows(session, statement, LOOKED_THROUGH + 1)
    lines = [line for line in _lines(session, rows[:LOOKED_THROUGH]) if line.doubts]
    if len(lines) > limit:
        return Lines(tuple(lines[:limit]), lines[limit - 1].id)
    return Lines(tuple(lines), rows[LOOKED_THROUGH - 1][0].id or 0 if len(rows) > LOOKED_THROUGH else 0)


def _lines(session: Session, rows: Sequence[Row]) -> tuple[DeskLine, ...]:
    strangers = _strangers(session, [row for row in rows if row[0].checked_at is None])
    return tuple(
        replace(line, doubts=(*line.doubts, CLAIMED)) if line.id in strangers else line
        for line in (_line(signature, contact) for signature, contact in rows)
    )


def _line(signature: Signature, contact: Contact | None) -> DeskLine:
    address = contact.address if contact else ""
    found_doubts = () if signature.checked_at else doubts(entry_of(signature), address)
    return DeskLine(
        id=signature.id or 0,
        state=signature.state.value,
        kind=signature.kind.value,
        visibility=signature.visibility.value,
        line=line_of(signature),
        signer=signature.signer_name,
        address=address,
        origin=signature.origin.value,
        submitted_at=signature.submitted_at,
        doubts=tuple(doubt.reason.value for doubt in found_doubts),
    )


def _strangers(session: Session, rows: Sequence[Row]) -> set[int]:
    """Whose mailbox is not known to belong to the organisation (``store.signing.speaks_for``, for many at once)."""
    asked = [
        (one, contact, one.organisation_id)
        for one, contact in rows
        if one.kind is SignatureKind.ORGANISATION and one.organisation_id and contact and not one.invited
    ]
    bodies = {body for _, _, body in asked}
    people, sites, houses = set[tuple[int, int]](), dict[int, str](), set[tuple[int, str]]()
    for some in in_chunks(sorted(bodies)):
        organisations = sa.select(col(Organisation.id), col(Organisation.website))
        sites |= dict(map(_two, session.execute(organisations.where(col(Organisation.id).in_(some)))))
    for some in in_chunks(sorted({contact.id or 0 for _, contact, _ in asked})):
        known = sa.select(col(Affiliation.contact_id), col(Affiliation.organisation_id))
        people |= set(map(_two, session.execute(known.where(col(Affiliation.contact_id).in_(some)))))
    for domains in in_chunks(sorted({contact.domain for _, contact, _ in asked} - SHARED_DOMAINS)):
        statement = (
            sa.select(col(Affiliation.organisation_id), col(Contact.domain))
            .join(Contact, col(Contact.id) == col(Affiliation.contact_id))
            .where(col(Contact.domain).in_(domains), col(Affiliation.organisation_id).in_(bodies))
            .distinct()
        )
        houses |= set(map(_two, session.execute(statement)))
    return {
        one.id or 0
        for one, contact, body in asked
        if (contact.id, body) not in people
        and (body, contact.domain) not in houses
        and not same_house(contact.domain, _host(sites.get(body, "")))
    }


def _two(row: Any) -> tuple[Any, Any]:
    return row[0], row[1]


def _host(website: str) -> str:
    return website.partition("://")[2].partition("/")[0].removeprefix("www.")
