"""The files that came with a mail: what is attached, and no logo in a signature."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import Message
from typing import Final

from outreach.reading.mail import header_text
from outreach.reading.parts import own_parts

MOST: Final = 50
LARGEST_ORNAMENT: Final = 50_000
"""Octets: a smaller image that stands in the text itself is a logo."""
_BODIES: Final = frozenset({"text/plain", "text/html"})
_SEALS: Final = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file as the mail names it. The name is a stranger's: nothing may be opened or written under it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def enclosures(message: Message) -> Iterator[Enclosure]:
    """The files, in order, at most MOST; never raises for what a mail holds."""
    found = 0
    for part in own_parts(message):
        kind = part.get_content_type()
        name, attached = _name(part), _disposition(part) == "attachment"
        if kind in _SEALS or (kind in _BODIES and not name and not attached):
            continue
        content = _content(part)
        ornament = kind.startswith("image/") and not attached and part.get("Content-ID")
        if not content or (ornament and len(content) < LARGEST_ORNAMENT):
            continue
        yield Enclosure(name, kind, content)
        found += 1
        if found == MOST:
            return


def _name(part: Message) -> str:
    with suppress(ValueError, LookupError, TypeError, UnicodeError, MessageError):
        return header_text(part.get_filename() or "")
    return ""


def _disposition(part: Message) -> str:
    return str(part.get("Content-Disposition", "")).partition(";")[0].strip().lower()


def _content(part: Message) -> bytes:
    octets: object = b""
    with suppress(ValueError, LookupError, TypeError, MessageError):
        octets = part.get_payload(decode=True)
    return octets if isinstance(octets, bytes) else b""
