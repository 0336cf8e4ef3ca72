"""A coordinator brings in a table of contacts: the good rows go in, every other one is named with its reason."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import address_digest, flood_key
from outreach.domain.contact_merging import Said, said_in
from outreach.domain.contact_reports import Findings, Imported
from outreach.domain.contact_rows import Basis, ContactRow, Field, HeaderMap, RowProblem, RowProblems, RowReader
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line, looks_like_address
from outreach.store.bulk import busy_if_preceded, with_room
from outreach.store.chunks import in_chunks
from outreach.store.contacts import Counts, Person, take_in_contacts
from outreach.store.events import record
from outreach.store.named_organisations import take_in_organisations
from outreach.store.staged_rows import StagedRows, staged_rows

WHOLE_ROW: Final = "whole row"
OURS: Final = "is an address of this workspace itself (sender in config.toml): mail to it would come back to us"
PRECEDED: Final = (
    "The database is busy: while the file was taken in, somebody else added a contact or an organisation of it. "
    "Nothing was changed; import it again."
)
ERASED: Final = "was erased at the person's request and is not taken in again"

Progress = Callable[[str, int], None]
"""Hears what is being done ("reading", then "writing") and how many rows of the file that is done for."""


class TableRow(Protocol):
    """A row of a table: what ``read_contacts`` gives, or anything of that form."""

    @property
    def number(self) -> int:
        """The row as a spreadsheet counts."""

    @property
    def cells(self) -> tuple[str, ...]:
        """As many as the header has."""

    @property
    def problem(self) -> str:
        """Why the row cannot be used; "" if it can."""

    @property
    def oddity(self) -> str:
        """What a person should look at; "" if nothing."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is needed to judge a row."""

    header: HeaderMap
    rows: RowReader
    own: frozenset[str]
    salt: bytes
    basis: str
    source: str


def import_contacts(
    session: Session,
    rows: Iterable[TableRow],
    header: HeaderMap,
    *,
    now: datetime,
    by: str,
    house: House,
    source_file: str = "",
    default_basis: str = "",
    default_source: str = "",
    progress: Progress | None = None,
) -> Imported:
    """Add and change contacts, organisations and tags as the rows say; what was done, and what was left out.

    An empty cell erases nothing, a given value replaces, tags and aliases are only added; importing the same
    rows again changes nothing. Suppressions stay as they are. ``default_basis`` and ``default_source`` are for
    contacts of whom neither a row nor the workspace says one. All rows are read before the database is written
    to. Raises InvalidInput for a default that is no basis, and Busy where somebody else added one of them
    meanwhile.
    """
    reader = _Reader(
        header=header,
        rows=RowReader(header),
        own=house.own_mailboxes,
        salt=house.salt,
        basis=_known_basis(default_basis),
        source=clean_line(default_source, 300),
    )
    findings, progress = Findings(), progress or _silent
    with staged_rows() as staged:
        count = _read_all(rows, reader, staged, findings, progress)
        session.flush()
        with with_room(session), busy_if_preceded(PRECEDED):
            organisations = take_in_organisations(session, staged, now=now, warn=findings.warn)
            counts = take_in_contacts(
                session,
                staged,
                now=now,
                warn=findings.warn,
                refuse=lambda person: findings.refuse(_erased(person), person.rows),
                step=lambda handled: progress("writing", handled),
            )
    session.expire_all()  # what the session had loaded may be other now
    done = _report(count, counts, organisations, findings, header)
    _log(session, done, now=now, by=by, source_file=source_file)
    return done


def _read_all(
    rows: Iterable[TableRow], reader: _Reader, staged: StagedRows, findings: Findings, progress: Progress
) -> int:
    """Judge every row and put the good ones aside; how many there were."""
    count = 0
    for chunk in in_chunks(rows):
        staged.add(_good(chunk, reader, findings))
        count += len(chunk)
        progress("reading", count)
    staged.sort()
    return count


def _good(rows: Iterable[TableRow], reader: _Reader, findings: Findings) -> Iterator[tuple[ContactRow, Said, str]]:
    for row in rows:
        parsed = _judged(row, reader)
        if isinstance(parsed, RowProblems):
            findings.refuse(parsed)
            continue
        if row.oddity:
            findings.warn(RowProblem(row.number, WHOLE_ROW, _shown(row), row.oddity))
        for warning in parsed.warnings:
            findings.warn(warning)
        said = said_in(parsed, reader.header, basis=reader.basis, source=reader.source)
        yield parsed, said, address_digest(parsed.address.key, reader.salt)


def _judged(row: TableRow, reader: _Reader) -> ContactRow | RowProblems:
    if row.problem:
        return RowProblems(row.number, (RowProblem(row.number, WHOLE_ROW, _shown(row), row.problem),))
    parsed = reader.rows.read(row.number, row.cells)
    if isinstance(parsed, ContactRow) and flood_key(parsed.address) in reader.own:
        return RowProblems(row.number, (RowProblem(row.number, Field.EMAIL, parsed.address.given, OURS),))
    return parsed


def _shown(row: TableRow) -> str:
    return clean_line(" | ".join(row.cells)[:200], 80)


def _known_basis(word: str) -> str:
    if word and word not in {basis.value for basis in Basis}:
        raise InvalidInput(f'"{word}" is no basis that is known: give one of {", ".join(Basis)}.')
    return word


def _erased(person: Person) -> RowProblems:
    said = person.said
    return RowProblems(said.row, (RowProblem(said.row, Field.EMAIL, said.address, ERASED),))


def _silent(_stage: str, _rows: int) -> None:
    """Nobody watches."""


def _report(
    rows: int, counts: Counts, organisations: tuple[int, int], findings: Findings, header: HeaderMap
) -> Imported:
    return Imported(
        rows=rows,
        added=counts.added,
        changed=counts.changed,
        unchanged=counts.unchanged,
        joined=counts.joined,
        refused=findings.refused,
        refusals=tuple(sorted(findings.refusals, key=lambda one: one.row)),
        warnings=findings.warned(),
        organisations_added=organisations[0],
        organisations_changed=organisations[1],
        suppressed=dict(counts.suppressed),
        without_basis=counts.without_basis,
        ignored=header.ignored,
    )


def _log(session: Session, done: Imported, *, now: datetime, by: str, source_file: str) -> None:
    record(
        session,
        at=now,
        by=by,
        verb="import_contacts",
        subject="contacts",
        subject_id=None,
        file="" if looks_like_address(source_file) else clean_line(source_file),
        rows=done.rows,
        added=done.added,
        changed=done.changed,
        refused=done.refused,
        organisations_added=done.organisations_added,
        organisations_changed=done.organisations_changed,
        suppressed=sum(done.suppressed.values()),
    )
