"""What a template becomes for one person, and how a value is made fit for a line of text."""

import re
import unicodedata
from dataclasses import dataclass

# Controls and line breaks of every sort become a space; the characters that override the direction of
# what follows them are dropped (Unicode UAX #9, 2.1 to 2.5), the marks and joiners that scripts need stay.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_RIGHT_TO_LEFT = frozenset({"ar", "he", "iw", "fa", "ur", "ps", "yi", "dv", "ckb", "sd", "ug"})


@dataclass(frozen=True, slots=True)
class Content:
    """A rendered message: the subject in one line, the plain text, the HTML document."""

    subject: str
    text: str
    html: str


def single_line(value: str) -> str:
    """The value without control characters, line breaks, overrides of direction and blanks at its ends."""
    if value.isprintable():  # none of these characters is
        return value.strip()
    return one_line(_OVERRIDES.sub("", value))


def one_line(value: str) -> str:
    """The value without control characters, line breaks and blanks at its ends."""
    if value.isprintable():  # none of these characters is
        return value.strip()
    return _BREAKS.sub(" ", _SURROGATES.sub("\ufffd", value)).strip()


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, for a language tag (RFC 5646)."""
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def direction_of(text: str) -> str | None:
    """``rtl`` or ``ltr``, as the first letter that has a direction says (UAX #9, P2); None if there is none."""
    for letter in text:
        strong = unicodedata.bidirectional(letter)
        if strong in {"L", "R", "AL"}:
            return "ltr" if strong == "L" else "rtl"
    return None


def isolate(value: str, *, rtl: bool) -> str:
    """The value between FSI and PDI when it holds letters that run against the text around it (UAX #9)."""
    if value.isascii() and not rtl:
        return value
    against = {"L"} if rtl else {"R", "AL"}
    if any(unicodedata.bidirectional(letter) in against for letter in value):
        return f"\u2068{value}\u2069"
    return value
