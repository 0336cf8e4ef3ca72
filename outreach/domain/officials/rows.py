"""One row of a table of officials: a post and who holds it, or all that is wrong with the row."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from outreach.domain.addresses import parse_address
from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line, name_key
from outreach.domain.officials.cells import Cells
from outreach.domain.officials.columns import Columns, Field, Spoken
from outreach.domain.officials.ways import way_out
from outreach.domain.places import folded, language_code

SLUG_LENGTH: Final = 60
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FAX: Final = re.compile(r"\+?[\d\s().\-/]{4,40}")
_LINK_LENGTH: Final = 300
_NOTE_LENGTH: Final = 500
_MOST_LINES: Final = 8
"""Of a postal address, below the names: more do not stand in a window."""
_MOST_PARTS: Final = 20
_OF_HOLDER: Final = (Field.FROM, Field.UNTIL)


@dataclass(frozen=True, slots=True)
class SaidOfHolder:
    """What is said of the person: words by language, days; what is not said is empty.

    ``stays``: that an end which was noted is none.
    """

    name: str
    since: date | None = None
    until: date | None = None
    title: Mapping[str, str] | None = None
    form_of_address: Mapping[str, str] | None = None
    salutation: Mapping[str, str] | None = None
    stays: bool = False

    def words(self) -> dict[str, Mapping[str, str]]:
        """What is said of the person in each language, by column."""
        return {one.value: getattr(self, one.value) or {} for one in Spoken}


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """A row that can be read. ``details`` are columns of the post with the values that the row gives, none empty.

    ``holder`` is None for a row that names nobody. ``warnings`` are for a person to see; the row is good.
    """

    row: int
    slug: str
    details: Mapping[str, Any]
    holder: SaidOfHolder | None = None
    warnings: tuple[RowProblem, ...] = ()


def parse_official(row: int, cells: Sequence[str], columns: Columns, today: date) -> OfficialRow | RowProblems:
    """The post and the holder in a row's cells, or all that is wrong with the row; never half of it."""
    read = Cells(row, cells, columns.places, today)
    slug = read.known(Field.POST, slug_of) or ""
    if not slug and not read.problems:
        read.wrong(Field.POST, "is empty: each row needs the short name of its post")
    details, holder = details_in(read), holder_in(read, columns)
    if read.problems:
        return RowProblems(row, tuple(read.problems))
    return OfficialRow(row, slug, details, holder, tuple(read.warnings))


def slug_of(word: str) -> str:
    """The short name of a post, in small letters. Raises InvalidInput for what a command could not name."""
    slug = clean_line(word, SLUG_LENGTH + 1).lower()
    if not _SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        raise InvalidInput(
            f"is no short name: it may have small letters, digits and single hyphens, {SLUG_LENGTH} at most, "
            "as in chile-geneva"
        )
    return slug


def details_in(read: Cells) -> dict[str, Any]:
    """What the row gives of the post, by the names of its columns."""
    institution = read.words(Field.INSTITUTION)
    given = {
        "office": read.words(Field.OFFICE),
        "institution": institution,
        "institution_key": name_key(institution),
        "state": read.state(Field.STATE),
        "languages": read.parts(Field.LANGUAGES, _language, _MOST_PARTS),
        "ways": [way.value for way in read.parts(Field.CHANNELS, way_out, _MOST_PARTS)],
        "address": _address(read),
        "postal_address": read.lines(Field.POSTAL_ADDRESS, _MOST_LINES),
        "fax": read.known(Field.FAX, _fax),
        "form": read.known(Field.FORM, _page),
        "copies_to": read.parts(Field.COPIES_TO, _mailbox, _MOST_PARTS),
        "source": read.line(Field.SOURCE),
        "note": read.line(Field.NOTE, _NOTE_LENGTH),
    }
    return {column: value for column, value in given.items() if value}


def _address(read: Cells) -> str:
    """The mail address as it was typed."""
    try:
        found = parse_address(text) if (text := read.text(Field.EMAIL)).strip() else None
    except InvalidInput as refusal:
        read.wrong(Field.EMAIL, str(refusal))
        return ""
    for warning in found.warnings if found else ():
        if not warning.startswith("role address"):  # an official's mailbox is mostly an office's
            read.odd(Field.EMAIL, warning)
    return found.given if found else ""


def holder_in(read: Cells, columns: Columns) -> SaidOfHolder | None:
    """What the row says of the person who holds the post; None if it names nobody."""
    name, since, until = read.words(Field.NAME), read.day(Field.FROM), read.day(Field.UNTIL)
    words = {
        one: {
            language: line for language in columns.languages(one) if (line := read.words(f"{one.value}.{language}"))
        }
        for one in Spoken
    }
    if since and until and until < since:
        read.wrong(Field.UNTIL, f"lies before the day on which the person began ({since})")
    if not name:
        _refuse_words_about_nobody(read, words)
        return None
    _look_for_the_name(read, name, words[Spoken.FORM_OF_ADDRESS])
    return SaidOfHolder(
        name, since, until, words[Spoken.TITLE], words[Spoken.FORM_OF_ADDRESS], words[Spoken.SALUTATION]
    )


def _refuse_words_about_nobody(read: Cells, words: Mapping[Spoken, Mapping[str, str]]) -> None:
    said = [field.value for field in _OF_HOLDER if read.text(field).strip()]
    said += [f"{one.value}.{language}" for one in Spoken for language in words[one]]
    if said:
        read.wrong(Field.NAME, f"is empty, but {said[0]} says something of the person who holds the post")


def _look_for_the_name(read: Cells, name: str, forms: Mapping[str, str]) -> None:
    """The form of address stands in the name's place above a letter: without a part of the name it names nobody."""
    parts = [folded(part) for part in name.split()]
    for language, form in forms.items():
        named = any(part in folded(form) for part in parts if len(part) > 1)
        if not named and is_latin(name) and is_latin(form):
            read.odd(
                f"{Spoken.FORM_OF_ADDRESS}.{language}",
                "does not hold the person's name, though it stands in its place in the address",
            )


def is_latin(text: str) -> bool:
    """Whether a text is written in Latin letters, so that a name can be looked for in it."""
    return any(unicodedata.name(letter, "").startswith("LATIN") for letter in text)


def _language(word: str) -> str:
    if code := language_code(word):
        return code
    raise InvalidInput("is no language that is known: write its two-letter code (ISO 639), for example fr")


def _mailbox(word: str) -> str:
    return parse_address(word).given


def _fax(word: str) -> str:
    number = clean_line(word, _LINK_LENGTH)
    if _FAX.fullmatch(number):
        return number
    raise InvalidInput("is no fax number: write it like +41 22 555 01 00")


def _page(word: str) -> str:
    """The https address of a page."""
    link = clean_line(word, _LINK_LENGTH + 1)
    try:
        parts = urlsplit(link)
        plain = parts.username is None and parts.port is None and "." in (parts.hostname or "").strip(".")
    except ValueError:
        plain = False
    if not plain or not link.lower().startswith("https://") or " " in link or len(link) > _LINK_LENGTH:
        raise InvalidInput("is no secure web address: write it like https://www.office.example/contact")
    return link
