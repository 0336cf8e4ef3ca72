"""What the public pages say, in each language that they speak."""

from collections.abc import Iterable

from outreach.web.words.arabic import ARABIC
from outreach.web.words.english import ENGLISH
from outreach.web.words.french import FRENCH
from outreach.web.words.sentences import Words
from outreach.web.words.spanish import SPANISH

LANGUAGES: dict[str, Words] = {words.language: words for words in (ENGLISH, FRENCH, SPANISH, ARABIC)}

__all__ = ["LANGUAGES", "Words", "words_in"]


def words_in(wanted: Iterable[str]) -> Words:
    """The words of the first wanted language (``fr``, ``pt-BR``) that the pages speak; English if there is none."""
    for tag in wanted:
        words = LANGUAGES.get(tag.lower().replace("_", "-").partition("-")[0])
        if words is not None:
            return words
    return ENGLISH
