"""Which column of a table of signatures holds which field, however its form put the question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from outreach.domain.contact_columns import COLUMNS
from outreach.domain.contact_columns import Field as ContactField
from outreach.domain.errors import InvalidInput
from outreach.domain.lists import heading_words as words
from outreach.domain.lists.submission_times import DayOrder
from outreach.domain.places import folded
from outreach.domain.signatures import SignatureKind


class Field(StrEnum):
    """What can be known about a signature; the value is the field's name in ``--map`` and in our own exports."""

    ORGANISATION = "organisation"
    NAME = "name"
    """The person: who signs for the organisation, or the individual."""
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    """The two only complete a missing name."""
    ACRONYM = "acronym"
    COUNTRY = "country"
    WEBSITE = "website"
    TITLE = "title"
    AFFILIATION = "affiliation"
    EMAIL = "email"
    VISIBILITY = "visibility"
    KIND = "kind"
    SUBMITTED = "submitted"
    EVIDENCE = "evidence"
    STATE = "state"
    """Of our own exports: what was taken back or refused there does not come in again."""


IGNORE: Final = "ignore"
"""What ``--map`` says of a column that is to be left out."""

_AS_IN_CONTACTS: Final = {
    ContactField.EMAIL: Field.EMAIL,
    ContactField.NAME: Field.NAME,
    ContactField.GIVEN_NAME: Field.GIVEN_NAME,
    ContactField.FAMILY_NAME: Field.FAMILY_NAME,
    ContactField.ORGANISATION: Field.ORGANISATION,
    ContactField.ACRONYM: Field.ACRONYM,
    ContactField.WEBSITE: Field.WEBSITE,
    ContactField.ROLE: Field.TITLE,
    ContactField.COUNTRY: Field.COUNTRY,
}
_KNOWN: Final[Mapping[str, Field]] = {
    **{folded(name): field for theirs, field in _AS_IN_CONTACTS.items() for name in COLUMNS[theirs]},
    **{folded(field.value): field for field in Field},
    **{folded(name): Field.KIND for name in ("type", "signatory type", "type of signatory", "signing as")},
    **{folded(name): Field.ACRONYM for name in ("short name of organisation", "short name of organization")},
    **{folded(name): Field.NAME for name in ("signer", "signer name", "signataire", "firmante", "الموقّع")},
}
_FAMILY_BESIDE_GIVEN: Final = frozenset({"nom", "name", "اسم"})
_GIVEN_BESIDE_FAMILY: Final = frozenset({"nombre", "nome"})
_COMPLETION: Final = re.compile(r"completion time|heure de fin|hora de|fertigstellung|abschlusszeit|وقت الاكتمال")
_FORMS_OWN: Final = 3
"""So many columns after its completion time Microsoft Forms fills by itself."""
_IN_BRACKETS: Final = re.compile(r"[(\[（].*?[)\]）]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureHeader:
    """Where each field stands, in places from 0, and what the file as a whole says about its cells.

    ``visibility_asked`` is the heading over the visibility. ``lone`` is what a name without an organisation's is
    if nobody says it. ``day_order`` is what the column of dates says about itself. ``place`` is what a row is
    called. ``ignored`` names the columns that nothing is read from.
    """

    fields: Mapping[Field, int]
    ignored: tuple[str, ...] = ()
    visibility_asked: str = ""
    lone: SignatureKind = SignatureKind.INDIVIDUAL
    day_order: DayOrder = DayOrder.UNKNOWN
    place: str = "row"


PRINTED: Final = SignatureHeader(fields={Field.NAME: 0}, lone=SignatureKind.ORGANISATION, place="line")
"""The one column of a list of names."""


def map_header(header: Sequence[str], overrides: Mapping[str, str] | None = None) -> SignatureHeader:
    """Which column holds which field; ``overrides`` (column to field, as in ``--map``) go before recognising.

    Raises InvalidInput when no column of names is found, when two columns claim one field with equal right, or
    when an override names no column or no field.
    """
    chosen = _chosen(header, overrides or {})
    claims = {
        place: claim
        for place, title in enumerate(header)
        if place not in chosen and (claim := _claim(title)) and claim[1] not in chosen.values()
    }
    fields = _settled(header, _forms_own_give_way(header, claims))
    fields |= {Field(field): place for place, field in chosen.items() if field != IGNORE}
    fields = _names_apart(header, fields)
    if not fields.keys() & {Field.ORGANISATION, Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME}:
        raise InvalidInput(_no_names(header))
    asked = header[fields[Field.VISIBILITY]] if Field.VISIBILITY in fields else ""
    used = set(fields.values())
    ignored = tuple(title for place, title in enumerate(header) if title.strip() and place not in used)
    return SignatureHeader(fields=fields, ignored=ignored, visibility_asked=asked)


def _chosen(header: Sequence[str], overrides: Mapping[str, str]) -> dict[int, str]:
    """What the person said, by place."""
    chosen: dict[int, str] = {}
    known = {folded(field.value): field.value for field in Field} | {folded(IGNORE): IGNORE}
    for column, word in overrides.items():
        place = next((at for at, title in enumerate(header) if folded(title) == folded(column) and title), None)
        field = known.get(folded(word))
        if place is None:
            raise InvalidInput(f'--map "{column}={word}": there is no column "{column}". {_listed(header)}')
        if field is None:
            allowed = ", ".join((*Field, IGNORE))
            raise InvalidInput(f'--map "{column}={word}": there is no field "{word}". Fields are {allowed}.')
        if field != IGNORE and field in chosen.values():
            raise InvalidInput(f'--map names two columns for {field}; the second is "{column}".')
        chosen[place] = field
    return chosen


def _claim(title: str) -> tuple[int, Field] | None:
    """The field that a heading asks for, and how surely: 0 by its usual name, 1 or 2 by its words; None if none.

    What stands in brackets is mostly an explanation: it is looked at only if the rest says nothing.
    """
    if field := _KNOWN.get(folded(title)):
        return 0, field
    text = words.plain_words(title)
    if words.AFFILIATION.search(text):
        return 1, Field.AFFILIATION
    for part in (words.plain_words(_IN_BRACKETS.sub(" ", title)), text):
        if part and (field := _KNOWN.get(folded(part)) or _asked_for(part)):
            return (1 if words.NAME.search(part) else 2), field
    return None


def _asked_for(text: str) -> Field | None:
    """The first of the rules that fits; their order matters."""

    def says(pattern: re.Pattern[str]) -> bool:
        return pattern.search(text) is not None

    named, body = says(words.NAME), says(words.ORGANISATION)
    rules = (
        (says(words.SUBMITTED), Field.SUBMITTED),
        (says(words.INDIVIDUAL) and body and not named, Field.KIND),
        (_asks_to_publish(text), Field.VISIBILITY),
        (says(words.OTHER_THINGS) or says(words.PERMISSION), None),
        (says(words.EMAIL), Field.EMAIL),
        (says(words.WEBSITE) and not named, Field.WEBSITE),
        (says(words.COUNTRY) and not (named and body), Field.COUNTRY),
        (says(words.ACRONYM) and not (named and body), Field.ACRONYM),
        (says(words.TITLE) and not named, Field.TITLE),
        (says(words.GIVEN), Field.GIVEN_NAME),
        (says(words.FAMILY), Field.FAMILY_NAME),
        (says(words.PERSON) and body and named, Field.NAME),
        (body, Field.ORGANISATION),
        (named, Field.NAME),
        (says(words.EVIDENCE), Field.EVIDENCE),
    )
    return next((field for fits, field in rules if fits), None)


def _asks_to_publish(text: str) -> bool:
    """Whether the question is about showing the name, not for the name "as it should be published"."""
    if words.EMAIL.search(text):
        return False
    if words.ANONYMITY.search(text):
        return True
    if not words.PUBLICATION.search(text):
        return False
    if words.PERMISSION.search(text):
        return True
    names = words.NAME.search(text) or words.ORGANISATION.search(text)
    return not names or bool(words.MINE.search(text) and not words.AS_PRINTED.search(text))


def _forms_own_give_way(
    header: Sequence[str], claims: Mapping[int, tuple[int, Field]]
) -> dict[int, tuple[int, Field]]:
    """Microsoft Forms puts its own columns "Email" and "Name" after the completion time; the questions go first."""
    ends = [at for at, title in enumerate(header) if _COMPLETION.match(words.plain_words(title))]
    own = range(ends[0] + 1, ends[0] + 1 + _FORMS_OWN) if ends else range(0)
    return {
        place: (3, field) if place in own and rank == 0 and field in (Field.EMAIL, Field.NAME) else (rank, field)
        for place, (rank, field) in claims.items()
    }


def _settled(header: Sequence[str], claims: Mapping[int, tuple[int, Field]]) -> dict[Field, int]:
    """Of the columns that claim one field the surest has it."""
    fields: dict[Field, int] = {}
    ordered = sorted(claims, key=lambda at: (claims[at][0], at))
    for place in ordered:
        rank, field = claims[place]
        if field not in fields:
            fields[field] = place
        elif claims[fields[field]][0] == rank:
            raise InvalidInput(
                f'The columns "{header[fields[field]]}" and "{header[place]}" both look like {field.value}. '
                f'Say which to leave out, for example --map "{header[place]}={IGNORE}".'
            )
    return fields


def _names_apart(header: Sequence[str], fields: dict[Field, int]) -> dict[Field, int]:
    """Beside "Prénom", "Nom" is the family name; beside "Apellidos", "Nombre" is the given name."""
    if Field.NAME not in fields:
        return fields
    title = folded(header[fields[Field.NAME]])
    given, family = Field.GIVEN_NAME in fields, Field.FAMILY_NAME in fields
    if given and not family and title in _FAMILY_BESIDE_GIVEN:
        other = Field.FAMILY_NAME
    elif family and not given and title in _GIVEN_BESIDE_FAMILY:
        other = Field.GIVEN_NAME
    else:
        return fields
    return {other if field is Field.NAME else field: place for field, place in fields.items()}


def _no_names(header: Sequence[str]) -> str:
    some = next((title for title in header if title.strip()), "Column")
    return (
        f"No column of names was found. {_listed(header)} Name the one that holds the organisations, for example "
        f'--map "{some}=organisation", or that of the persons: --map "{some}=name".'
    )


def _listed(header: Sequence[str]) -> str:
    titles = [f'"{title.strip()[:60]}"' for title in header if title.strip()]
    more = f" and {len(titles) - 20} more" if len(titles) > 20 else ""  # noqa: PLR2004  what a person reads
    return f"The file has the columns {', '.join(titles[:20])}{more}."
