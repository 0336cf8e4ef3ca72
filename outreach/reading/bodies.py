"""The readable text of a mail: which part a person would read, as text, whatever its encoding claims to be."""

import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from typing import Final

from outreach.reading.charsets import decoded, repaired
from outreach.reading.hypertext import LONGEST_HTML, shown_text
from outreach.reading.mail import MOST_PARTS, ReceivedMail

LONGEST_TEXT = 200_000
"""Characters of a mail's text that are looked at."""
LONGEST_PAYLOAD = 8_000_000
"""Octets of one part that are decoded."""

_ID: Final = re.compile(r"message-?id\s{0,5}:\s{0,5}(<[^<>\s]{3,500}>)", re.IGNORECASE)
_META: Final = re.compile(rb"""<meta[^>]{0,200}charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})""", re.IGNORECASE)
_SOFT_BREAK: Final = re.compile(rb"=[0-9A-Fa-f]{2}|=\r?\n")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=\s]")
_UUENCODED: Final = re.compile(
    r"^begin [0-7]{3,4} \S.{0,200}\n(?:[\x20-\x60]{1,62}\n){1,100000}end[ \t]*$", re.MULTILINE
)
_ARMOUR: Final = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Z][\w-]{1,20}: .{0,200}\n){0,5}\n", re.MULTILINE
)
_SIGNATURE: Final = "\n-----BEGIN PGP SIGNATURE-----"
_PICTURE: Final = re.compile(r"^[ \t]*\[cid:[^\]\s]{1,200}\][ \t]*(?:\n|$)|\[cid:[^\]\s]{1,200}\]", re.MULTILINE)
_STUB: Final = re.compile(
    r"(?:html|view|display|read|afficher|anzeig|darstell|mostrar|visualizar).{0,80}"
    r"(?:message|e-?mail|mail|nachricht|mensaje|mensagem|client|viewer|browser)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_STUB: Final = 200


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says, quoted text included.

    ``text`` is the part that a person would read, with newlines as line ends. ``shown`` is the same as its HTML
    shows it, with what is quoted by structure marked by "> "; empty if the mail has no HTML. ``quoted_ids`` are
    Message-IDs of mails that it holds or whose headers it quotes.
    """

    text: str
    shown: str = ""
    quoted_ids: tuple[str, ...] = ()


def readable(mail: ReceivedMail) -> Body:
    """The mail's text; empty if it has none that can be read. Never raises.

    Plain text is preferred to HTML (RFC 2046, 5.1.4 would have the last, but the plain text is what the person's
    program made for reading without a browser), unless it is empty or only says that one should read the HTML.
    Attachments, mails within, calendar entries and Outlook's winmail.dat are not text.
    """
    plain: list[str] = []
    pages: list[str] = []
    ids: list[str] = []
    for part in _parts(mail.message):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            ids.extend(_enclosed_ids(part))
        elif kind == "text/plain" and _is_inline(part):
            plain.append(_plain(part))
        elif kind == "text/html" and _is_inline(part):
            pages.append(_page(part))
    text = "\n".join(found.strip("\n") for found in plain if found.strip())[:LONGEST_TEXT]
    shown = "\n".join(shown_text(page) for page in pages[:5])[:LONGEST_TEXT]
    if shown.strip() and _is_stub(text, shown):
        text = shown
    ids.extend(found.group(1) for found in _ID.finditer(text))
    return Body(text, shown, tuple(dict.fromkeys(ids[:100])))


def pages_of(mail: ReceivedMail) -> list[str]:
    """The mail's HTML as it came, which nobody's browser may be shown (``reading.safe_html``); at most five."""
    inline = (one for one in _parts(mail.message) if one.get_content_type() == "text/html" and _is_inline(one))
    return [_page(part) for part in islice(inline, 5)]


def _page(part: Message) -> str:
    return _octets_as_text(part, _meta_charset(part))[: 20 * LONGEST_HTML]


def _parts(message: Message) -> Iterator[Message]:
    """The leaves in reading order, at most as many as are ever read; mails within count as leaves."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        payload = part.get_payload() if part.is_multipart() else None
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting.extend(reversed([child for child in payload[:MOST_PARTS] if isinstance(child, Message)]))
        else:
            yield part


def _enclosed_ids(part: Message) -> Iterator[str]:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        found = re.search(r"<[^<>\s]{3,500}>", str(payload[0].get("Message-ID", "")))
        if found:
            yield found.group()


def _is_inline(part: Message) -> bool:
    """Whether the part is to be read in place; a named one is a file, whatever its disposition (RFC 2183)."""
    if str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment"):
        return False
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        return not part.get_filename()
    return True


def _is_stub(text: str, shown: str) -> bool:
    """Whether the plain text is none: empty, or a line that sends the reader to the HTML."""
    bare = text.strip()
    if not bare:
        return True
    short = len(bare) < _LONGEST_STUB and len(bare) * 2 < len(shown)
    return short and _STUB.search(bare) is not None and bare[:30].lower() not in shown.lower()


def _plain(part: Message) -> str:
    text = repaired(_octets_as_text(part, "")[: 2 * LONGEST_TEXT])
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if "[cid:" in text:
        text = _PICTURE.sub("", text)
    if "\nbegin " in f"\n{text}":
        text = _UUENCODED.sub("", text)
    if "-----BEGIN PGP SIGNED MESSAGE-----" in text:
        text = _ARMOUR.sub("", text.partition(_SIGNATURE)[0]).replace("\n- -", "\n-")
    if _parameter(part, "format").lower() == "flowed":
        text = unflowed(text, delsp=_parameter(part, "delsp").lower() == "yes")
    return text[:LONGEST_TEXT]


def unflowed(text: str, *, delsp: bool = False) -> str:
    """The paragraphs of a flowed text as lines of any length (RFC 3676, 4); quoted lines keep their marks."""
    lines: list[str] = []
    flowing, depth = False, 0
    for raw in text.split("\n"):
        content = raw.lstrip(">")
        marks = len(raw) - len(content)
        content = content.removeprefix(" ")
        is_signature = content == "-- "
        if flowing and marks == depth and not is_signature:
            lines[-1] += content
        else:
            lines.append(f"{'>' * marks} {content}" if marks else content)
        flowing, depth = content.endswith(" ") and not is_signature and not content.startswith("--"), marks
        if flowing and delsp:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _octets_as_text(part: Message, meta: str) -> str:
    octets = _octets(part)
    return decoded(octets, _charset(part) or meta)


def _octets(part: Message) -> bytes:
    """The part's octets, its transfer encoding undone as far as it holds (RFC 2045, 6); never raises."""
    raw = _wire(part)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "base64":
        return _from_base64(raw)
    if encoding == "quoted-printable" or (encoding in ("", "7bit", "8bit") and _looks_quoted(raw)):
        return quopri.decodestring(raw)
    return raw


def _wire(part: Message) -> bytes:
    """The octets as they came; the parser leaves them alone only in a part that states no encoding."""
    bare = copy(part)
    del bare["Content-Transfer-Encoding"]
    with suppress(Exception):
        octets = bare.get_payload(decode=True)
        return octets[:LONGEST_PAYLOAD] if isinstance(octets, bytes) else b""
    return b""


def _from_base64(raw: bytes) -> bytes:
    """The octets decoded as far as they are sound; text that only claims to be base64 comes back as it is."""
    strange = len(_NOT_BASE64.findall(raw[:20_000]))
    if strange > len(raw[:20_000]) * 0.02:
        return raw
    digits = _NOT_BASE64.sub(b"", raw).replace(b"=", b"")
    digits = b"".join(digits.split())
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    try:
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
    except binascii.Error:
        return raw


def _looks_quoted(raw: bytes) -> bool:
    """Whether the octets are quoted-printable although no header says so."""
    sample = raw[:20_000]
    return (
        sample.isascii()
        and len(_SOFT_BREAK.findall(sample)) > 2 + len(sample) // 200
        and b"=\n" in sample.replace(b"\r\n", b"\n")
    )


def _charset(part: Message) -> str:
    with suppress(Exception):
        return str(part.get_content_charset() or "")
    return ""


def _parameter(part: Message, name: str) -> str:
    with suppress(Exception):
        return str(part.get_param(name) or "")
    return ""


def _meta_charset(part: Message) -> str:
    """The charset that an HTML page states in itself; only asked where the mail's header states none."""
    if _charset(part):
        return ""
    found = _META.search(_octets(part)[:4000])
    return found.group(1).decode("ascii") if found else ""
