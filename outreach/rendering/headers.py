"""Header lines that no value can break out of: encoded words, folding, addresses, lists of links."""

import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import idna

from outreach.rendering.content import one_line, single_line

CRLF = "\r\n"
LONGEST_LINE = 998
"""Octets in one line, without its end (RFC 5322, 2.1.1)."""

_FOLD_AT = 76
_ENCODED_WORD = 75
_FRAME = "=?utf-8?b?{}?="
_ROOM = (_ENCODED_WORD - len(_FRAME.format(""))) // 4 * 3
_CONTINUES, _CONTINUED = 0b1100_0000, 0b1000_0000
"""What the first two bits of an octet in the middle of a character are (RFC 3629, 3)."""
_PLAIN = re.compile(r"[!-~]+( [!-~]+)*")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_THREAD = 20
_THREAD_ID = re.compile(r"<(?![^>]*=\?)[!#-;=?A-Z^-~]{1,200}@[!#-;=?A-Z^-~]{1,200}>")
_LINK = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+", re.IGNORECASE)
_LOOKS_LIKE_AN_ADDRESS = re.compile(r"[^\s@]@[^\s@]")


def unstructured(name: str, value: str) -> str:
    """A header line with any text in it, folded; what is not plain ASCII becomes encoded words (RFC 2047)."""
    text = one_line(value)
    if _PLAIN.fullmatch(text) and "=?" not in text:
        if len(name) + len(text) + 2 <= _FOLD_AT:
            return f"{name}: {text}"
        folded = _fold(name, text.split(" "))
        if folded:
            return f"{name}: {folded}"
    return f"{name}: {_encoded(text, len(name) + 2)}"


def _fold(name: str, words: Sequence[str]) -> str | None:
    """ASCII words, folded between them at 76 characters; None if a word is longer than a line."""
    lines, room = [""], _FOLD_AT - len(name) - 2
    for word in words:
        if len(word) > room:
            return None
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) > room:
            lines.append(word)
            room = _FOLD_AT - 1
        else:
            lines[-1] = longer
    return f"{CRLF} ".join(lines)


def _encoded(text: str, used: int) -> str:
    """Encoded words of at most 75 characters, none of which cuts a character (RFC 2047, 2 and 5)."""
    room = (_FOLD_AT - used - len(_FRAME.format(""))) // 4 * 3
    chunks = _chunks(text.encode(), min(room, _ROOM))
    words = [_FRAME.format(binascii.b2a_base64(chunk, newline=False).decode("ascii")) for chunk in chunks]
    return f"{CRLF} ".join(words)


def _chunks(octets: bytes, room: int) -> Iterator[bytes]:
    """The octets in pieces, the first of at most ``room``, that end where a character of UTF-8 ends."""
    start = 0
    while (end := start + room) < len(octets):
        while octets[end] & _CONTINUES == _CONTINUED:
            end -= 1
        yield octets[start:end]
        start, room = end, _ROOM
    yield octets[start:]


@lru_cache(256)
def mailbox(name: str, display: str, address: str) -> str:
    """A header line with one address and the name before it (RFC 5322, 3.4).

    ValueError: the name looks like an address itself, which makes people believe the mail is from there.
    """
    shown, spec = " ".join(single_line(display).split()), ascii_address(address)
    if _LOOKS_LIKE_AN_ADDRESS.search(unicodedata.normalize("NFKC", shown)):
        raise ValueError(f"the name “{shown}” looks like a mail address; write a name without “@”.")
    if not shown:
        return f"{name}: {spec}"
    phrase = _phrase(shown, len(name) + 2)
    last = phrase.rpartition(CRLF)[2]
    start = len(name) + 2 if last == phrase else 0
    gap = " " if start + len(last) + len(spec) + 3 <= _FOLD_AT else f"{CRLF} "
    return f"{name}: {phrase}{gap}<{spec}>"


def _phrase(text: str, used: int) -> str:
    fits = used + len(text) + 2 <= _FOLD_AT
    if fits and _PLAIN_WORDS.fullmatch(text) and "=?" not in text:
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    if used + len(quoted) + 2 <= _FOLD_AT and _PLAIN.fullmatch(text) and "=?" not in text:
        return f'"{quoted}"'
    return _encoded(text, used)


@lru_cache(4096)
def address_spec(address: str) -> str:
    """An addr-spec with its domain in A-labels (RFC 5890); the local part may be UTF-8 (RFC 6532).

    ValueError: it is not one plain address.
    """
    local, at, domain = address.rpartition("@")
    if not at or not (_DOT_ATOM.fullmatch(local) or _is_wide_local(local)):
        raise ValueError(f"{address[:200]!r} is not one plain mail address.")
    return f"{local}@{_ascii_domain(domain, address)}"


def _is_wide_local(local: str) -> bool:
    if any(unicodedata.category(letter)[0] in "CZ" for letter in local):
        return False
    return all(part and re.fullmatch(rf"(?:{_ATOM}|[^\x00-\xa0])+", part) for part in local.split("."))


def _ascii_domain(domain: str, address: str) -> str:
    try:
        name = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"the host in {address[:200]!r} is not well formed.") from error
    if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", name):
        raise ValueError(f"the host in {address[:200]!r} is not well formed.")
    return name


def ascii_address(address: str) -> str:
    """As ``address_spec``, for headers in which the local part must be ASCII too."""
    spec = address_spec(address)
    if not spec.isascii():
        raise ValueError(f"“{address}” has letters before the “@” that many mail servers refuse; use ASCII ones.")
    return spec


def addresses(name: str, listed: Sequence[str]) -> str:
    """A header line with several addresses, one below the other (RFC 5322, 3.6.3). ValueError: one is none."""
    return f"{name}: " + f",{CRLF} ".join(address_spec(one) for one in listed)


def message_id(value: str) -> str:
    """The Message-ID line; the id may come with or without its angle brackets (RFC 5322, 3.6.4)."""
    left, at, right = value.removeprefix("<").removesuffix(">").partition("@")
    if not at or not _DOT_ATOM.fullmatch(left) or not _DOT_ATOM.fullmatch(right):
        raise ValueError(f"{value[:200]!r} is not a Message-ID.")
    return f"Message-ID: <{left}@{right}>"


def thread_lines(answers: Sequence[str]) -> Iterator[str]:
    """In-Reply-To and References for a mail that answers the last of these Message-IDs (RFC 5322, 3.6.4).

    They were written by strangers: what is not plainly a Message-ID is left out, and so is one that may be read
    as an encoded word (RFC 2047, 2).
    """
    plain = [one for one in answers if _THREAD_ID.fullmatch(one)][-_THREAD:]
    if plain:
        yield f"In-Reply-To: {plain[-1]}"
        yield "References: " + f"{CRLF} ".join(plain)


def unsubscribe_lines(links: Sequence[str], *, one_click: bool) -> Iterator[str]:
    """List-Unsubscribe, and the header that makes it one click (RFC 2369, RFC 8058).

    The line is never folded and never encoded: mailbox providers do not read it then.
    """
    if one_click and not any(link.lower().startswith("http") for link in links):
        raise ValueError("one-click unsubscribing needs a web address in List-Unsubscribe.")
    if not links:
        return
    for link in links:
        if not _LINK.fullmatch(link):
            raise ValueError(f"{link[:200]!r} cannot stand in List-Unsubscribe.")
    line = "List-Unsubscribe: " + ", ".join(f"<{link}>" for link in links)
    if len(line) > LONGEST_LINE:
        raise ValueError(f"List-Unsubscribe has {len(line)} characters; a line of a mail holds {LONGEST_LINE}.")
    yield line
    if one_click:
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def token(name: str, value: str, pattern: str) -> str:
    """A header line whose value must match the pattern. ValueError: it does not."""
    line = f"{name}: {value}"
    if not re.fullmatch(pattern, value) or len(line) > LONGEST_LINE:
        raise ValueError(f"{value[:200]!r} cannot stand in {name}.")
    return line
