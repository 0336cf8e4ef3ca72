"""The short names that organisations write into their names: in parentheses, brackets, after a dash or bare."""

import re
from dataclasses import dataclass
from typing import Final

from outreach.domain.desk.name_vocabulary import LEGAL_FORMS, LINKS, PLACES
from outreach.domain.desk.name_words import core_words, words_of
from outreach.domain.places import country_code

LONGEST: Final = 16
_ENCLOSED: Final = re.compile(r"\s*[(\[（]([^()\[\]（）]{2,})[)\]）]")
_AFTER: Final = re.compile(r"\s*(?:[-–—|/,:]\s*|\s[-–—]\s*)(\S+)$")
_BEFORE: Final = re.compile(r"^(\S+)\s*(?:[-–—|:]\s|\s[-–—|]\s*)\s*(?=\S)")
_BARE: Final = re.compile(r"\s+(\S{3,})$")
_HALVES: Final = re.compile(r"\s+[/|]\s+")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart: its ``stem``, without acronyms and second name, ``acronyms`` and ``other_names``."""

    stem: str
    acronyms: frozenset[str]
    other_names: tuple[str, ...]


def is_acronym(text: str) -> bool:
    """Whether the text is written as one: short, of at least two capitals, and of capitals for the better half."""
    if len(text) > LONGEST or text.islower():
        return False
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return capitals > 1 and capitals * 2 >= len(letters) and not _is_place_or_form(text)


def taken_apart(name: str) -> Parts:
    """The name's parts; a name in two languages ("A / B") or with a second one in parentheses has other names."""
    acronyms: set[str] = set()
    others = [half for half in _HALVES.split(name) if half != name]
    stem = name
    for found in _ENCLOSED.findall(name):
        if is_acronym(found):
            acronyms.add(squeezed(found))
            stem = _without(stem, found)
        elif len(found.split()) > 1:
            others.append(found)
            others.append(stem := _without(stem, found))
    for pattern in (_AFTER, _BEFORE, _BARE):
        if (hit := pattern.search(stem)) and _stands_for_itself(
            hit.group(1), pattern, rest := pattern.sub("", stem)
        ):
            acronyms.add(squeezed(hit.group(1)))
            stem = rest
    if is_acronym(stem) and others:  # CAFOD (Catholic Agency ...)
        acronyms.add(squeezed(stem))
    return Parts(stem.strip(), frozenset(acronyms - {""}), tuple(dict.fromkeys(others)))


def initials(name: str) -> frozenset[str]:
    """The first letters of its words, with and without those that only join: "aclu"."""
    words = core_words(words_of(name))
    return frozenset({"".join(w[0] for w in words), "".join(w[0] for w in words if w not in LINKS)})


def squeezed(text: str) -> str:
    """The words of a text as one word."""
    return "".join(words_of(text))


def _without(text: str, enclosed: str) -> str:
    return " ".join(re.sub(rf"\s*[(\[（]{re.escape(enclosed)}[)\]）]\s*", " ", text).split())


def _stands_for_itself(text: str, pattern: re.Pattern[str], rest: str) -> bool:
    """Whether what stands there is an acronym: bare ones have only their letters to show for it."""
    shouted = rest.isupper()  # in a name all in capitals every word looks like one
    if not is_acronym(text) or shouted or len(rest) <= len(text):
        return False
    return pattern is not _BARE or squeezed(text)[0] in {w[0] for w in words_of(rest)} or len(text) > len("NSW")


def _is_place_or_form(text: str) -> bool:
    word = squeezed(text)
    return word in PLACES or word in LEGAL_FORMS or country_code(text) is not None
