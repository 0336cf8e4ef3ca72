"""One row of a table or list of signatures: read into an entry, or told what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from outreach.domain.addresses import parse_address
from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.entries import SENTENCES, Entry, read_entry
from outreach.domain.errors import InvalidInput
from outreach.domain.lists.heading_words import INDIVIDUAL, ORGANISATION, plain_words
from outreach.domain.lists.signature_columns import Field, SignatureHeader
from outreach.domain.lists.submission_times import read_submitted
from outreach.domain.lists.visibility_words import read_visibility
from outreach.domain.names import clean_line
from outreach.domain.places import folded
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import SignatureState

_NOTHING: Final = frozenset(
    [
        "-",
        "--",
        "–",
        "—",
        "/",
        ".",
        "n/a",
        "n.a.",
        "n/a.",
        "none",
        "nil",
        "aucun",
        "aucune",
        "ninguno",
        "ninguna",
        "keine",
        "keiner",
        "nenhum",
        "nenhuma",
        "not applicable",
        "sans objet",
        "no aplica",
        "لا يوجد",
    ]
)
"""What people write into a field that is not for them."""
_NO_ADDRESS: Final = frozenset({"anonymous", "anonyme", "anonimo", "anonym", "مجهول"})
"""What Microsoft Forms writes as the address of who need not say one."""
_OPTIONAL: Final = (
    Field.ORGANISATION,
    Field.ACRONYM,
    Field.COUNTRY,
    Field.WEBSITE,
    Field.TITLE,
    Field.AFFILIATION,
    Field.EMAIL,
)
_NEITHER: Final = frozenset({SignatureState.CONFIRMED.value, SignatureState.LATE.value})
_STATES: Final = frozenset(state.value for state in SignatureState) - _NEITHER
_EVIDENCE_LIMIT: Final = 500
_SHOWN: Final = 80

SAYS_NOTHING: Final = "is empty: the signature is counted and not named, because nobody said that it may be"
NAME_OF_INDIVIDUAL: Final = "is taken as the name of the individual, because no other name is given"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the person who gives a file says of it.

    ``visibility`` is for a file that has no column of it; ``kind`` goes before what the row seems to be; on the
    clocks of ``zone`` are the times that name none.
    """

    visibility: Visibility
    zone: str
    kind: SignatureKind | None = None


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A row that can be taken. ``address`` and ``evidence`` may be ""; ``at`` is None where no time is said.

    ``warnings`` are for a person to see; the row is good.
    """

    row: int
    entry: Entry
    address: str = ""
    at: datetime | None = None
    evidence: str = ""
    warnings: tuple[RowProblem, ...] = ()


def parse_signature(
    row: int, cells: Sequence[str], header: SignatureHeader, reading: Reading
) -> SignatureRow | RowProblems:
    """The signature in a row's cells, or all that is wrong with the row; never half of it.

    A row with an organisation is the organisation's, and its name the signer's; without one it is an individual's.
    Names are the cells', byte for byte but for what ``clean_line`` takes away.
    """
    return _Row(row, cells, header, reading).parsed()


class _Row:
    """One row while it is read; what is wrong with it is noted."""

    def __init__(self, row: int, cells: Sequence[str], header: SignatureHeader, reading: Reading) -> None:
        self.row = row
        self.cells = cells
        self.header = header
        self.reading = reading
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []

    def parsed(self) -> SignatureRow | RowProblems:
        self._refuse_what_does_not_count()
        entry, address, at = self._entry(), self._address(), self._submitted()
        if entry is None or self.problems:
            return RowProblems(self.row, tuple(self.problems))
        evidence = clean_line(self._cell(Field.EVIDENCE), _EVIDENCE_LIMIT)
        return SignatureRow(self.row, entry, address, at, evidence, tuple(self.warnings))

    def _refuse_what_does_not_count(self) -> None:
        """A table of our own says of some rows that they were taken back. A State of a country is none of ours."""
        if (state := clean_line(self._cell(Field.STATE)).casefold()) in _STATES:
            self._wrong(Field.STATE, state, "says that this signature does not count")

    def _entry(self) -> Entry | None:
        kind = self._kind()
        visibility = self._visibility()
        if kind is None:
            return None
        given = self._of_organisation() if kind is SignatureKind.ORGANISATION else self._of_individual()
        field, name = given["name"]
        if not clean_line(name, len(name) + 1):
            named = (
                "no organisation" if kind is SignatureKind.ORGANISATION else "neither an organisation nor a person"
            )
            self._wrong(field, name, f"is empty: the row names {named}")
            return None
        values = {key: value for key, (_, value) in given.items()}
        read = read_entry(kind, {**values, "visibility": visibility.value})
        if isinstance(read, Entry):
            return read
        for fault in read.faults:
            self._wrong(*given[fault.field], SENTENCES[fault.reason])
        return None

    def _of_organisation(self) -> dict[str, tuple[Field, str]]:
        """Each part of its entry, and the column that it is from."""
        columns = self.header.fields
        signer = (Field.NAME, self._person())
        name = (Field.ORGANISATION, self._cell(Field.ORGANISATION)) if Field.ORGANISATION in columns else signer
        return {
            "name": name,
            **{field.value: (field, self._cell(field)) for field in (Field.ACRONYM, Field.COUNTRY, Field.WEBSITE)},
            "signer_name": signer if name is not signer else (Field.NAME, ""),
            "signer_title": (Field.TITLE, self._cell(Field.TITLE)),
        }

    def _of_individual(self) -> dict[str, tuple[Field, str]]:
        """An organisation beside an individual's name is the affiliation, unless one is given; else the name."""
        body = (Field.ORGANISATION, self._cell(Field.ORGANISATION))
        named = self._person() or not body[1]
        if not named:
            self.warnings.append(RowProblem(self.row, Field.ORGANISATION, _shown(body[1]), NAME_OF_INDIVIDUAL))
        affiliation = (Field.AFFILIATION, self._cell(Field.AFFILIATION))
        return {
            "name": (Field.NAME, self._person()) if named else body,
            "signer_title": (Field.TITLE, self._cell(Field.TITLE)),
            "affiliation": body if named and not affiliation[1] else affiliation,
            "country": (Field.COUNTRY, self._cell(Field.COUNTRY)),
        }

    def _person(self) -> str:
        parts = (self._cell(field).strip() for field in (Field.GIVEN_NAME, Field.FAMILY_NAME))
        return self._cell(Field.NAME) or " ".join(part for part in parts if part)

    def _kind(self) -> SignatureKind | None:
        cell = self._cell(Field.KIND)
        if clean_line(cell):
            kind = _kind_of(cell)
            if kind is None:
                self._wrong(Field.KIND, cell, "is no kind of signatory: write organisation or individual")
            return kind
        if self.reading.kind is not None:
            return self.reading.kind
        if Field.ORGANISATION not in self.header.fields:
            return self.header.lone
        return (
            SignatureKind.ORGANISATION if clean_line(self._cell(Field.ORGANISATION)) else SignatureKind.INDIVIDUAL
        )

    def _visibility(self) -> Visibility:
        """What the row says; what the person said if the file has no column of it. Counted where it is unclear."""
        if Field.VISIBILITY not in self.header.fields:
            return self.reading.visibility
        cell = self._cell(Field.VISIBILITY)
        if not clean_line(cell):
            self.warnings.append(RowProblem(self.row, Field.VISIBILITY, "", SAYS_NOTHING))
            return Visibility.COUNTED
        visibility = read_visibility(clean_line(cell, len(cell) + 1), self.header.visibility_asked)
        if visibility is None:
            self._wrong(Field.VISIBILITY, cell, "can be understood in two ways: write public, addressee or counted")
        return visibility or Visibility.COUNTED

    def _address(self) -> str:
        cell = self._cell(Field.EMAIL)
        if not cell.strip() or folded(cell) in _NO_ADDRESS:
            return ""
        try:
            address = parse_address(cell)
        except InvalidInput as refusal:
            self._wrong(Field.EMAIL, cell, str(refusal))
            return ""
        self.warnings += [RowProblem(self.row, Field.EMAIL, _shown(cell), said) for said in address.warnings]
        return address.wire

    def _submitted(self) -> datetime | None:
        cell = self._cell(Field.SUBMITTED)
        if not clean_line(cell):
            return None
        try:
            return read_submitted(cell, zone=self.reading.zone, order=self.header.day_order)
        except InvalidInput as refusal:
            self._wrong(Field.SUBMITTED, cell, str(refusal))
            return None

    def _cell(self, field: Field) -> str:
        place = self.header.fields.get(field)
        cell = "" if place is None or place >= len(self.cells) else self.cells[place]
        return "" if field in _OPTIONAL and " ".join(cell.casefold().split()) in _NOTHING else cell

    def _wrong(self, field: Field, value: str, reason: str) -> None:
        self.problems.append(RowProblem(self.row, str(field), _shown(value), reason))


@lru_cache(maxsize=256)
def _kind_of(cell: str) -> SignatureKind | None:
    text = plain_words(cell)
    person, body = INDIVIDUAL.search(text) is not None, ORGANISATION.search(text) is not None
    if person == body:
        return None
    return SignatureKind.INDIVIDUAL if person else SignatureKind.ORGANISATION


def _shown(value: str) -> str:
    return clean_line(value, _SHOWN)
