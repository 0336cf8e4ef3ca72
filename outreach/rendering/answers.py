"""Short answers to replies: a few lines with words filled in, for a member of staff to read and edit."""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

from jinja2 import Environment

from outreach.domain.errors import Problem
from outreach.rendering.environment import context_of
from outreach.rendering.lexicon import ShortLexicon
from outreach.rendering.plaintext import tidy
from outreach.rendering.short_texts import Examined, examine_short, literal_markdown, template_of
from outreach.rendering.templates import TemplateError
from outreach.rendering.values import fitted, value_of
from outreach.rendering.vocabulary import Word, WordType

ANSWER_WORDS: Final[Mapping[str, Word]] = MappingProxyType(
    {
        "contact.name": Word(WordType.TEXT, "The full name of whoever wrote, if it is known."),
        "contact.given_name": Word(WordType.TEXT, "The given name, if it is known."),
        "contact.organisation": Word(WordType.TEXT, "The organisation that was written to, if it is known."),
        "call.title": Word(WordType.TEXT, "The title of the call."),
        "call.organisers": Word(WordType.TEXT, "Those who organise the call, as “A, B and C”."),
        "letter.title": Word(WordType.TEXT, "The letter's title."),
        "letter.addressee": Word(WordType.TEXT, "Whom the letter is addressed to."),
        "deadline.here": Word(WordType.TEXT, "The deadline in the reader's time zone and language."),
        "deadline.passed": Word(WordType.FLAG, "True when the deadline has passed."),
        "links.letter": Word(
            WordType.URL, "The letter's page; empty for a letter in confidence, and before the launch."
        ),
        "sender.organisation": Word(WordType.TEXT, "The organisation this mail comes from."),
    }
)
"""What a short answer may say."""

MISSING: Final = "…"
"""What stands for a word that nobody knows here; whoever edits the answer sees it."""

_LEXICON: Final = ShortLexicon("a short answer", ANSWER_WORDS)


def check_answer(source: str) -> list[Problem]:
    """All that is wrong with a short answer, by line; an empty list when it can be used."""
    return list(_examined(source).problems)


def title_of(source: str) -> str:
    """What it is called: its first line, after "# "."""
    return source.removeprefix("\ufeff").partition("\n")[0].removeprefix("#").strip()


def filled_answer(source: str, values: Mapping[str, Any]) -> str:
    """The answer as Markdown with these values, each of them literal. Raises TemplateError if it is wrong."""
    examined = _examined(source)
    if examined.problems or examined.opaque is None:
        raise TemplateError(examined.problems)
    words = {name: fitted(name, ANSWER_WORDS[name], value_of(values, name)) for name in examined.used}
    text = template_of(examined.opaque, _environment()).render(context_of(words, str))
    return tidy(text.partition("\n")[2]).strip()


@lru_cache(maxsize=128)
def _examined(source: str) -> Examined:
    examined = examine_short(source, _LEXICON)
    first = source.removeprefix("\ufeff").partition("\n")[0]
    if not first.startswith("# ") or "{" in first:
        wrong = Problem(
            1, "the first line says what the answer is called, as “# How to sign”, without words filled in."
        )
        return Examined((wrong, *examined.problems))
    return examined


@cache
def _environment() -> Environment:
    return literal_markdown(lambda _code: MISSING)
