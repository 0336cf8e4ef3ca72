"""Editions: what freezes a letter with its list, in which order, and what proves that neither has changed."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.listings import Listing, Order
from outreach.domain.signatures import SignatureKind, Visibility


class CopyKind(StrEnum):
    """By which way a copy of an edition went out."""

    PAGE = "page"
    MAILING = "mailing"
    FILE = "file"
    KIT = "kit"
    DELIVERY = "delivery"
    """To an official: with those whom only the addressee may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """One signatory as an edition keeps it. ``line`` is "" for those who are only counted."""

    signature_id: int
    kind: SignatureKind
    visibility: Visibility
    line: str
    country: str = ""
    initiator: bool = False
    affiliated: bool = False


def line_digest(signature_id: int, line: str, country: str, salt: bytes) -> str:
    """The stand-in for a printed line and its country.

    It is salted, so that nobody can test a guess once the line has been erased.
    """
    return hmac.new(salt, f"{signature_id}\n{country}\n{line}".encode(), hashlib.sha256).hexdigest()


def edition_digest(
    slug: str,
    number: int,
    version: int,
    texts: Mapping[str, str],
    listing: Listing,
    organisers: Sequence[str],
    lines: Iterable[Sequence[object]],
) -> str:
    """SHA-256 over the canonical JSON (RFC 8785's order of keys) of all that an edition freezes.

    ``texts`` are the digests of the letter in each language, ``lines`` are what the edition says of each
    entry, in order: its signature, kind and visibility, two marks, and the line's digest.
    """
    whole = {
        "letter": slug,
        "edition": number,
        "version": version,
        "texts": dict(texts),
        "listing": listing.table(),
        "organisers": list(organisers),
        "entries": [list(line) for line in lines],
    }
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_named(visibility: Visibility, *, for_addressee: bool = False) -> bool:
    """Whether a rendering names somebody: the public one, or that for the official."""
    return visibility is Visibility.PUBLIC or (for_addressee and visibility is Visibility.ADDRESSEE)


def group_of(entry: Frozen, listing: Listing) -> tuple[int, str]:
    """Under which heading an entry stands: the groups' order, and the country where that is the heading."""
    if listing.initiators_first and entry.initiator:
        return (0, "")
    match listing.order:
        case Order.TOGETHER:
            return (1, "")
        case Order.APART:
            return (1 + (entry.kind is SignatureKind.INDIVIDUAL), "")
        case Order.BY_COUNTRY:
            return (1, entry.country) if entry.country else (2, "")
