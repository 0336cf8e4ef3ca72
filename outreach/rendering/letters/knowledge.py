"""What the words of a letter stand for in one rendering: plain texts, made of what is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from babel.numbers import format_decimal

from outreach.domain.addressing import NO, Addressed, CitedAnswer, EarlierLetter, Known
from outreach.domain.counts import Counts
from outreach.domain.rounding import more_than
from outreach.rendering.content import single_line
from outreach.rendering.letters.correspondence_words import correspondence_words
from outreach.rendering.letters.vocabulary import COUNT_WORDS
from outreach.rendering.moments import locale_of, say_day

UNKNOWN = "…"
"""What stands in a letter for what is not known yet."""

_YES = "yes"


@dataclass(frozen=True, slots=True)
class Values:
    """``words`` are the texts by word, as they are printed; whatever is not in it is not known.

    ``compared`` are those that an ``if`` compares otherwise than as they are printed, ``untrue`` the words of facts
    that are known not to be so.
    """

    words: Mapping[str, str]
    compared: Mapping[str, str] = field(default_factory=dict)
    untrue: frozenset[str] = frozenset()


def values_of(counts: Counts | None, language: str, known: Known) -> Values:
    """All that this rendering can say, in the letter's language."""
    words = {f"signatories.{word}": text for word, text in figures(counts, language).items()}
    words |= _earlier(known.earlier, language) | _answer(known.answer, language) | _official(known.official)
    facts = known.official.facts if known.official else {}
    compared, untrue = {}, set()
    said = correspondence_words(language)
    for name, fact in facts.items():
        path = f"facts.{name}"
        compared[path] = single_line(fact.value)
        words[path] = {_YES: said.yes, NO: said.no}.get(fact.value, compared[path])
        if fact.holds:
            words |= {f"{path}.date": say_day(fact.since, language), f"{path}.year": str(fact.since.year)}
        else:
            untrue.add(path)
    return Values({word: single_line(text) for word, text in words.items()}, compared, frozenset(untrue))


def figures(counts: Counts | None, language: str) -> dict[str, str]:
    """Each of COUNT_WORDS as it is written; ``…`` for each when the counts are None.

    ``more_than`` is a round figure below the count of all, or one less than it where there is none, so that
    "more than" before it is true.
    """
    if counts is None:
        return dict.fromkeys(COUNT_WORDS, UNKNOWN)
    numbers = {
        "organisations": counts.organisations,
        "individuals": counts.individuals,
        "named": counts.named,
        "all": counts.all,
        "more_than": more_than(counts.all) or max(counts.all - 1, 0),
    }
    return {word: _number(number, language) for word, number in numbers.items()}


def _number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=locale_of(language)))


def _earlier(earlier: EarlierLetter | None, language: str) -> dict[str, str]:
    if earlier is None:
        return {}
    return {
        "earlier.title": earlier.title,
        "earlier.addressee": earlier.addressee,
        "earlier.date": say_day(earlier.dated, language) if earlier.dated else "",
        "earlier.count": _number(earlier.count, language),
        "earlier.link": earlier.url,
    }


def _answer(answer: CitedAnswer | None, language: str) -> dict[str, str]:
    if answer is None:
        return {}
    return {
        "answer.date": say_day(answer.dated, language),
        "answer.sender": answer.sender,
        "answer.reference": answer.reference,
        "answer.subject": answer.subject,
    }


def _official(official: Addressed | None) -> dict[str, str]:
    if official is None:
        return {}
    return {
        "official.name": official.name,
        "official.title": official.title,
        "official.form_of_address": official.form_of_address,
        "official.salutation": official.salutation,
        "official.office": official.office,
        "official.institution": official.institution,
        "official.state": official.state_name or official.state,
    }
