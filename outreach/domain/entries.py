"""What somebody asks to have printed under a letter: read from a form or a file, and written as one line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from outreach.domain.names import NAME_LIMIT, clean_line, has_contact_details
from outreach.domain.places import country_code
from outreach.domain.signatures import SignatureKind, Visibility

ACRONYM_LIMIT: Final = 40
_HOST: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is printed of a signatory, and who stands behind it.

    ``name`` is the organisation's or the person's, exactly as it shall be printed. ``signer_name`` says who signs
    for an organisation; ``signer_title`` is the role there, or an individual's own title. ``affiliation`` is an
    individual's, for identification only. ``country`` is an ISO 3166-1 alpha-2 code, ``website`` a URL or "".
    """

    kind: SignatureKind
    name: str
    visibility: Visibility
    acronym: str = ""
    country: str = ""
    website: str = ""
    signer_name: str = ""
    signer_title: str = ""
    affiliation: str = ""


class FaultReason(StrEnum):
    """Why a field cannot be taken."""

    BLANK = "blank"
    TOO_LONG = "too long"
    CONTACT_DETAILS = "contact details"
    NO_COUNTRY = "no country"
    NO_WEBSITE = "no website"
    NOT_CHOSEN = "not chosen"


SENTENCES: Final[Mapping[FaultReason, str]] = {
    FaultReason.BLANK: "is empty; it needs at least one letter or digit",
    FaultReason.TOO_LONG: f"is too long; {NAME_LIMIT} characters are the most ({ACRONYM_LIMIT} for an acronym)",
    FaultReason.CONTACT_DETAILS: "holds an address, a link or a telephone number, which is not printed",
    FaultReason.NO_COUNTRY: "is no country; write its name or its code in ISO 3166",
    FaultReason.NO_WEBSITE: "is no web address such as https://harbour.example",
    FaultReason.NOT_CHOSEN: "is not chosen; it is public, addressee or counted",
}
"""The reasons in English, as the end of a sentence that begins with the field."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be taken, and why."""

    field: str
    reason: FaultReason

    def __str__(self) -> str:
        return f"{self.field} {SENTENCES[self.reason]}."


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that is wrong with what was filled in."""

    faults: tuple[Fault, ...]


_OF_ORGANISATION: Final = ("name", "acronym", "country", "website", "signer_name", "signer_title")
_OF_INDIVIDUAL: Final = ("name", "signer_title", "affiliation", "country")
FIELDS: Final[Mapping[SignatureKind, tuple[str, ...]]] = {
    SignatureKind.ORGANISATION: _OF_ORGANISATION,
    SignatureKind.INDIVIDUAL: _OF_INDIVIDUAL,
}
"""What is asked of each kind, in the order of the form; nothing else that comes along is looked at."""


def read_entry(kind: SignatureKind, given: Mapping[str, str]) -> Entry | Faults:
    """The entry that these fields describe, cleaned; or all that is wrong with them.

    Names are kept as they were typed but for white space at their ends and characters that nobody sees.
    """
    faults: list[Fault] = []
    values: dict[str, str] = {}
    for field in FIELDS[kind]:
        read = _READERS.get(field, _line)(clean_line(given.get(field, ""), len(given.get(field, "")) + 1), field)
        if isinstance(read, FaultReason):
            faults.append(Fault(field, read))
        else:
            values[field] = read
    visibility = given.get("visibility", "")
    if visibility not in {one.value for one in Visibility}:
        faults.append(Fault("visibility", FaultReason.NOT_CHOSEN))
    if faults:
        return Faults(tuple(faults))
    return Entry(kind=kind, visibility=Visibility(visibility), **values)


def _name(text: str, field: str) -> str | FaultReason:
    if not any(character.isalnum() for character in text):
        return FaultReason.BLANK
    return _line(text, field)


def _line(text: str, field: str) -> str | FaultReason:
    limit = ACRONYM_LIMIT if field == "acronym" else NAME_LIMIT
    if clean_line(text, limit) != text:
        return FaultReason.TOO_LONG
    return FaultReason.CONTACT_DETAILS if has_contact_details(text) else text


def _country(text: str, _field: str) -> str | FaultReason:
    return (country_code(text) or FaultReason.NO_COUNTRY) if text else ""


def _website(text: str, _field: str) -> str | FaultReason:
    if not text:
        return ""
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError:
        return FaultReason.NO_WEBSITE
    fits = parts.scheme in {"http", "https"} and _HOST.fullmatch(host) and "@" not in parts.netloc
    return whole if fits and len(whole) <= NAME_LIMIT and " " not in whole else FaultReason.NO_WEBSITE


_READERS: Final = {"name": _name, "country": _country, "website": _website}


def printed_line(entry: Entry) -> str:
    """The line that stands under the letter.

    An organisation's acronym follows in parentheses unless the name has it already; an individual's title and
    affiliation follow after commas.
    """
    if entry.kind is SignatureKind.INDIVIDUAL:
        return ", ".join(part for part in (entry.name, entry.signer_title, entry.affiliation) if part)
    has_it = not entry.acronym or re.search(rf"(?<!\w){re.escape(entry.acronym)}(?!\w)", entry.name, re.IGNORECASE)
    return entry.name if has_it else f"{entry.name} ({entry.acronym})"
