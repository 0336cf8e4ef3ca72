"""What stands in the way of a letter to one official, as sentences a coordinator can act on."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from outreach.domain.addressing import Addressed
from outreach.domain.names import name_key
from outreach.domain.officials import Way

_SHORTEST = 3
"""Shorter parts of a name (de, al, van) stand in many names."""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the decision depends on.

    ``last_holder`` is who held a vacant post last, and ``until`` to which day. ``former`` names those who
    held it before. ``missing`` is what the letter's text needs and nobody recorded.
    """

    addressed: Addressed
    post_closed: bool = False
    last_holder: str = ""
    until: date | None = None
    former: Collection[str] = ()
    missing: tuple[str, ...] = ()


def letter_blockers(facts: LetterFacts) -> list[str]:
    """Why the letter cannot go to this official; empty when it can."""
    if facts.post_closed:
        return ["The post exists no more; take it off the letter."]
    to = facts.addressed
    if not to.holder_id:
        return [_vacant(facts)]
    found = []
    words = ", ".join(
        word for word, text in (("form of address", to.form_of_address), ("salutation", to.salutation)) if not text
    )
    if words:
        found.append(f"{to.name} has no {words} in the language of the letter ({to.language}).")
    found += [
        f"The {word} “{text}” names {other}, who holds the post no more."
        for word, text in (("form of address", to.form_of_address), ("salutation", to.salutation))
        for other in facts.former
        if _names(text, other, but=to.name)
    ]
    same_script = _scripts(to.name) & _scripts(to.form_of_address)
    if same_script and not _parts(to.name) & _parts(to.form_of_address):
        found.append(f"The form of address “{to.form_of_address}” does not name {to.name}.")
    if not to.ways:
        found.append("No way to this office is recorded.")
    if Way.MAIL in to.ways and not to.address:
        found.append("It is to be reached by mail, and has no mail address.")
    # What the salutation lacks has been said already.
    return found + [sentence for sentence in facts.missing if not words or "salutation" not in sentence]


def _vacant(facts: LetterFacts) -> str:
    if facts.last_holder and facts.until:
        return (
            f"Nobody is known to hold the post: {facts.last_holder} held it until {facts.until:%Y-%m-%d}. "
            f"Record who does ('outreach officials holder {facts.addressed.post}')."
        )
    return (
        f"Nobody is known to hold the post ('outreach officials holder {facts.addressed.post}' records who does)."
    )


def _names(text: str, other: str, *, but: str) -> bool:
    """Whether the text names somebody by a part of a name that the present holder does not have."""
    return bool((_parts(other) - _parts(but)) & _parts(text))


def _scripts(text: str) -> set[str]:
    """The scripts of a text's letters: a name is on record in one of them and written in another."""
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}


def _parts(name: str) -> set[str]:
    return {part for part in re.split(r"\W+", name_key(name)) if len(part) >= _SHORTEST}
