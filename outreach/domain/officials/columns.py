"""Which column of a table of officials or of facts holds which field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from outreach.domain.errors import InvalidInput
from outreach.domain.places import folded, language_code


class Field(StrEnum):
    """What can be known about a post and who holds it; the value is the field's name in ``--map``."""

    POST = "post"
    OFFICE = "office"
    INSTITUTION = "institution"
    STATE = "state"
    LANGUAGES = "languages"
    CHANNELS = "channels"
    EMAIL = "email"
    POSTAL_ADDRESS = "postal_address"
    FAX = "fax"
    FORM = "form"
    COPIES_TO = "copies_to"
    SOURCE = "source"
    NOTE = "note"
    NAME = "name"
    FROM = "from"
    UNTIL = "until"


class Spoken(StrEnum):
    """What is said of a holder in each language: ``title.en``, ``salutation.fr``."""

    TITLE = "title"
    FORM_OF_ADDRESS = "form_of_address"
    SALUTATION = "salutation"


class FactField(StrEnum):
    """What a row of facts says."""

    STATE = "state"
    INSTITUTION = "institution"
    FACT = "fact"
    VALUE = "value"
    DATE = "date"
    SOURCE = "source"


IGNORE: Final = "ignore"
"""What ``--map`` says of a column that is to be left out."""

_STATE: Final = "state, country, état, pays, estado, país, الدولة"
_INSTITUTION: Final = (
    "institution, mission, ministry, body, organ, institución, misión, ministère, ministerio, المؤسسة"
)
_SOURCE: Final = "source, where from, fuente, provenance, المصدر"
_OFFICIALS: Final[Mapping[Field, str]] = {
    Field.POST: "post, slug, short name, post id",
    Field.OFFICE: "office, position, function, fonction, poste, cargo, المنصب",
    Field.INSTITUTION: _INSTITUTION,
    Field.STATE: _STATE,
    Field.LANGUAGES: "languages, language, langues, langue, idiomas, idioma, اللغات, اللغة",
    Field.CHANNELS: "channels, channel, ways, way, by, voies, voie, vías, vía, canales",
    Field.EMAIL: "email, e-mail, email address, mail, mail address, courriel, adresse électronique, correo, "
    "correo electrónico, البريد الإلكتروني",
    Field.POSTAL_ADDRESS: "postal address, address, adresse, adresse postale, dirección, dirección postal, العنوان",
    Field.FAX: "fax, fax number, télécopie, فاكس",
    Field.FORM: "form, web form, contact form, formulaire, formulario",
    Field.COPIES_TO: "copies to, copy to, copies, cc, copie à, copia a",
    Field.SOURCE: _SOURCE,
    Field.NOTE: "note, notes, remark, remarks, remarque, observations, nota, notas, ملاحظات",
    Field.NAME: "name, full name, holder, person, nom, titulaire, nombre, titular, الاسم",
    Field.FROM: "from, since, start, in office since, depuis, du, desde, من",
    Field.UNTIL: "until, to, end, jusqu'au, au, hasta, إلى",
}
_FACTS: Final[Mapping[FactField, str]] = {
    FactField.STATE: _STATE,
    FactField.INSTITUTION: _INSTITUTION,
    FactField.FACT: "fact, fact name, fait, hecho, dato",
    FactField.VALUE: "value, answer, valeur, valor, القيمة",
    FactField.DATE: "date, since, from, as of, depuis, fecha, desde, التاريخ",
    FactField.SOURCE: _SOURCE,
}
_SPOKEN: Final = {
    Spoken.TITLE: "title, titre, título, cargo en la carta",
    Spoken.FORM_OF_ADDRESS: "form of address, appellation, tratamiento",
    Spoken.SALUTATION: "salutation, greeting, formule d'appel, saludo, vocativo",
}
_SAID_IN: Final = re.compile(r"(.+?)[\s._:(\-]+([^\W\d_]{2,20})\)?")


_NAMES_OF_POSTS: Final = {
    folded(name): field.value for field, names in _OFFICIALS.items() for name in (field, *names.split(","))
}
_NAMES_OF_FACTS: Final = {
    folded(name): field.value for field, names in _FACTS.items() for name in (field, *names.split(","))
}
_NAMES_OF_SPOKEN: Final = {
    folded(name): one.value for one, names in _SPOKEN.items() for name in (one, *names.split(","))
}
_Recognise = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, in places from 0: ``title.en`` for the titles in English.

    ``ignored`` names the columns that nothing is read from, for the report.
    """

    places: Mapping[str, int]
    ignored: tuple[str, ...] = ()

    def languages(self, spoken: Spoken) -> tuple[str, ...]:
        """The languages in which the table says this, in its order."""
        start = f"{spoken.value}."
        return tuple(field.removeprefix(start) for field in self.places if field.startswith(start))


def map_officials(header: Sequence[str], overrides: Mapping[str, str] | None = None) -> Columns:
    """Which column of a table of officials holds what; ``overrides`` (as in ``--map``) go before recognising.

    Raises InvalidInput when there is no column of posts, when two columns claim one field, when one says something
    in no language, or when an override names no column or no field.
    """
    allowed = [*Field, *(f"{one.value}.en" for one in Spoken)]
    columns = _mapped(header, overrides or {}, official_field, allowed)
    _need(columns, header, Field.POST, "the short names of the posts (chile-geneva)")
    if spoken := [title for title in columns.ignored if folded(title) in _NAMES_OF_SPOKEN]:
        raise InvalidInput(
            f'The column "{spoken[0]}" says no language: name it {_NAMES_OF_SPOKEN[folded(spoken[0])]}.en, for '
            f'example, or leave it out with --map "{spoken[0]}={IGNORE}".'
        )
    return columns


def map_facts(header: Sequence[str], overrides: Mapping[str, str] | None = None) -> Columns:
    """Which column of a table of facts holds what. Raises InvalidInput as ``map_officials`` does."""
    columns = _mapped(header, overrides or {}, fact_field, [*FactField])
    _need(columns, header, FactField.FACT, "the facts' names (ratified_migrant_workers_convention)")
    _need(columns, header, FactField.VALUE, "what is so (yes, no, or words)")
    _need(columns, header, FactField.DATE, "since when it is so")
    return columns


def fact_field(title: str) -> str:
    """The field of a fact that a heading names; "" if none."""
    return _NAMES_OF_FACTS.get(folded(title), "")


def official_field(title: str) -> str:
    """The field of a post or its holder that a heading names ("title.en" for a title in English); "" if none."""
    if field := _NAMES_OF_POSTS.get(folded(title)):
        return field
    if found := _SAID_IN.fullmatch(title.strip()):
        spoken, language = _NAMES_OF_SPOKEN.get(folded(found.group(1))), language_code(found.group(2))
        return f"{spoken}.{language}" if spoken and language else ""
    return ""


def _mapped(
    header: Sequence[str], overrides: Mapping[str, str], recognise: _Recognise, allowed: Sequence[str]
) -> Columns:
    chosen = _chosen(header, overrides, recognise, allowed)
    places: dict[str, int] = {field: place for place, field in chosen.items() if field != IGNORE}
    for place, title in enumerate(header):
        field = recognise(title) if place not in chosen and title.strip() else ""
        if not field or field in chosen.values():
            continue
        if field in places:
            raise InvalidInput(
                f'The columns "{header[places[field]]}" and "{title}" both look like {field}. '
                f'Say which to leave out, for example --map "{title}={IGNORE}".'
            )
        places[field] = place
    left_out = {place for place, field in chosen.items() if field == IGNORE}
    used = {*places.values(), *left_out}
    return Columns(
        places, tuple(title for place, title in enumerate(header) if title.strip() and place not in used)
    )


def _chosen(
    header: Sequence[str], overrides: Mapping[str, str], recognise: _Recognise, allowed: Sequence[str]
) -> dict[int, str]:
    """What the person said, by place."""
    chosen: dict[int, str] = {}
    for column, word in overrides.items():
        place = next((at for at, title in enumerate(header) if title and folded(title) == folded(column)), None)
        field = IGNORE if folded(word) == IGNORE else recognise(word)
        said = f'--map "{column}={word}"'
        if place is None:
            raise InvalidInput(f'{said}: there is no column "{column}". {_listed(header)}')
        if not field:
            raise InvalidInput(f'{said}: there is no field "{word}". Fields are {", ".join((*allowed, IGNORE))}.')
        if field != IGNORE and field in chosen.values():
            raise InvalidInput(f'--map names two columns for {field}; the second is "{column}".')
        chosen[place] = field
    return chosen


def _need(columns: Columns, header: Sequence[str], field: str, what: str) -> None:
    if field not in columns.places:
        some = next((title for title in header if title.strip()), "Column")
        raise InvalidInput(
            f'No column says {what}. {_listed(header)} Name the one that does, for example --map "{some}={field}".'
        )


def _listed(header: Sequence[str]) -> str:
    titles = [f'"{title.strip()[:60]}"' for title in header if title.strip()]
    more = f" and {len(titles) - 20} more" if len(titles) > 20 else ""  # noqa: PLR2004  what a person reads
    return f"The file has the columns {', '.join(titles[:20])}{more}."
