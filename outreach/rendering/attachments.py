"""Files as parts of a mail: encoded, and named so that no name can steer where it lands (RFC 2045, 2183, 2231)."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from outreach.rendering.headers import CRLF

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_ANY_TYPE = "application/octet-stream"
_KEPT = re.compile(r"[^A-Za-z0-9 ._()+,@-]+")
_OURS_TO_NAME = re.compile(r"[A-Za-z0-9 ._()+,@-]{1,60}")
_IN_A_LINE = 57
"""Octets that make a line of 76 characters in base64 (RFC 2045, 6.8)."""
_CHARSET = "UTF-8''"
_PIECE = re.compile(r"(?:%[0-9A-F]{2}|[^%]){1,18}")
"""Octets of a name that stand in one line."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail carries. ``name`` is plain: no folder, no control character."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def attached(file: Attachment) -> bytes:
    """The file as a part of a mail, its own headers first, ended by CRLF."""
    head = CRLF.join(_lines(file)).encode("ascii")
    return head + b"\r\n\r\n" + base64.encodebytes(file.content).replace(b"\n", b"\r\n")


def encoded_size(octets: int) -> int:
    """How long a content of so many octets is in base64, its line ends among it."""
    lines = -(-octets // _IN_A_LINE)
    return -(-octets // 3) * 4 + 2 * lines


def _lines(file: Attachment) -> Iterator[str]:
    """The part's headers. A type that is none, or that a program would take for our own text, is any file's."""
    declared = file.media_type.lower()
    kind = (
        declared if _TYPE.fullmatch(declared) and not declared.startswith(("multipart/", "message/")) else _ANY_TYPE
    )
    plain = _in_ascii(file.name)
    yield f"Content-Type: {kind};"
    yield f' name="{plain}"'
    yield "Content-Transfer-Encoding: base64"
    yield "Content-Disposition: attachment;"
    if plain == file.name:
        yield f' filename="{plain}"'
    else:
        yield from _wide(file.name)


def _in_ascii(name: str) -> str:
    """The name as a program that knows ASCII alone may show it; its ending stays."""
    if _OURS_TO_NAME.fullmatch(name):
        return name
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    stem, dot, ending = _KEPT.sub("-", letters).rpartition(".")
    kept = (stem if dot else ending).strip(" .-")[:40] or "document"
    return f"{kept}.{ending[:8]}" if dot and ending else kept


def _wide(name: str) -> Iterator[str]:
    """The name in any letters, in pieces that fit into a line (RFC 2231, 3 and 4.1)."""
    pieces = _PIECE.findall(quote(name.encode("utf-8", "replace"), safe=""))
    if len(pieces) == 1:
        yield f" filename*={_CHARSET}{pieces[0]}"
        return
    for number, piece in enumerate(pieces):
        first, last = number == 0, number == len(pieces) - 1
        yield f" filename*{number}*={_CHARSET if first else ''}{piece}{'' if last else ';'}"
