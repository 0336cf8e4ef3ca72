"""Time zones by their IANA names: what is accepted, and what is said about the rest."""

import re
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from outreach.domain.errors import InvalidInput

ANYWHERE_ON_EARTH = "Etc/GMT+12"
"""Twelve hours behind UTC, where a day ends last. POSIX turns the sign round, and IANA keeps that."""

_ALIASES = {
    "aoe": ANYWHERE_ON_EARTH,
    "anywhere on earth": ANYWHERE_ON_EARTH,
    "anywhere_on_earth": ANYWHERE_ON_EARTH,
    "utc": "UTC",
}

# Some of these are IANA names too; all are refused: nobody can know what "CET" in July was meant to be.
_ABBREVIATIONS = {
    "ACST": "Australia/Darwin",
    "AEDT": "Australia/Sydney",
    "AEST": "Australia/Sydney",
    "AKST": "America/Anchorage",
    "AST": "America/Halifax or Asia/Riyadh",
    "BST": "Europe/London or Asia/Dhaka",
    "CAT": "Africa/Harare",
    "CDT": "America/Chicago",
    "CEST": "Europe/Brussels",
    "CET": "Europe/Brussels",
    "CST": "America/Chicago or Asia/Shanghai",
    "CST6CDT": "America/Chicago",
    "CT": "America/Chicago",
    "EAT": "Africa/Nairobi",
    "EDT": "America/New_York",
    "EEST": "Europe/Athens",
    "EET": "Europe/Athens",
    "EST": "America/New_York",
    "EST5EDT": "America/New_York",
    "ET": "America/New_York",
    "GMT": "Europe/London, Africa/Accra or UTC",
    "HST": "Pacific/Honolulu",
    "IST": "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin",
    "JST": "Asia/Tokyo",
    "MDT": "America/Denver",
    "MET": "Europe/Brussels",
    "MSK": "Europe/Moscow",
    "MST": "America/Denver",
    "MST7MDT": "America/Denver",
    "MT": "America/Denver",
    "NZDT": "Pacific/Auckland",
    "NZST": "Pacific/Auckland",
    "PDT": "America/Los_Angeles",
    "PST": "America/Los_Angeles or Asia/Manila",
    "PST8PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "SAST": "Africa/Johannesburg",
    "WAT": "Africa/Lagos",
    "WEST": "Europe/Lisbon",
    "WET": "Europe/Lisbon",
}

# Files that lie beside the zones on some systems: they name a machine's setting, or count leap seconds.
_NOT_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/", "SystemV/")

_OFFSET = re.compile(r"(?:UTC|GMT)?[+\N{MINUS SIGN}-][0-9:]+|Z", re.IGNORECASE)

_HOW = "Zones are written as Region/City, for example Europe/Brussels."


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name, of ``UTC``, or of ``AoE`` ("anywhere on earth").

    Raises InvalidInput for anything else, with the nearest names; an abbreviation or an offset is refused
    because it hides daylight saving. A machine without zone data is an error too: UTC is never taken instead.
    """
    wanted = _ALIASES.get(name.strip().casefold(), name.strip())
    if wanted.upper() in _ABBREVIATIONS:
        raise InvalidInput(
            f"{shown(name)} is an abbreviation that hides daylight saving or stands for several zones: "
            f"write the zone as Region/City, here probably {_ABBREVIATIONS[wanted.upper()]}."
        )
    if _OFFSET.fullmatch(wanted):
        raise InvalidInput(
            f"{shown(name)} is an offset, and an offset hides daylight saving. {_HOW} For universal time write UTC."
        )
    if wanted.startswith(_NOT_ZONES):
        raise InvalidInput(f"{shown(name)} is no time zone. {_HOW}")
    try:
        return ZoneInfo(wanted)
    except (
        LookupError,
        ValueError,
        OSError,
    ):  # unknown, not a path, a directory or too long for a file's name
        raise InvalidInput(_unknown(name)) from None


def local_time(instant: datetime, zone: str) -> datetime:
    """The instant as the clocks of the zone show it. Raises ValueError for an instant without an offset."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} is no instant: it has no offset from UTC")
    return instant.astimezone(zone_named(zone))


def shown(value: str) -> str:
    """The value in quotation marks, as it may stand in a sentence: printable and not endless."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[:60])
    return f'"{printable}"' if len(value) <= len(printable) else f'"{printable}…"'


def _unknown(name: str) -> str:
    known = available_timezones()
    if not known:
        return (
            "This machine has no time zone data, so no time can be computed: "
            'install the Python package "tzdata", or the system\'s package of that name.'
        )
    if not name.strip():
        return f"The time zone is missing. {_HOW}"
    near = _near(name.strip()[:60], known)
    return f"{shown(name)} is no time zone{'; did you mean ' + near + '?' if near else '.'} {_HOW}"


def _near(name: str, known: set[str]) -> str:
    """The names that may have been meant, by spelling or by the city alone, joined by "or"; empty if none."""
    by_spelling: dict[str, str] = {}
    for zone in sorted(known):
        city = zone.rpartition("/")[2].casefold()
        by_spelling.setdefault(city, zone)
    by_spelling |= {zone.casefold(): zone for zone in known}
    wanted = re.sub(r"[\s-]+", "_", name.casefold())
    if wanted in by_spelling:
        return by_spelling[wanted]
    close = get_close_matches(wanted, by_spelling, n=3, cutoff=0.8)
    return " or ".join(dict.fromkeys(by_spelling[spelling] for spelling in close))
