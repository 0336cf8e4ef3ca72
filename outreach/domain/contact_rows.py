"""One row of a table of contacts: read into clean values, or told what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import urlsplit

from outreach.domain.addresses import Address, parse_address
from outreach.domain.contact_columns import COLUMNS, Field, HeaderMap, map_header
from outreach.domain.errors import InvalidInput
from outreach.domain.names import NAME_LIMIT, clean_line, looks_like_address
from outreach.domain.places import country_code, folded, language_code, zone_of_country
from outreach.domain.zones import zone_named

__all__ = [
    "COLUMNS",
    "Basis",
    "ContactRow",
    "Field",
    "HeaderMap",
    "RowProblem",
    "RowProblems",
    "RowReader",
    "map_header",
    "parse_row",
]

MOST_PARTS: Final = 50
"""Tags of a contact, or aliases of an organisation."""
_LIMITS: Final = {Field.ACRONYM: 40, Field.SOURCE: 300, Field.WEBSITE: 300}
_CUSTOM_LIMIT: Final = 500
_SHOWN: Final = 80
_REMEMBERED: Final = 5000
"""Cells of a column whose meaning is kept."""


class Basis(StrEnum):
    """On what ground a contact may be written to; empty in a row means that nobody has said."""

    CONSENT = "consent"
    MEMBER = "member"
    PUBLIC = "public"
    """The published contact of an organisation."""
    PARTNER = "partner"
    LEGITIMATE_INTEREST = "legitimate-interest"


_BASIS_WORDS: Final = {
    Basis.CONSENT: "consent, consented, opt-in, opted in, subscribed, consentement, consentimiento, consentimento, "
    "einwilligung, الموافقة, موافقة",
    Basis.MEMBER: "member, membership, membre, adhérent, miembro, socio, membro, mitglied, عضو",
    Basis.PUBLIC: "public, published, publicly available, publié, público, publicado, öffentlich, منشور",
    Basis.PARTNER: "partner, partenaire, socio de trabajo, aliado, parceiro, partnerin, شريك",
    Basis.LEGITIMATE_INTEREST: "legitimate interest, legitimate interests, intérêt légitime, interés legítimo, "
    "interesse legítimo, berechtigtes interesse",
}
_BASES: Final = {folded(word): basis for basis in Basis for word in (basis.value, *_BASIS_WORDS[basis].split(","))}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong or odd in one cell: the row as a spreadsheet counts, the field, the value, the reason."""

    row: int
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RowProblems:
    """A row that cannot be taken, with everything that is wrong with it."""

    row: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A row that can be taken. An empty text means an empty or absent cell; ``HeaderMap.fields`` tells which.

    ``inferred_zone`` is the zone of the contact's country (or the organisation's), only if ``time_zone`` is
    empty and the country's clocks agree. ``warnings`` are for a person to see; the row is good.
    """

    row: int
    address: Address
    name: str = ""
    given_name: str = ""
    organisation: str = ""
    acronym: str = ""
    aliases: tuple[str, ...] = ()
    organisation_country: str = ""
    website: str = ""
    role: str = ""
    country: str = ""
    language: str = ""
    time_zone: str = ""
    inferred_zone: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    basis: str = ""
    custom: tuple[tuple[str, str], ...] = ()
    warnings: tuple[RowProblem, ...] = ()


def parse_row(row: int, cells: Sequence[str], header: HeaderMap) -> ContactRow | RowProblems:
    """The contact in a row's cells, or all that is wrong with the row; never half of it."""
    read = _Reading(row, cells, header)
    address = read.address()
    values = {field: reads(read) for field, reads in _READS.items()}
    contact = partial(_contact, row, values, custom=read.custom())
    read.organisation_is_named(values[Field.ORGANISATION])
    if address is None or read.problems:
        return RowProblems(row, tuple(read.problems))
    return contact(address=address, warnings=tuple(read.warnings))


def _contact(
    row: int,
    values: Mapping[Field, Any],
    *,
    address: Address,
    custom: tuple[tuple[str, str], ...],
    warnings: tuple[RowProblem, ...],
) -> ContactRow:
    given, family = values[Field.GIVEN_NAME], values[Field.FAMILY_NAME]
    country, seat, zone = values[Field.COUNTRY], values[Field.ORGANISATION_COUNTRY], values[Field.TIME_ZONE]
    return ContactRow(
        row=row,
        address=address,
        name=values[Field.NAME] or " ".join(part for part in (given, family) if part),
        given_name=given,
        organisation=values[Field.ORGANISATION],
        acronym=values[Field.ACRONYM],
        aliases=values[Field.ALIASES],
        organisation_country=seat,
        website=values[Field.WEBSITE],
        role=values[Field.ROLE],
        country=country,
        language=values[Field.LANGUAGE],
        time_zone=zone,
        inferred_zone="" if zone else zone_of_country(country or seat) or "",
        tags=values[Field.TAGS],
        source=values[Field.SOURCE],
        basis=values[Field.BASIS],
        custom=custom,
        warnings=warnings,
    )


class RowReader:
    """Reads many rows under one header as ``parse_row`` does, which a test holds it to.

    In a column most cells say what others said before: what a cell means is kept as long as there is nothing to
    say about it. A row with anything to say goes to ``parse_row``.
    """

    def __init__(self, header: HeaderMap) -> None:
        self._header = header
        self._email = header.fields[Field.EMAIL]
        self._columns = [
            (field, place, _Known(HeaderMap({field: 0}, {}, ()), _READS[field]))
            for field, place in header.fields.items()
            if field in _READS
        ]
        self._custom = [
            (key, place, _Known(HeaderMap({}, {key: 0}, ()), lambda read: read.custom()[0][1]))
            for key, place in header.custom.items()
        ]
        self._of_organisations = [header.fields[field] for field in _OF_ORGANISATIONS if field in header.fields]

    def read(self, row: int, cells: Sequence[str]) -> ContactRow | RowProblems:
        """The contact in a row's cells, or all that is wrong with the row."""
        quick = self._quickly(row, cells)
        return parse_row(row, cells, self._header) if quick is None else quick

    def _quickly(self, row: int, cells: Sequence[str]) -> ContactRow | None:
        """The contact in a row about which there is nothing to say; None for any other."""
        try:
            address = parse_address(cells[self._email])
            values = {**_BLANK, **{field: known[cells[place]] for field, place, known in self._columns}}
            custom = tuple([(key, known[cells[place]]) for key, place, known in self._custom])
        except (InvalidInput, IndexError):
            return None
        if address.warnings or None in values.values() or any(value is None for _, value in custom):
            return None
        if not values[Field.ORGANISATION] and any(cells[place].strip() for place in self._of_organisations):
            return None
        return _contact(row, values, address=address, custom=custom, warnings=())


class _Known(dict[str, Any]):
    """By cell: what it means in a column, None where something is to be said about it."""

    def __init__(self, header: HeaderMap, reads: "Callable[[_Reading], Any]") -> None:
        super().__init__()
        self._header, self._reads = header, reads

    def __missing__(self, cell: str) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        read = _Reading(0, (cell,), self._header)
        meaning = self._reads(read)
        self[cell] = None if read.problems or read.warnings else meaning
        return self[cell]


class _Reading:
    """One row while it is read: every cell is asked for once, and what is wrong with it is noted."""

    def __init__(self, row: int, cells: Sequence[str], header: HeaderMap) -> None:
        self.row = row
        self.cells = cells
        self.header = header
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []

    def address(self) -> Address | None:
        cell = self._cell(Field.EMAIL)
        try:
            address = parse_address(cell)
        except InvalidInput as refusal:
            self._wrong(Field.EMAIL, cell, str(refusal))
            return None
        for warning in address.warnings:
            self._odd(Field.EMAIL, cell, warning)
        return address

    def line(self, field: Field) -> str:
        return self._cleaned(field, self._cell(field), _LIMITS.get(field, NAME_LIMIT))

    def person(self) -> str:
        """The name of a person; an address in its place is left out, because it would show as the recipient."""
        name = self.line(Field.NAME)
        if not looks_like_address(name):
            return name
        self._odd(Field.NAME, name, "looks like an address and is left out as a name")
        return ""

    def organisation(self) -> str:
        """The name of the organisation."""
        name = self.line(Field.ORGANISATION)
        if looks_like_address(name):
            self._wrong(Field.ORGANISATION, name, "looks like an address, not like the name of an organisation")
        return name

    def organisation_is_named(self, name: str) -> None:
        """What is said about an organisation without a name is noted as lost."""
        for field in () if name else _OF_ORGANISATIONS:
            if self._cell(field).strip():
                self._odd(field, self._cell(field), "is left out, because the row names no organisation")

    def parts(self, field: Field, separators: str) -> tuple[str, ...]:
        """The different parts of a cell, in their order."""
        found = (
            self._cleaned(field, part, NAME_LIMIT) for part in re.split(f"[{separators}\n]", self._cell(field))
        )
        parts = tuple(dict.fromkeys(part for part in found if part))
        if len(parts) > MOST_PARTS:
            self._wrong(field, self._cell(field), f"has {len(parts)} parts; {MOST_PARTS} are the most")
        return parts

    def known(self, field: Field, meaning: Callable[[str], str]) -> str:
        """What a word from a known list means; "" for an empty cell."""
        cell = self._cell(field)
        word = clean_line(cell, _LIMITS.get(field, NAME_LIMIT) + 1)
        try:
            return meaning(word) if word else ""
        except InvalidInput as refusal:
            self._wrong(field, cell, str(refusal))
            return ""

    def custom(self) -> tuple[tuple[str, str], ...]:
        found = ((key, self._at(place)) for key, place in self.header.custom.items())
        return tuple((key, self._cleaned(f"custom.{key}", cell, _CUSTOM_LIMIT)) for key, cell in found)

    def _cell(self, field: Field) -> str:
        place = self.header.fields.get(field)
        return "" if place is None else self._at(place)

    def _at(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""

    def _cleaned(self, field: str, text: str, limit: int) -> str:
        line = clean_line(text, limit)
        if len(text) > limit and clean_line(text, len(text)) != line:
            self._wrong(field, text, f"is longer than {limit} characters")
        return line

    def _wrong(self, field: str, value: str, reason: str) -> None:
        self.problems.append(RowProblem(self.row, str(field), _shown(value), reason))

    def _odd(self, field: str, value: str, reason: str) -> None:
        self.warnings.append(RowProblem(self.row, str(field), _shown(value), reason))


def _country(word: str) -> str:
    if code := country_code(word):
        return code
    raise InvalidInput("is no country that is known: write its two-letter code (ISO 3166), for example KE")


def _language(word: str) -> str:
    if code := language_code(word):
        return code
    raise InvalidInput("is no language that is known: write its two-letter code (ISO 639), for example fr")


@lru_cache(maxsize=1024)
def _zone(word: str) -> str:
    return zone_named(word).key


def _basis(word: str) -> str:
    if basis := _BASES.get(folded(word)):
        return basis.value
    raise InvalidInput(f"is no basis that is known: write one of {', '.join(Basis)}")


def _website(word: str) -> str:
    """An absolute http or https address of a page; a bare "www.x.example" is taken as https."""
    link = word if "://" in word else f"https://{word}"
    try:
        parts = urlsplit(link)
        host, plain = parts.hostname or "", parts.username is None and parts.port is None
    except ValueError:
        host, plain = "", False
    known = link.lower().startswith(("http://", "https://"))
    if not (known and plain and "." in host) or " " in link or len(link) > _LIMITS[Field.WEBSITE]:
        raise InvalidInput("is no web address: write it like https://www.name.example")
    return link


_OF_ORGANISATIONS: Final = (Field.ACRONYM, Field.ALIASES, Field.ORGANISATION_COUNTRY, Field.WEBSITE)
_READS: Final[Mapping[Field, Callable[[_Reading], Any]]] = {
    Field.GIVEN_NAME: lambda read: read.line(Field.GIVEN_NAME),
    Field.FAMILY_NAME: lambda read: read.line(Field.FAMILY_NAME),
    Field.COUNTRY: lambda read: read.known(Field.COUNTRY, _country),
    Field.ORGANISATION_COUNTRY: lambda read: read.known(Field.ORGANISATION_COUNTRY, _country),
    Field.TIME_ZONE: lambda read: read.known(Field.TIME_ZONE, _zone),
    Field.NAME: lambda read: read.person(),
    Field.ORGANISATION: lambda read: read.organisation(),
    Field.ACRONYM: lambda read: read.line(Field.ACRONYM),
    Field.ALIASES: lambda read: read.parts(Field.ALIASES, ";"),
    Field.WEBSITE: lambda read: read.known(Field.WEBSITE, _website),
    Field.ROLE: lambda read: read.line(Field.ROLE),
    Field.LANGUAGE: lambda read: read.known(Field.LANGUAGE, _language),
    Field.TAGS: lambda read: read.parts(Field.TAGS, ";,"),
    Field.SOURCE: lambda read: read.line(Field.SOURCE),
    Field.BASIS: lambda read: read.known(Field.BASIS, _basis),
}
"""How the cell of each field is read, in the order in which a row's problems are told."""
_BLANK: Final[Mapping[Field, Any]] = {**dict.fromkeys(_READS, ""), Field.ALIASES: (), Field.TAGS: ()}


def _shown(value: str) -> str:
    """The value as it may stand in a report: short, on one line, nothing hidden in it."""
    seen = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in value.strip()[:_SHOWN])
    return f"{seen}…" if len(value.strip()) > _SHOWN else seen
