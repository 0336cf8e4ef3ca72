"""What a text among the settings may look like: each form says what it wants, or gives back the text as meant."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.places import language_code
from outreach.domain.quiet_hours import parse_hours, parse_working_days
from outreach.domain.working_days import parse_days_off
from outreach.domain.zones import shown, zone_named

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """What is allowed, in a few words that go on after "it must be"."""

    says: str


def _checked(check: Callable[[str], str]) -> AfterValidator:
    """``check`` as a validator: its refusal, a whole sentence, is the error."""

    def validate(text: str) -> str:
        try:
            return check(text)
        except InvalidInput as refusal:
            raise ValueError(str(refusal)) from refusal

    return AfterValidator(validate)


def _line(text: str) -> str:
    if not text.isprintable():
        raise InvalidInput(f"{shown(text)} must be one line, without control characters.")
    return text


def _filled(text: str) -> str:
    if not text:
        raise InvalidInput("it must not be empty.")
    return _line(text)


def _language(text: str) -> str:
    code = language_code(text)
    if code is None:
        raise InvalidInput(f'{shown(text)} is no language: write its code, such as "en" or "fr".')
    return code


def _zone(text: str) -> str:
    return zone_named(text).key


def _address(text: str) -> str:
    return parse_address(text).given


def _address_or_nothing(text: str) -> str:
    return _address(text) if text else ""


def _addresses(text: str) -> str:
    return ", ".join(_address(one) for one in text.split(",") if one.strip())


def _names(text: str) -> str:
    names = [_line(one.strip()) for one in text.split(",")]
    if not all(names):
        raise InvalidInput(f"{shown(text)} must be one or more names with commas between them.")
    return ", ".join(names)


def _dates(text: str) -> str:
    parse_days_off(text)
    return text


def _time_of_day(text: str) -> str:
    if text and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise InvalidInput(f'{shown(text)} is no time of day: write it as "08:00", or "" for none.')
    return text


def _https(text: str) -> str:
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if text and not (_line(text) and parts.hostname and (parts.scheme == "https" or local)):
        raise InvalidInput(f"{shown(text)} is no address that begins with https://.")
    return text


def _hours(text: str) -> str:
    parse_hours(text)
    return text


def _days(text: str) -> str:
    parse_working_days(text)
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text) and not _is_ipv6(text):
        raise InvalidInput(
            f"{shown(text)} is no server's name: write the name alone, such as mail.example.org, "
            "without a port or anything before it."
        )
    return text


def _host_or_nothing(text: str) -> str:
    return _host(text) if text else ""


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _base_url(text: str) -> str:
    if not text.isascii() or not re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[\w.-]+)(:[0-9]{1,5})?/?", text):
        raise InvalidInput(
            f"{shown(text)} is not where pages could be reached: "
            "write it as https://calls.example.org, without a path."
        )
    if text.startswith("http://") and urlsplit(text).hostname not in LOOPBACK:
        raise InvalidInput(f"{shown(text)} must begin with https:// (http:// is for this machine only).")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    if not re.fullmatch(r"(sqlite:///|postgresql(\+psycopg)?://)\S.*", text):
        raise InvalidInput("it must be sqlite:///FILE or postgresql://USER@HOST/NAME.")  # and may hold a password
    return text


Line = Annotated[str, _checked(_line), Form("one line of text in quotes")]
Filled = Annotated[str, _checked(_filled), Form("a text in quotes")]
Language = Annotated[str, _checked(_language), Form('a language\'s code, such as "en"')]
Zone = Annotated[str, _checked(_zone), Form('an IANA time zone, such as "Europe/Brussels"')]
MailAddress = Annotated[str, _checked(_address), Form("a mail address")]
AddressOrNothing = Annotated[str, _checked(_address_or_nothing), Form('a mail address, or ""')]
Addresses = Annotated[str, _checked(_addresses), Form('mail addresses with commas between them, or ""')]
Networks = Annotated[str, _checked(_line), Form('network addresses with commas between them, or ""')]
Names = Annotated[str, _checked(_names), Form("one or more names with commas between them")]
Dates = Annotated[str, _checked(_dates), Form('days such as "2026-12-25" with commas between them, or ""')]
TimeOfDay = Annotated[str, _checked(_time_of_day), Form('a time of day, such as "08:00", or ""')]
HttpsOrNothing = Annotated[str, _checked(_https), Form('an https address, or ""')]
Hours = Annotated[str, _checked(_hours), Form('"20:00-08:00", for example, or "none"')]
Days = Annotated[str, _checked(_days), Form('"mon-fri", "sun-thu", "mon,tue,thu" or "every day", for example')]
Host = Annotated[str, _checked(_host), Form("a server's name or number")]
HostOrNothing = Annotated[str, _checked(_host_or_nothing), Form('a server\'s name, or ""')]
BaseUrl = Annotated[str, _checked(_base_url), Form("an https address without a path")]
DatabaseUrl = Annotated[str, _checked(_database_url), Form("sqlite:///FILE or postgresql://USER@HOST/NAME")]
