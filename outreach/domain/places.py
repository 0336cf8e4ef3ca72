"""Countries and languages as people write them in a table, and the zone that a country's clocks keep."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

READ_IN: Final = ("en", "fr", "es", "ar", "pt", "de")
"""Names of countries and languages are recognised in these languages."""

_KOSOVO: Final = "XK"  # not in ISO 3166, but in use by the European Union and in CLDR

# What people write, where CLDR's own name is another.
_OTHER_COUNTRY_NAMES: Final = {
    "BO": "Bolivia, Plurinational State of|Plurinational State of Bolivia",
    "BQ": "Bonaire",
    "BN": "Brunei Darussalam",
    "CD": "Congo|Democratic Republic of the Congo|Congo, Democratic Republic of the|DR Congo|DRC|RDC"
    "|République démocratique du Congo|República Democrática del Congo|جمهورية الكونغو الديمقراطية",
    "CG": "Congo|Republic of the Congo|République du Congo|Congo-Brazzaville|República del Congo",
    "CI": "Ivory Coast|Cote d'Ivoire",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic|République tchèque|República Checa",
    "FM": "Federated States of Micronesia|Micronesia, Federated States of",
    "GB": "Great Britain|UK|U.K.|England|Scotland|Wales|Northern Ireland|Grande-Bretagne|Gran Bretaña"
    "|United Kingdom of Great Britain and Northern Ireland",
    "GM": "The Gambia",
    "HK": "Hong Kong",
    "IR": "Iran, Islamic Republic of|Islamic Republic of Iran",
    "KP": "Democratic People's Republic of Korea|DPRK",
    "KR": "Republic of Korea|Korea, Republic of",
    "LA": "Lao People's Democratic Republic|Lao PDR",
    "MD": "Republic of Moldova|Moldova, Republic of",
    "MK": "Macedonia|Republic of North Macedonia",
    "MM": "Burma|Myanmar",
    "MO": "Macao|Macau",
    "NL": "Holland|The Netherlands",
    "PS": "Palestine|State of Palestine|Occupied Palestinian Territory|Palestina|فلسطين|دولة فلسطين",
    "RU": "Russian Federation|Fédération de Russie|Federación de Rusia",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "TZ": "United Republic of Tanzania|Tanzania, United Republic of",
    "US": "USA|U.S.A.|U.S.|United States of America|États-Unis d'Amérique|EE.UU.|EEUU|EUA",
    "VA": "Holy See|Vatican",
    "VE": "Venezuela, Bolivarian Republic of|Bolivarian Republic of Venezuela",
    "VN": "Viet Nam",
}

# Languages that are also recognised by their own names.
_AUTONYMS: Final = (
    "am bn bs ca cs da el fa fi ha he hi hr hu hy id it ja ka km ko lo ms my ne nl no pa pl ps ro ru rw si sk sl "
    "so sq sr sv sw ta th ti tl tr uk ur uz vi zh"
)

_CODE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]{2,})?")


def folded(text: str) -> str:
    """A word or name without case, accents, punctuation and spaces, for looking it up in a list."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in plain if unicodedata.category(character)[0] in "LN")


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country given by code or by name; None if it is no country we know.

    A name that two countries share ("Congo") is none. Kosovo is XK, as in CLDR.
    """
    code = text.strip().upper()
    if code in _countries():
        return code
    return _country_names().get(folded(text))


@lru_cache(maxsize=4096)
def country_name(code: str, language: str) -> str:
    """What a country is called in a language (CLDR); the code itself for one that nobody knows."""
    from babel import Locale, localedata

    locale = Locale.parse(language.replace("-", "_")) if localedata.exists(language) else Locale("en")
    return str(locale.territories.get(code, code))


@lru_cache(maxsize=1024)
def language_name(code: str, language: str) -> str:
    """What the language of a tag (BCP 47) is called in a language (CLDR); the tag itself if nobody knows it."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(code, sep="-").get_display_name(language) or code)
    except (UnknownLocaleError, ValueError):
        return code


@lru_cache(maxsize=1024)
def language_code(text: str) -> str | None:
    """The primary subtag (BCP 47) of a language given as a tag or by name: "pt-BR" is "pt". None if unknown."""
    from babel.core import get_global

    if found := _CODE.fullmatch(text.strip()):
        code = found.group(1).lower()
        code = str(get_global("language_aliases").get(code, code))
        if code in _languages():
            return code
    return _language_names().get(folded(text)) or _autonyms().get(folded(text))


@cache
def zone_of_country(country: str) -> str | None:
    """The IANA zone of a country all of whose clocks agree from now on; None where they differ, or it has none.

    Its zones are those of zone.tab, the most populous first; two agree if their rules for the future are the same.
    """
    zones = _zones_by_country().get(country, ())
    return zones[0] if zones and len({_future_rule(zone) for zone in zones}) == 1 else None


@cache
def _countries() -> frozenset[str]:
    rows = _lines("iso3166.tab")
    return frozenset({row.split("\t")[0] for row in rows} | {_KOSOVO})


@cache
def _country_names() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    names: dict[str, set[str]] = {}
    for locale in READ_IN:
        for code, name in Locale(locale).territories.items():
            for spelling in (name, name.replace("&", "and"), name.replace("&", "and").replace("St. ", "Saint ")):
                names.setdefault(folded(spelling), set()).add(code)
    for code, others in _OTHER_COUNTRY_NAMES.items():
        for name in others.split("|"):
            names.setdefault(folded(name), set()).add(code)
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and len(alias) == 3 and alias.isalpha():  # noqa: PLR2004  ISO 3166-1 alpha-3
            names.setdefault(folded(alias), set()).update(codes)
    known = {name: codes & _countries() for name, codes in names.items()}
    return {name: next(iter(codes)) for name, codes in known.items() if name and len(codes) == 1}


@cache
def _languages() -> frozenset[str]:
    from babel import Locale

    known = (str(code) for code in Locale("en").languages)
    return frozenset(code for code in known if len(code) in (2, 3)) - {"mul", "und", "zxx"}


@cache
def _language_names() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for locale in READ_IN:
        for code, name in Locale(locale).languages.items():
            if code in _languages():
                names.setdefault(folded(name), code)
    return names


@cache
def _autonyms() -> dict[str, str]:
    from babel import Locale

    own = ((code, Locale.parse(code).get_language_name(code)) for code in _AUTONYMS.split())
    return {folded(name): code for code, name in own if name}


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    for row in _lines("zone.tab"):
        country, _, zone, *_ = row.split("\t")
        zones[country] = (*zones.get(country, ()), zone)
    return zones


def _future_rule(zone: str) -> bytes:
    """The POSIX rule at the end of the zone's file, which holds after its last listed change (RFC 9636, 3.3)."""
    return (files("tzdata") / "zoneinfo" / zone).read_bytes().rstrip(b"\n").rpartition(b"\n")[2]


def _lines(name: str) -> list[str]:
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
