"""A mail's own parts and the mails inside it, as text, within bounds: what a machine wrote is short.

Nothing here raises for what a mail holds, and nothing takes longer the larger the mail is: more parts, deeper
nesting and longer texts than any mail needs are not looked at.
"""

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import MessageError
from email.message import Message
from typing import Final

from outreach.reading.charsets import decoded
from outreach.reading.hypertext import shown_text

MOST_PARTS: Final = 100
DEEPEST: Final = 15
LONGEST_TEXT: Final = 100_000
"""Characters of one part that are looked at."""
LONGEST_LINE: Final = 2_000

_EMBEDDED: Final = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_MESSAGE_ID: Final = re.compile(
    r"^[> \t]{0,20}(?:x-)?(?:original-)?message-id:\s{0,9}(<[^<>\s]{1,990}>)", re.IGNORECASE | re.MULTILINE
)


def own_parts(message: Message) -> Iterator[Message]:
    """The parts that the writer of the mail made, in order, without those of mails inside it."""
    for part in _walk(message):
        if part.get_content_type() not in _EMBEDDED and not part.get_content_type().startswith("multipart/"):
            yield part


def inner_mails(message: Message) -> tuple[Message, ...]:
    """The mails, or their headers, that the mail holds; a part of headers alone is read as a mail."""
    found: list[Message] = []
    for part in _walk(message):
        if part.get_content_type() not in _EMBEDDED:
            continue
        if part.is_multipart():
            found.extend(_children(part)[:5])
        else:
            found.append(email.message_from_string(text_of(part).lstrip()))
    return tuple(found[:MOST_PARTS])


def _walk(message: Message) -> Iterator[Message]:
    """Every part down to the mails inside, depth first, without recursion."""
    waiting, seen = [(message, 0)], 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        yield part
        if part.get_content_maintype() == "multipart" and depth < DEEPEST:
            waiting.extend((each, depth + 1) for each in reversed(_children(part)))


def _children(part: Message) -> list[Message]:
    """The parts of a part; none of one that has text, whose charset may be such that asking for it raises."""
    payload = part.get_payload() if part.is_multipart() else []
    return [each for each in payload[:MOST_PARTS] if isinstance(each, Message)] if isinstance(payload, list) else []


def text_of(part: Message) -> str:
    """The part's text, decoded as it says or as it looks, lines ended by LF; HTML as what it shows."""
    text = _decoded(part).replace("\r\n", "\n").replace("\r", "\n")
    if part.get_content_type() == "text/html":
        text = shown_text(text)
    return "\n".join(line[:LONGEST_LINE] for line in text[:LONGEST_TEXT].split("\n"))


def _decoded(part: Message) -> str:
    if part.is_multipart():
        return "\n\n".join(_fields(inner) for inner in _children(part))
    octets: object = b""
    with suppress(ValueError, LookupError, TypeError, MessageError):
        octets = part.get_payload(decode=True)
    return decoded(octets[: 4 * LONGEST_TEXT] if isinstance(octets, bytes) else b"", _charset(part))


def _fields(block: Message) -> str:
    """A block of a report as the lines it was written in."""
    lines = [f"{name}: {value}" for name, value in block.items()[:200]]
    body = "" if block.is_multipart() else _decoded(block).strip()
    return "\n".join([*lines, "", body[:LONGEST_TEXT]] if body else lines)


def _charset(part: Message) -> str:
    with suppress(ValueError, LookupError, TypeError, UnicodeError):
        return str(part.get_content_charset("") or "").lower()
    return ""


def own_text(message: Message) -> str:
    """What the mail says itself, in plain text if it has any, without attachments and the mails inside it."""
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in own_parts(message):
        if part.get_content_type() in texts and not _attached(part):
            texts[part.get_content_type()].append(text_of(part))
    plain = "\n".join(texts["text/plain"])
    return (plain if plain.strip() else "\n".join(texts["text/html"]))[: 2 * LONGEST_TEXT]


def _attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def quoted_ids(message: Message, text: str = "") -> tuple[str, ...]:
    """The Message-IDs of the mails inside, then those that stand as header lines in ``text``; each once."""
    headers = [f"Message-ID: {inner.get('Message-ID', '')}" for inner in inner_mails(message)]
    found = _MESSAGE_ID.findall("\n".join([*headers, text[:LONGEST_TEXT]]))
    return tuple(dict.fromkeys(found))[:50]
