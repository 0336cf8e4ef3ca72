"""Which column of a table of contacts holds which field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from outreach.domain.errors import InvalidInput
from outreach.domain.places import folded


class Field(StrEnum):
    """What can be known about a contact; the value is the field's name in ``--map`` and in our own exports."""

    EMAIL = "email"
    NAME = "name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    """Only completes a missing name."""
    ORGANISATION = "organisation"
    ACRONYM = "acronym"
    ALIASES = "aliases"
    ORGANISATION_COUNTRY = "organisation_country"
    WEBSITE = "website"
    ROLE = "role"
    COUNTRY = "country"
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    TAGS = "tags"
    SOURCE = "source"
    BASIS = "basis"


_WRITTEN: Final[Mapping[Field, str]] = {
    Field.EMAIL: (
        "email, e-mail, email address, mail, mail address, contact email, work email, courriel, "
        "adresse email, adresse e-mail, adresse mail, adresse électronique, correo, correo "
        "electrónico, dirección de correo, dirección de correo electrónico, endereço de email, "
        "correio eletrónico, correio eletrônico, e-mail-adresse, mailadresse, البريد الإلكتروني, بريد "
        "إلكتروني, الإيميل, email1"
    ),
    Field.NAME: (
        "name, full name, contact name, contact, contact person, person, nom, nom complet, nom et "
        "prénom, personne de contact, nombre, nombre completo, nombre y apellidos, persona de "
        "contacto, nome, nome completo, pessoa de contato, vollständiger name, ansprechpartner, "
        "ansprechpartnerin, kontaktperson, الاسم, الاسم الكامل, اسم جهة الاتصال"
    ),
    Field.GIVEN_NAME: (
        "given name, first name, forename, prénom, nombre de pila, primer nombre, nome próprio, "
        "primeiro nome, vorname, الاسم الأول, الاسم الشخصي"
    ),
    Field.FAMILY_NAME: (
        "family name, last name, surname, nom de famille, apellido, apellidos, sobrenome, nachname, "
        "familienname, اسم العائلة, اللقب"
    ),
    Field.ORGANISATION: (
        "organisation, organization, organisation name, organization name, name of organisation, name "
        "of organization, org, ngo, association, company, institution, organisme, nom de "
        "l'organisation, ong, organización, nombre de la organización, entidad, organização, nome da "
        "organização, verein, name der organisation, المنظمة, منظمة, اسم المنظمة, الجمعية, المؤسسة"
    ),
    Field.ACRONYM: (
        "acronym, abbreviation, short name, sigle, acronyme, abréviation, sigla, siglas, acrónimo, "
        "acrônimo, abkürzung, kürzel, الاختصار, اختصار, organisation acronym, organization acronym"
    ),
    Field.ALIASES: (
        "aliases, alias, other names, also known as, aka, autres noms, otros nombres, outros nomes, "
        "andere namen, أسماء أخرى, organisation aliases, organization aliases"
    ),
    Field.ORGANISATION_COUNTRY: (
        "organisation country, organization country, country of organisation, country of "
        "organization, pays de l'organisation, país de la organización, país da organização, land der "
        "organisation, بلد المنظمة, headquarters country"
    ),
    Field.WEBSITE: (
        "website, web site, web, url, homepage, home page, site web, site internet, sitio web, página "
        "web, site, webseite, internetseite, الموقع الإلكتروني, الموقع, موقع الويب"
    ),
    Field.ROLE: (
        "role, job title, position, function, fonction, poste, cargo, puesto, función, função, "
        "funktion, rolle, المنصب, الوظيفة, الصفة"
    ),
    Field.COUNTRY: "country, country code, pays, país, land, البلد, بلد, الدولة",
    Field.LANGUAGE: (
        "language, lang, preferred language, locale, langue, langue préférée, idioma, lengua, idioma "
        "preferido, língua, sprache, اللغة, لغة"
    ),
    Field.TIME_ZONE: (
        "time zone, tz, fuseau horaire, zona horaria, huso horario, fuso horário, zeitzone, المنطقة "
        "الزمنية, التوقيت المحلي"
    ),
    Field.TAGS: (
        "tags, tag, labels, groups, group, list, lists, keywords, étiquettes, mots-clés, groupes, "
        "etiquetas, grupos, palabras clave, schlagworte, gruppen, الوسوم, وسوم, المجموعات"
    ),
    Field.SOURCE: (
        "source, where from, address source, provenance, fuente, procedencia, fonte, quelle, المصدر, مصدر"
    ),
    Field.BASIS: (
        "basis, legal basis, lawful basis, permission, base légale, base juridique, base legal, base "
        "jurídica, rechtsgrundlage, الأساس القانوني"
    ),
}

COLUMNS: Final[Mapping[Field, tuple[str, ...]]] = {
    field: (field.value, *(name.strip() for name in names.split(","))) for field, names in _WRITTEN.items()
}
"""The usual names of each field's column, in several languages; case, accents and punctuation do not matter."""

IGNORE: Final = "ignore"
"""What ``--map`` says of a column that is to be left out."""

_FIELDS_BY_NAME: Final[Mapping[str, Field]] = {
    folded(name): field for field, names in COLUMNS.items() for name in names
}
_CUSTOM: Final = re.compile(r"custom[.:](.+)", re.IGNORECASE | re.DOTALL)
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NAMED_BESIDE_FAMILY: Final = frozenset({"prenom", "vorname"})


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """Where each field stands: ``fields`` and ``custom`` (by key, without "custom.") give places from 0.

    ``ignored`` names the columns that nothing is read from, for the report.
    """

    fields: Mapping[Field, int]
    custom: Mapping[str, int]
    ignored: tuple[str, ...]


def map_header(header: Sequence[str], overrides: Mapping[str, str] | None = None) -> HeaderMap:
    """Which column holds which field; ``overrides`` (column to field, as in ``--map``) go before guessing.

    A column headed ``custom.x`` is a custom field. Raises InvalidInput when the addresses' column is not
    found, when two columns claim one field, or when an override names no column or no field.
    """
    chosen = _chosen(header, overrides or {})
    guessed = {
        place: target for place, name in enumerate(header) if place not in chosen and (target := _target(name))
    }
    targets = {**{p: t for p, t in guessed.items() if t not in chosen.values()}, **chosen}
    places = _places(header, _families_apart(header, targets))
    if Field.EMAIL not in places:
        raise InvalidInput(_no_email(header))
    return HeaderMap(
        fields={Field(target): place for target, place in places.items() if not _CUSTOM.match(target)},
        custom={target.partition(".")[2]: place for target, place in places.items() if _CUSTOM.match(target)},
        ignored=tuple(name for place, name in enumerate(header) if name.strip() and place not in places.values()),
    )


def _chosen(header: Sequence[str], overrides: Mapping[str, str]) -> dict[int, str]:
    """What the person said, by place."""
    chosen: dict[int, str] = {}
    for column, field in overrides.items():
        place = _place_of(column, header)
        if place is None:
            raise InvalidInput(
                f'--map "{column}={field}": there is no column "{column}". The file has {_listed(header)}.'
            )
        target = IGNORE if folded(field) == IGNORE else _target(field, own_names=True)
        if not target:
            raise InvalidInput(
                f'--map "{column}={field}": there is no field "{field}". '
                f"Fields are {', '.join(Field)}, custom.something, or {IGNORE}."
            )
        chosen[place] = target
    return chosen


def _place_of(column: str, header: Sequence[str]) -> int | None:
    """Where the column of that very name is, or the first whose name differs only in case, accents or signs."""
    alike = (place for place, name in enumerate(header) if name.strip() and folded(name) == folded(column))
    same = (place for place, name in enumerate(header) if name.strip() and name.strip() == column.strip())
    return next(same, next(alike, None))


def _target(name: str, *, own_names: bool = False) -> str:
    """The field that a column's name stands for, "custom.key" for a custom one; "" if none."""
    if found := _CUSTOM.fullmatch(name.strip()):
        return f"custom.{_custom_key(found.group(1))}"
    field = _FIELDS_BY_NAME.get(folded(name))
    return "" if field is None or (own_names and folded(field) != folded(name)) else field.value


def _custom_key(text: str) -> str:
    """A key that a template can name: "Member since" becomes member_since. Raises InvalidInput otherwise."""
    plain = "".join(folded(letter) or "_" for letter in text.strip() if not _is_mark(letter))
    key = re.sub("_+", "_", plain).strip("_")
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            f'"custom.{text}": a custom field\'s name is 1 to 40 letters a to z, digits and _, a letter first.'
        )
    return key


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"


def _families_apart(header: Sequence[str], targets: Mapping[int, str]) -> dict[int, str]:
    """Beside "Prénom" or "Vorname", "Nom" is the family name; beside "Apellidos", "Nombre" is the given name."""
    found = {target: place for place, target in targets.items()}
    prenom = any(folded(header[place]) in _NAMED_BESIDE_FAMILY for place in targets)
    apart = dict(targets)
    if Field.NAME in found and Field.FAMILY_NAME in found and Field.GIVEN_NAME not in found:
        apart[found[Field.NAME]] = Field.GIVEN_NAME
    elif Field.NAME in found and Field.GIVEN_NAME in found and Field.FAMILY_NAME not in found and prenom:
        apart[found[Field.NAME]] = Field.FAMILY_NAME
    return apart


def _places(header: Sequence[str], targets: Mapping[int, str]) -> dict[str, int]:
    """The place of each field, once."""
    places: dict[str, int] = {}
    for place, target in sorted(targets.items()):
        if target == IGNORE:
            continue
        if target in places:
            raise InvalidInput(
                f'The columns "{header[places[target]]}" and "{header[place]}" both look like {target}. '
                f'Say which to leave out, for example --map "{header[place]}={IGNORE}".'
            )
        places[target] = place
    return places


def _no_email(header: Sequence[str]) -> str:
    some = next((name for name in header if name.strip()), "Column")
    return (
        f"No column of addresses was found. The file has {_listed(header)}. "
        f'Name the one that holds the addresses, for example --map "{some}=email".'
    )


def _listed(header: Sequence[str]) -> str:
    names = [f'"{name.strip()[:60]}"' for name in header if name.strip()]
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""  # noqa: PLR2004  what a person reads
    return f"the columns {', '.join(names[:20])}{more}"
