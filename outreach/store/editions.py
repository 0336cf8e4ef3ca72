"""Editions in the database: the list as it stands now, frozen once, and proved unchanged."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.collation import collation_key
from outreach.domain.counts import Counts
from outreach.domain.editions import CopyKind, Frozen, edition_digest, group_of, is_named, line_digest
from outreach.domain.entries import Entry, printed_line
from outreach.domain.listings import Listing
from outreach.domain.names import name_key
from outreach.domain.places import country_name
from outreach.domain.signatures import COUNTS, SignatureKind, Visibility
from outreach.store.events import record
from outreach.store.families import hidden_by_colleagues
from outreach.store.tables import Call, Edition, EditionCopy, EditionEntry, Event, Letter, LetterText, Signature

FOR_ADDRESSEE = "for the addressee"
"""In the detail of a copy that names those whom only the official may see."""


def counting(call: Call, letter: Letter) -> list[sa.ColumnElement[bool]]:
    """Which signatures are under the letter: confirmed, and to a version that says what the newest one says."""
    return [
        col(Signature.letter_id) == call.letter_id,
        col(Signature.state).in_(COUNTS),
        col(Signature.letter_version) >= letter.substance,
    ]


def list_now(session: Session, call: Call) -> list[Frozen]:
    """The signatories as an edition would hold them if it were made now, in order."""
    letter = session.get_one(Letter, call.letter_id)
    organisers = {name_key(name) for name in call.organisers}
    hidden = hidden_by_colleagues(session, call)
    rows = session.execute(sa.select(*PRINTED).where(*counting(call, letter)))
    return in_order([_frozen(row, organisers, hidden.get(row.id, row.visibility)) for row in rows], call)


PRINTED = tuple(
    Signature.__table__.c[name]  # type: ignore[attr-defined]
    for name in ("id", "kind", "visibility", "name", "acronym", "signer_title", "affiliation", "country")
)
"""What a line is made of: a list may be long, and is asked for at every visit of a page."""


def _frozen(row: Any, organisers: set[str], shown: Visibility) -> Frozen:
    counted = shown is Visibility.COUNTED
    entry = Entry(
        kind=row.kind,
        name=row.name,
        visibility=shown,
        acronym=row.acronym,
        signer_title=row.signer_title,
        affiliation=row.affiliation,
    )
    return Frozen(
        signature_id=row.id,
        kind=row.kind,
        visibility=shown,
        line="" if counted else printed_line(entry),
        country="" if counted else row.country,
        initiator=name_key(row.name) in organisers,
        affiliated=bool(row.affiliation) and not counted,
    )


def in_order(entries: Iterable[Frozen], call: Call) -> list[Frozen]:
    """By group, within each by Unicode collation (UTS #10); who is only counted comes last."""
    listing = Listing.read(call.listing)

    def key(entry: Frozen) -> tuple[object, ...]:
        number, country = group_of(entry, listing)
        heading = collation_key(country_name(country, call.default_language)) if country else ()
        return (not entry.line, number, heading, collation_key(entry.line), entry.line, entry.signature_id)

    return sorted(entries, key=key)


def freeze(
    session: Session,
    call: Call,
    entries: Sequence[Frozen],
    *,
    version: int,
    deadline_revision: int,
    now: datetime,
    by: str,
    reason: str,
    salt: bytes,
) -> Edition:
    """Make the letter's next edition of these entries."""
    letter = session.get_one(Letter, call.letter_id)
    before = session.execute(
        sa.select(sa.func.max(col(Edition.number))).where(col(Edition.letter_id) == letter.id)
    ).scalar()
    edition = Edition(
        letter_id=call.letter_id,
        call_id=call.id or 0,
        number=(before or 0) + 1,
        letter_version=version,
        deadline_revision=deadline_revision,
        organisers=list(call.organisers),
        listing=Listing.read(call.listing).table(),
        digest="",
        by=by,
        reason=reason,
        at=now,
    )
    rows = [
        EditionEntry(
            edition_id=0,
            position=position,
            signature_id=entry.signature_id,
            kind=entry.kind,
            visibility=entry.visibility,
            country=entry.country,
            initiator=entry.initiator,
            line=entry.line,
            affiliated=entry.affiliated,
            digest=line_digest(entry.signature_id, entry.line, entry.country, salt),
        )
        for position, entry in enumerate(entries, start=1)
    ]
    edition.digest = _digest(session, letter, edition, rows)
    session.add(edition)
    session.flush()
    for row in rows:
        row.edition_id = edition.id or 0
    session.add_all(rows)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="freeze_edition",
        subject="edition",
        subject_id=edition.id,
        number=edition.number,
        entries=len(rows),
        digest=edition.digest,
    )
    return edition


def _digest(session: Session, letter: Letter, edition: Edition, rows: Iterable[EditionEntry]) -> str:
    texts = session.exec(
        select(LetterText).where(LetterText.letter_id == letter.id, LetterText.version == edition.letter_version)
    )
    return edition_digest(
        letter.slug,
        edition.number,
        edition.letter_version,
        {text.language: text.digest for text in texts},
        Listing.read(edition.listing),
        edition.organisers,
        [
            (row.signature_id, row.kind.value, row.visibility.value, row.initiator, row.affiliated, row.digest)
            for row in rows
        ],
    )


def rows_of(session: Session, edition: Edition) -> list[EditionEntry]:
    """The edition's entries, in order."""
    return list(
        session.exec(
            select(EditionEntry).where(EditionEntry.edition_id == edition.id).order_by(col(EditionEntry.position))
        )
    )


def entries_of(session: Session, edition: Edition) -> list[Frozen]:
    """The edition's entries as values, in order."""
    return [
        Frozen(
            signature_id=row.signature_id,
            kind=row.kind,
            visibility=row.visibility,
            line=row.line,
            country=row.country,
            initiator=row.initiator,
            affiliated=row.affiliated,
        )
        for row in rows_of(session, edition)
    ]


def counts_of(session: Session, edition: Edition, *, for_addressee: bool = False) -> Counts:
    """How many the edition names and how many it only counts, of each kind."""
    statement = (
        sa.select(col(EditionEntry.kind), col(EditionEntry.visibility), sa.func.count())
        .where(col(EditionEntry.edition_id) == edition.id)
        .group_by(col(EditionEntry.kind), col(EditionEntry.visibility))
    )
    return _counts(session.execute(statement), for_addressee=for_addressee)


def counts_now(session: Session, call: Call) -> Counts:
    """How many are under the letter at this moment; those who are named are the public ones."""
    letter = session.get_one(Letter, call.letter_id)
    statement = (
        sa.select(col(Signature.kind), col(Signature.visibility), sa.func.count())
        .where(*counting(call, letter))
        .group_by(col(Signature.kind), col(Signature.visibility))
    )
    rows = [tuple(row) for row in session.execute(statement)]
    for number, shown in hidden_by_colleagues(session, call).items():
        one = session.get_one(Signature, number)
        rows += [(one.kind, one.visibility, -1), (one.kind, shown, 1)]
    return _counts(rows)


def _counts(rows: Iterable[Any], *, for_addressee: bool = False) -> Counts:
    numbers: dict[tuple[SignatureKind, bool], int] = {}
    for kind, visibility, number in rows:
        key = kind, is_named(visibility, for_addressee=for_addressee)
        numbers[key] = numbers.get(key, 0) + int(number)
    organisation, individual = SignatureKind
    return Counts(
        organisations=numbers.get((organisation, True), 0),
        individuals=numbers.get((individual, True), 0),
        unnamed_organisations=numbers.get((organisation, False), 0),
        unnamed_individuals=numbers.get((individual, False), 0),
    )


def is_unchanged(session: Session, edition: Edition, salt: bytes) -> bool:
    """Whether the edition is still what was signed off: its texts, its entries, each line that was not erased."""
    letter = session.get_one(Letter, edition.letter_id)
    rows = rows_of(session, edition)
    lines = all(
        row.digest == line_digest(row.signature_id, row.line, row.country, salt)
        for row in rows
        if row.line or row.visibility is Visibility.COUNTED
    )
    return lines and edition.digest == _digest(session, letter, edition, rows)


def newest_edition(session: Session, letter_id: int) -> Edition | None:
    """The newest edition of a letter; None while nobody has signed off."""
    return session.exec(
        select(Edition).where(Edition.letter_id == letter_id).order_by(col(Edition.number).desc())
    ).first()


def signer(letter_id: Any) -> sa.ScalarSelect[str]:
    """Who signed off the newest list of that letter that a person signed off; NULL for none.

    Whoever only took a name out of an edition made the next one, and signed nothing off.
    """
    return (
        sa.select(col(Edition.by))
        .join(
            Event,
            sa.and_(
                col(Event.subject) == "edition",
                col(Event.subject_id) == col(Edition.id),
                col(Event.verb) == "sign_off",
            ),
        )
        .where(col(Edition.letter_id) == letter_id)
        .order_by(col(Edition.number).desc())
        .limit(1)
        .scalar_subquery()
    )


def signed_off_by(session: Session, letter_id: int) -> str:
    """Who that is; of a letter that was only recorded, who did that; "" for nobody."""
    newest = newest_edition(session, letter_id)
    return str(session.execute(sa.select(signer(letter_id))).scalar() or (newest.by if newest else ""))


def is_signed_off(session: Session, call: Call) -> bool:
    """Whether there is an edition of what the letter says now, made since signing ended for the last time.

    One of an earlier text does not count for it, nor one of an earlier deadline: people have signed since.
    """
    edition = newest_edition(session, call.letter_id)
    return (
        edition is not None
        and edition.letter_version >= session.get_one(Letter, call.letter_id).substance
        and edition.deadline_revision >= call.deadline_revision
    )


def copy_went_out(
    session: Session, edition: Edition, kind: CopyKind, *, detail: str = "", by: str, now: datetime
) -> None:
    """Note that a copy of the edition left the house."""
    session.add(EditionCopy(edition_id=edition.id or 0, kind=kind, detail=detail, by=by, at=now))


def copies_naming(session: Session, signature: Signature) -> list[tuple[Edition, EditionCopy]]:
    """Every copy that went out and names the signatory, the oldest first."""
    in_public = col(EditionEntry.visibility) == Visibility.PUBLIC
    in_confidence = sa.and_(
        col(EditionEntry.visibility) == Visibility.ADDRESSEE, col(EditionCopy.detail).contains(FOR_ADDRESSEE)
    )
    statement = (
        select(Edition, EditionCopy)
        .join(EditionCopy, col(EditionCopy.edition_id) == col(Edition.id))
        .join(EditionEntry, col(EditionEntry.edition_id) == col(Edition.id))
        .where(EditionEntry.signature_id == signature.id, sa.or_(in_public, in_confidence))
        .order_by(col(EditionCopy.at), col(EditionCopy.id))
    )
    return list(session.exec(statement))
