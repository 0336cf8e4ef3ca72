"""Text as quoted-printable lines that stand alone or are put together from pieces (RFC 2045, 6.7)."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

LIMIT: Final = 73
"""Octets in a line before its soft break; a line may have 76, and the F of “From” may still take three."""
SOFT: Final = b"=\r\n"

_SPECIAL: Final = re.compile(rb"[^ -<>-~\t\r\n]|[\t ](?=\r\n)|\r(?!\n)")
_FROM: Final = re.compile(rb"(\A|\n)F(?=\Z|r\Z|ro\Z|rom)")
_LONG: Final = re.compile(rb"[^\r\n]{%d,}" % (LIMIT + len(SOFT) - 1))
_LITTLE: Final = 12
"""Less room than this at the end of a line is left empty."""


def one_break(text: str) -> str:
    """The text with line breaks of one sort."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def quoted(text: str) -> bytes:
    """The text with its line breaks as CRLF and everything else as printable ASCII; its lines may be too long.

    An F that could begin “From ” at the start of a line, also with what follows it, is quoted for mailbox files.
    """
    octets = text.encode("utf-8", "replace")
    if text.isascii() and text.isprintable() and "=" not in text:
        return _FROM.sub(rb"\1=46", octets) if text.startswith("F") else octets
    if "\n" not in text and not text.endswith((" ", "\t")):  # the library's soft breaks are not where ours are
        quick = binascii.b2a_qp(octets).replace(b"=\n", b"")
        return _FROM.sub(rb"\1=46", quick) if text.startswith("F") else quick
    octets = octets.replace(b"\n", b"\r\n")
    return _FROM.sub(rb"\1=46", _SPECIAL.sub(_escaped, octets))


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found[0][0]


def written(text: str) -> bytes:
    """A whole body, ended by one line break."""
    return laid(quoted(one_break(text).rstrip("\n") + "\n"), 0)


def laid(lines: bytes, column: int) -> bytes:
    """What ``quoted`` gave, with soft breaks, to be put behind at most ``column`` octets of a line."""
    room = LIMIT - column
    first, end, rest = lines.partition(b"\r\n")
    if first and len(first) > room:
        first = SOFT.join(_stretches(first, room if room > _LITTLE else 0))
    elif not end:
        return first
    broken = first + end + _LONG.sub(_broken, rest)
    return _FROM.sub(rb"\1=46", broken) if b"F" in broken else broken


def _broken(found: re.Match[bytes]) -> bytes:
    return SOFT.join(_stretches(found[0], LIMIT))


def _stretches(line: bytes, room: int) -> Iterator[bytes]:
    """A line in pieces, the first of at most ``room`` octets, of which none ends within a quoted octet."""
    start = 0
    while len(line) - start > room:
        end = start + room
        escape = line.find(b"=", end - 2, end) if room else -1
        end = end if escape < 0 else escape
        yield line[start:end]
        start, room = end, LIMIT
    yield line[start:]


def column_after(lines: bytes, column: int) -> int:
    """How many octets the last line has, when the first of them stands behind ``column``."""
    start = lines.rfind(b"\n") + 1
    return len(lines) - start + (0 if start else column)


def unquoted(octets: bytes) -> str:
    """The text of a body, with line breaks of one sort."""
    return binascii.a2b_qp(octets).decode().replace("\r\n", "\n")
