"""The words that a letter may use between braces: its signatories, its official, and the letters before it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from outreach.rendering.vocabulary import Word, WordType

COUNT_WORDS: Final = ("organisations", "individuals", "named", "all", "more_than")
"""What may follow ``signatories.`` in a letter: the figures of Counts, and the round one below ``all``."""

_TEXT, _URL = WordType.TEXT, WordType.URL

LETTER_WORDS: Final[Mapping[str, Word]] = MappingProxyType(
    {
        "signatories.organisations": Word(_TEXT, "How many organisations are named in the list."),
        "signatories.individuals": Word(_TEXT, "How many individuals are named in the list."),
        "signatories.named": Word(_TEXT, "How many are named in the list."),
        "signatories.all": Word(_TEXT, "How many have signed, those who are not named included."),
        "signatories.more_than": Word(_TEXT, "A round figure that stays true: “more than” that many have signed."),
        "official.name": Word(_TEXT, "The official's name."),
        "official.title": Word(_TEXT, "The official's title, such as “Ambassador”."),
        "official.form_of_address": Word(_TEXT, "How the official is named, such as “Her Excellency Ms Vera Sol”."),
        "official.salutation": Word(_TEXT, "How the letter greets the official, such as “Excellency,”."),
        "official.office": Word(_TEXT, "The official's office, such as a permanent mission."),
        "official.institution": Word(_TEXT, "The institution that the office belongs to or is sent to."),
        "official.state": Word(_TEXT, "The official's State, by its name in the letter's language."),
        "facts.*": Word(_TEXT, "A fact about the State or institution; in an “if”, whether it is so."),
        "facts.*.date": Word(_TEXT, "Since which day it is so."),
        "facts.*.year": Word(_TEXT, "Since which year it is so."),
        "earlier.title": Word(_TEXT, "The title of the letter that this one follows."),
        "earlier.addressee": Word(_TEXT, "Whom that letter was addressed to."),
        "earlier.date": Word(_TEXT, "The day of that letter."),
        "earlier.count": Word(_TEXT, "How many had signed it, named or not."),
        "earlier.link": Word(_URL, "The page that shows it."),
        "answer.date": Word(_TEXT, "The day of the official's letter that this one answers."),
        "answer.sender": Word(_TEXT, "Who wrote it."),
        "answer.reference": Word(_TEXT, "The number that the office gave it."),
        "answer.subject": Word(_TEXT, "What it was about, in its own words."),
    }
)
"""What a letter may say, and in the place of ``*`` the name of a fact."""

_FACT: Final = re.compile(r"facts\.(?P<name>[a-z][a-z0-9_]*)(?P<part>\.date|\.year)?")


def fact_of(path: str) -> str:
    """The name of the fact that a word speaks of, "" for any other word."""
    found = _FACT.fullmatch(path)
    return found["name"] if found else ""


class LetterLexicon:
    """The words of letters."""

    def word(self, name: str) -> Word | None:
        """The word of that name; any fact may be named, recorded or not."""
        fact = _FACT.fullmatch(name)
        return LETTER_WORDS[f"facts.*{fact['part'] or ''}"] if fact else LETTER_WORDS.get(name)

    def why_unknown(self, name: str) -> str:
        """What there is instead."""
        if name == "facts" or name.startswith("facts."):
            return (
                f"“{name}” is no word of a letter; write facts.NAME, facts.NAME.date or facts.NAME.year, NAME in"
                " small letters, digits and underscores."
            )
        group = [word for word in LETTER_WORDS if word.startswith(f"{name}.")]
        if group:
            return f"“{name}” is a group of names; write one of: {', '.join(group)}."
        near = difflib.get_close_matches(name, LETTER_WORDS, n=1, cutoff=0.6)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(LETTER_WORDS)}."
        return f"“{name}” is not known in a letter. {hint}"

    def names(self) -> Iterable[str]:
        """All of them."""
        return LETTER_WORDS
