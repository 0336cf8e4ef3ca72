"""What looks wrong about an entry: the form asks kindly before it is too late, the desk sees it before release."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from outreach.domain.addresses import SHARED_DOMAINS
from outreach.domain.desk.acronyms import is_acronym
from outreach.domain.desk.doubt_words import (
    COMPANY_FORMS,
    DEGREES,
    NOBODY,
    NOTHING,
    PARTICLES,
    ROUND_NOBODY,
    TITLES,
    TOPICS,
)
from outreach.domain.desk.lookalikes import mixes_scripts
from outreach.domain.desk.name_words import legal_form_of, says_body, words_of
from outreach.domain.desk.sites import alike_domains, host_of, own_site
from outreach.domain.entries import Entry
from outreach.domain.places import country_code
from outreach.domain.signatures import SignatureKind

LONG_WORD: Final = 4
LONG_WORD_OF_PERSON: Final = 3
NAMES_OF_PERSON: Final = range(2, 6)
_SPLIT: Final = re.compile(r"[\s,]+")
_ENCLOSED: Final = re.compile(r"[(\[]([^()\[\]]{3,})[)\]]")
_DEMONYM: Final = re.compile(r"\w+(?:an|ish|ese)")


class DoubtReason(StrEnum):
    """Why a person should look at an entry."""

    NO_ORGANISATION = "no organisation"
    """ "Personal", "None", "US Citizen" in the place of an organisation."""
    PERSON = "person"
    """A person's name in the place of an organisation."""
    ORGANISATION = "organisation"
    """An organisation's name in the place of a person."""
    CAPITALS = "capitals"
    """All in capitals, and no acronym."""
    SMALL_LETTERS = "small letters"
    """All in small letters."""
    MIXED_SCRIPTS = "mixed scripts"
    """Letters of one alphabet pass for those of another."""
    FREE_MAIL = "free mail"
    """An organisation's signer has an address at a provider where anybody gets one."""
    OTHER_DOMAIN = "other domain"
    """The address is not of the website's domain."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to look again, and the words or the domain that gave it."""

    reason: DoubtReason
    shown: str


def doubts(entry: Entry, address: str = "") -> tuple[Doubt, ...]:
    """All that looks wrong, in the order of DoubtReason; empty for most entries. Nothing here refuses an entry.

    ``address`` is the signer's, or its domain alone; without it nothing is said about domains.
    """
    found = [*_about_name(entry)]
    if entry.kind is SignatureKind.ORGANISATION and address:
        found += _about_address(entry, address.rpartition("@")[2].lower())
    return tuple(found)


def names_nobody(name: str) -> bool:
    """Whether this stands for no organisation at all, in seven languages: "Personal", "N/A", "US Citizen"."""
    words = words_of(name)
    if "".join(words) in NOTHING:
        return True
    if NOBODY.isdisjoint(words):
        return False
    return all(word in NOBODY or word in ROUND_NOBODY or _says_where_from(word) for word in words)


def names_person(name: str) -> bool:
    """Whether this is a person's name, to judge by a title or a degree beside it.

    Two to five words that may be names must stay, and none that says that it is a body.
    """
    head, _, tail = name.partition(",")
    degreed = "".join(words_of(tail)) in DEGREES
    parts = _SPLIT.split(head.strip())
    titles = 0
    while titles < len(parts) and "".join(words_of(parts[titles])) in TITLES:
        titles += 1
    rest = parts[titles:]
    return bool(titles or degreed) and _may_be_names(rest) and not says_body(" ".join(rest))


def _about_name(entry: Entry) -> Iterator[Doubt]:
    name = entry.name
    for_body = entry.kind is SignatureKind.ORGANISATION
    person = names_person(name) or (bool(words_of(name)) and words_of(name) == words_of(entry.signer_name))
    shouted, small = _case(name, LONG_WORD if for_body else LONG_WORD_OF_PERSON)
    facts = (
        (DoubtReason.NO_ORGANISATION, for_body and names_nobody(name)),
        (DoubtReason.PERSON, for_body and person and not names_nobody(name)),
        (DoubtReason.ORGANISATION, not for_body and _is_body_s(name)),
        (DoubtReason.CAPITALS, shouted),
        (DoubtReason.SMALL_LETTERS, small),
        (DoubtReason.MIXED_SCRIPTS, mixes_scripts(name) or mixes_scripts(entry.acronym)),
    )
    yield from (Doubt(reason, name) for reason, true in facts if true)


def _about_address(entry: Entry, domain: str) -> Iterator[Doubt]:
    if domain in SHARED_DOMAINS:
        yield Doubt(DoubtReason.FREE_MAIL, domain)
        return
    site = own_site(host_of(entry.website))
    if site and "." in domain and not alike_domains(host_of(f"//{domain}") or domain, site):
        yield Doubt(DoubtReason.OTHER_DOMAIN, domain)


def _is_body_s(name: str) -> bool:
    in_parentheses = any(is_acronym(found) for found in _ENCLOSED.findall(name))
    topical = not TOPICS.isdisjoint(words_of(name))
    return topical or in_parentheses or says_body(name, surely=True) or legal_form_of(name) in COMPANY_FORMS


def _says_where_from(word: str) -> bool:
    return country_code(word) is not None or _DEMONYM.fullmatch(word) is not None


def _may_be_names(parts: list[str]) -> bool:
    """All in capitals, or none but the short name of an order at the end: "Tomás Ruiz SJ"."""
    names = [part for part in parts if "".join(words_of(part)) not in PARTICLES]
    if len(names) > NAMES_OF_PERSON[0] and len(names[-1]) <= LONG_WORD:
        names = names[:-1] if names[-1].isupper() else names
    shouted = [len(part) > 1 and part.isupper() and "." not in part for part in names]
    all_or_none = all(shouted) or not any(shouted)
    return len(names) in NAMES_OF_PERSON and all_or_none and all(_may_be_name(part) for part in names)


def _may_be_name(part: str) -> bool:
    """Written like a name: no digit, no small letter at the beginning but before an apostrophe, no possessive."""
    clean = all(c.isalpha() or c in ".-'’ʼ" for c in part) and not part.endswith(("'s", "’s"))
    return clean and not (part[0].islower() and part[1:2] not in {"'", "’"})


def _case(name: str, long: int) -> tuple[bool, bool]:
    """Whether all is in capitals, with more than one long word; and whether there are only small letters.

    Scripts without capitals are neither. Georgian has capitals in Unicode, but no name begins with one.
    """
    cased = [word for word in _SPLIT.split(name) if word.upper() != word.lower() and not _is_georgian(word)]
    longer = [word for word in cased if sum(c.isalpha() for c in word) >= long]
    shouted = len(longer) > 1 and all(word.isupper() for word in longer)
    small = bool(longer) and all(word.islower() for word in cased) and "." not in name
    return shouted, small


def _is_georgian(word: str) -> bool:
    return any("\u10d0" <= c <= "\u10ff" for c in word)
