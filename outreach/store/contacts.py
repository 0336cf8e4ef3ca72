"""Takes in the contacts of a file: a few statements for every few hundred of them, nothing row by row."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from outreach.domain.contact_merging import TEXTS, Said, changes, first_values, joined, oddities
from outreach.domain.contact_rows import RowProblem
from outreach.store.bulk import Rows, new_numbers, words_at_the_end
from outreach.store.chunks import in_chunks
from outreach.store.named_organisations import ORGANISATIONS
from outreach.store.staged_rows import StagedRows
from outreach.store.tables import Affiliation, Contact, ContactTag, Suppression, SuppressionReason

CONTACTS: Final[sa.Table] = Contact.__table__  # type: ignore[attr-defined]
AFFILIATIONS: Final[sa.Table] = Affiliation.__table__  # type: ignore[attr-defined]
TAGS: Final[sa.Table] = ContactTag.__table__  # type: ignore[attr-defined]
SUPPRESSIONS: Final[sa.Table] = Suppression.__table__  # type: ignore[attr-defined]

SETTABLE: Final = (*TEXTS, "custom", "organisation_id")
"""The columns of a contact that an import can change."""
NEW: Final = ("id", "address", "address_digest", "domain", *SETTABLE)
OF_A_CALL: Final = "opt-out of a call"


@dataclass(slots=True)
class Person:
    """All that a file says of one address, and what the workspace knows of it."""

    digest: str
    said: Said
    rows: int
    organisations: list[int]
    known: dict[str, Any] | None = None
    new: dict[str, Any] = field(default_factory=dict)
    new_tags: list[str] = field(default_factory=list)
    new_organisations: list[int] = field(default_factory=list)
    suppressed: str = ""

    @property
    def changed(self) -> bool:
        """Whether the file adds anything to somebody who is known."""
        return bool(self.known and (self.new or self.new_tags or self.new_organisations))

    @property
    def value(self) -> dict[str, Any]:
        """The columns of the contact as they will be."""
        return {**(self.known or {}), **self.new}


@dataclass(slots=True)
class Counts:
    """How many contacts an import added, changed and left alone; ``joined`` counts rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    joined: int = 0
    without_basis: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)


def take_in_contacts(
    session: Session,
    staged: StagedRows,
    *,
    now: datetime,
    warn: Callable[[RowProblem], None],
    refuse: Callable[[Person], None],
    step: Callable[[int], None],
) -> Counts:
    """Add and change the contacts of the staged rows; ``step`` hears how many rows were handled so far.

    Suppressions are read, never touched. Who was erased on request goes to ``refuse`` and is not taken in.
    """
    counts, handled = Counts(), 0
    with words_at_the_end(session, CONTACTS):
        for people in in_chunks(_people(staged, warn)):
            _look_up(session, people)
            kept = [one for one in people if one.suppressed != SuppressionReason.ERASURE]
            for one in people:
                if one.suppressed == SuppressionReason.ERASURE:
                    refuse(one)
            _compare(session, kept, warn)
            _write(session, kept, now)
            _count(counts, kept)
            handled += sum(one.rows for one in people)
            step(handled)
    return counts


def _people(staged: StagedRows, warn: Callable[[RowProblem], None]) -> Iterator[Person]:
    """Each address once, all its rows joined."""
    for digest, rows in staged.contacts():
        person: Person | None = None
        for said, organisation in rows:
            if person is None:
                person = Person(digest, said, 0, [])
            else:
                person.said, differing = joined(person.said, said)
                for one in differing:
                    warn(one)
            person.rows += 1
            if organisation and organisation not in person.organisations:
                person.organisations.append(organisation)
        if person is not None:
            yield person


def _look_up(session: Session, people: Sequence[Person]) -> None:
    """Find out who is known, and to whom nothing may be written."""
    by_digest = {one.digest: one for one in people}
    seat = ORGANISATIONS.c.country.label("seat")
    home = CONTACTS.outerjoin(ORGANISATIONS, ORGANISATIONS.c.id == CONTACTS.c.organisation_id)
    statement = sa.select(CONTACTS, seat).select_from(home).where(CONTACTS.c.address_digest.in_(by_digest))
    for row in session.execute(statement).mappings():
        by_digest[row["address_digest"]].known = dict(row)
    columns = (SUPPRESSIONS.c.address_digest, SUPPRESSIONS.c.reason, SUPPRESSIONS.c.scope)
    suppressed = sa.select(*columns).where(SUPPRESSIONS.c.address_digest.in_(by_digest))
    for digest, reason, scope in session.execute(suppressed):
        person = by_digest[digest]
        word = OF_A_CALL if scope and reason is SuppressionReason.OPT_OUT else reason.value
        person.suppressed = max(person.suppressed, word, key=_GRAVITY.index)


_GRAVITY: Final = ("", OF_A_CALL, *(reason.value for reason in SuppressionReason))
"""Of several reasons for one address the last of these is the one that is counted."""


def _compare(session: Session, people: Iterable[Person], warn: Callable[[RowProblem], None]) -> None:
    """Find out what is new about each."""
    known = {one.known["id"]: one for one in people if one.known}
    tags = _pairs(session, TAGS.c.contact_id, TAGS.c.tag, known)
    speaks_for = _pairs(session, AFFILIATIONS.c.contact_id, AFFILIATIONS.c.organisation_id, known)
    for one in people:
        if one.known is None:
            one.new_tags, one.new_organisations = list(one.said.tags), one.organisations
            one.new = first_values(one.said, one.organisations)
            continue
        contact = one.known["id"]
        one.new_tags = [tag for tag in one.said.tags if tag not in tags[contact]]
        one.new_organisations = [number for number in one.organisations if number not in speaks_for[contact]]
        one.new = changes(one.known, one.known["seat"] or "", one.said, one.organisations)
        for oddity in oddities(one.known, one.new, one.said):
            warn(oddity)


def _pairs(session: Session, key: Any, value: Any, ids: Collection[int]) -> defaultdict[int, set[Any]]:
    found: defaultdict[int, set[Any]] = defaultdict(set)
    if not ids:
        return found
    for contact, word in session.execute(sa.select(key, value).where(key.in_(list(ids)))):
        found[contact].add(word)
    return found


def _write(session: Session, people: Sequence[Person], now: datetime) -> None:
    ids: dict[str, int] = {one.digest: one.known["id"] for one in people if one.known}
    new = [one for one in people if not one.known]
    if new:
        ids.update(zip((one.digest for one in new), new_numbers(session, CONTACTS, len(new)), strict=True))
        rows = Rows(session, CONTACTS, NEW, created_at=now, updated_at=now)
        rows.write([_cells(ids[one.digest], one) for one in new])
    changed = [one for one in people if one.changed]
    if changed:
        session.execute(_update(), [_new_values(one, now) for one in changed])
    Rows(session, AFFILIATIONS, ("contact_id", "organisation_id")).write(
        [(ids[one.digest], number) for one in people for number in one.new_organisations]
    )
    Rows(session, TAGS, ("contact_id", "tag")).write(
        [(ids[one.digest], tag) for one in people for tag in one.new_tags]
    )


def _cells(number: int, person: Person) -> list[Any]:
    said, value = person.said, person.new.get
    texts = [value(name, "") for name in TEXTS]
    return [number, said.address, person.digest, said.domain, *texts, value("custom", {}), value("organisation_id")]


def _update() -> sa.Update:
    columns: dict[str, Any] = {column: sa.bindparam(f"new_{column}") for column in (*SETTABLE, "updated_at")}
    return sa.update(CONTACTS).where(CONTACTS.c.id == sa.bindparam("known_id")).values(columns)


def _new_values(person: Person, now: datetime) -> dict[str, Any]:
    value = person.value
    return {
        "known_id": value["id"],
        "new_updated_at": now,
        **{f"new_{column}": value[column] for column in SETTABLE},
    }


def _count(counts: Counts, people: Iterable[Person]) -> None:
    for one in people:
        counts.added += one.known is None
        counts.changed += one.changed
        counts.unchanged += one.known is not None and not one.changed
        counts.joined += one.rows - 1
        counts.without_basis += not one.value.get("basis")
        if one.suppressed:
            counts.suppressed[one.suppressed] += 1
