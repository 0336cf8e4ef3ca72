"""Whether an address that an author typed into a text may go out in a mail."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import idna

from outreach.domain.errors import Problem

SHORTENERS = frozenset(
    {
        "bit.ly", "bl.ink", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy",
        "rebrand.ly", "s.id", "short.io", "shorturl.at", "soo.gd", "t.co", "t.ly", "tiny.cc", "tinyurl.com",
        "v.gd",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@([^\s@<>]+)")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def problems_of_address(url: str, line: int) -> Iterator[Problem]:
    """What is wrong with the address of a link."""
    sentence = _wrong(url)
    if sentence:
        yield Problem(line, f"the link to “{url}” {sentence}")


def problems_of_words(text: str, line: int) -> Iterator[Problem]:
    """What is wrong with web addresses in running text, which mail programs turn into links."""
    for found in _WEB.findall(text):
        yield from problems_of_address(found.rstrip(".,;:!?)'»"), line)


def _wrong(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is not well formed."
    match parts.scheme.lower():
        case "https":
            return _wrong_host(host) or _wrong_rest(parts.netloc, port)
        case "http":
            return "is not encrypted; write https:// instead of http://."
        case "mailto":
            address = _ADDRESS.fullmatch(unquote(parts.path))
            well_formed = address and not _wrong_host(address[1])
            return None if well_formed else "does not hold one well-formed mail address."
    return "must begin with https:// or mailto:."


def _wrong_host(host: str) -> str | None:
    try:
        name = idna.encode(host, uts46=True).decode().lower()
    except idna.IDNAError:
        return "does not name a well-formed host."
    if "." not in name or name.rpartition(".")[2].isdigit():
        return "does not name a well-formed host."
    if name.removeprefix("www.") in SHORTENERS:
        return "goes through a link shortener, which spam filters distrust; give the full address."
    return None


def _wrong_rest(netloc: str, port: int | None) -> str | None:
    if "@" in netloc:
        return "has a name before the host, which hides where it leads."
    return "has a port that does not exist." if port == 0 else None
