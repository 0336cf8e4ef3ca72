"""Moments in words: the day, the time and the zone, as a reader of each language expects them."""

from datetime import date, datetime, timedelta

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_datetime

from outreach.domain.zones import ANYWHERE_ON_EARTH, local_time

FALLBACK = Locale("en")

# CLDR joins date and time with a comma; where we know the word that people say, we say it.
_DAY_AND_TIME = {
    "ar": "{day}، الساعة {time}",
    "en": "{day} at {time}",
    "es": "{day}, a las {time}",
    "fr": "{day} à {time}",
}
_ANYWHERE = {
    "ar": "في أي مكان على الأرض",
    "en": "anywhere on Earth",
    "es": "en cualquier lugar de la Tierra",
    "fr": "n’importe où sur Terre",
}

# Names that IANA has renamed and CLDR keeps under the old name (the first alias in bcp47/timezone.xml).
_CLDR_NAMES = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Kanton": "Pacific/Enderbury",
    "Pacific/Pohnpei": "Pacific/Ponape",
}


def say_moment(instant: datetime, zone: str, language: str, *, with_zone: bool = True) -> str:
    """The instant, as ``Thursday 17 December 2015 at 17:00 (Pacific Time, Los Angeles, UTC−8)``.

    ``language`` is a tag such as ``fr``, ``pt-BR`` or ``zh_Hant``; for one that CLDR does not have it is English.
    The weekday, the 24-hour clock and the offset from UTC leave no doubt, not even in an hour shown twice.
    Raises InvalidInput for an unknown zone.
    """
    locale = locale_of(language)
    local = local_time(instant, zone)
    words = _DAY_AND_TIME.get(locale.language) or _joined_by_cldr(locale)
    if locale.language == "es" and local.hour == 1:
        words = words.replace("a las", "a la")
    said = words.format(day=_say_day(local, locale), time=_say_time(local, locale))
    return f"{said} ({_say_zone(local, locale)})" if with_zone else said


def say_date(instant: datetime, zone: str, language: str) -> str:
    """The day that it is in the zone at the instant, with its weekday: ``Friday 18 December 2015``."""
    return _say_day(local_time(instant, zone), locale_of(language))


def say_day(day: date, language: str) -> str:
    """A day as a letter writes it, without its weekday: ``20 June 2018``, ``1er juin 2018``."""
    locale = locale_of(language)
    said = format_date(day, "d MMMM y" if str(locale) == "en" else "long", locale=locale)
    return said.replace("1 ", "1er ", 1) if locale.language == "fr" and day.day == 1 else said


def same_wall_clock(instant: datetime, zone_a: str, zone_b: str) -> bool:
    """True if the clocks of both zones show the same at the instant, so that saying it once is enough."""
    return local_time(instant, zone_a).replace(tzinfo=None) == local_time(instant, zone_b).replace(tzinfo=None)


def locale_of(language: str) -> Locale:
    """What CLDR knows of a language, given as a tag such as ``pt-BR``; English for one that it does not have."""
    tag = language.strip().replace("-", "_")
    for wanted in (tag, tag.partition("_")[0]):
        try:
            return Locale.parse(wanted)
        except (UnknownLocaleError, ValueError):
            continue
    return FALLBACK


def _say_day(local: datetime, locale: Locale) -> str:
    if str(locale) == "en":  # no country: the order that readers everywhere can follow
        return format_date(local, "EEEE d MMMM y", locale=locale)
    said = format_date(local, "full", locale=locale)
    # The first of the month is an ordinal in French, which CLDR's patterns cannot say.
    return said.replace(" 1 ", " 1er ", 1) if locale.language == "fr" else said


def _say_time(local: datetime, locale: Locale) -> str:
    pattern = locale.datetime_skeletons.get("Hm")
    return format_datetime(local, pattern.pattern if pattern else "HH:mm", locale=locale)


def _joined_by_cldr(locale: Locale) -> str:
    pattern = str(locale.datetime_formats["long"]).replace("'", "")
    return pattern.replace("{1}", "{day}").replace("{0}", "{time}")


def _say_zone(local: datetime, locale: Locale) -> str:
    comma = "، " if "،" in str(locale.datetime_formats["long"]) else ", "
    return comma.join([*_names(local, locale), _say_offset(local.utcoffset() or timedelta())])


def _names(local: datetime, locale: Locale) -> list[str]:
    """What people call the zone, if CLDR knows that it has a name, and its city, if it is not in the name."""
    key = str(local.tzinfo)
    if key == ANYWHERE_ON_EARTH:
        return [_ANYWHERE.get(locale.language, _ANYWHERE["en"])]
    current = get_global("zone_aliases").get(key, key)
    zone = _CLDR_NAMES.get(current, current)
    if zone.startswith("Etc/"):  # an offset is all that it is
        return []
    city = str(locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))
    names = locale.meta_zones.get(get_global("meta_zones").get(zone), {}).get("long", {})
    # Where there is no summer time the standard name is the only one (East Africa Time).
    only = names.get("standard") if "daylight" not in names and not local.dst() else None
    name = str(names.get("generic") or only or "")
    return [part for part in (name, city) if part and not (part == city and city in name)]


def _say_offset(offset: timedelta) -> str:
    """As in ``UTC−8`` and ``UTC+5:30``, with a real minus sign: a hyphen would let the line break there."""
    minutes = round(abs(offset).total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "\N{MINUS SIGN}" if offset < timedelta() else "+"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
