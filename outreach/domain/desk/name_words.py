"""The words of an organisation's name: which only say what kind of body it is, and which tell it from others."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from outreach.domain.desk.name_vocabulary import AND, ARTICLES, BODIES, LEADING_FORMS, LEGAL_FORMS, SURNAMES

_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){1,5}[^\W\d_]\b\.?|\b[^\W\d_]\.(?=[^\W\d_]\b)")
_APOSTROPHES: Final = re.compile("(?<=\\w)['\u2018\u2019\u02bb\u02bc\u02be\u02bf\u05f3`\u00b4](?=\\w)")
_NO_WORD: Final = re.compile("[^a-z0-9]+")
_SPECIAL: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "&": " and ",
    }
)
_LEADING: Final = ARTICLES | LEADING_FORMS


def spelt_plainly(text: str) -> str:
    """The text without case and accents, and letters with strokes as their plain ones; apostrophes are dropped.

    Signs that are vowels or change consonants (Devanagari, Thai, kana ...) stay: without them words become others.
    """
    return _APOSTROPHES.sub("", without_accents(unicodedata.normalize("NFKC", text).casefold()).translate(_SPECIAL))


def without_accents(text: str) -> str:
    """The text, compatibility forms decomposed, without the marks that a hasty writer leaves out."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not _is_accent(c))


def _is_accent(character: str) -> bool:
    """Accents above and below, and the points of Arabic and Hebrew, by their combining class (UAX #44, 5.7.4)."""
    return 10 <= (found := unicodedata.combining(character)) <= 36 or found >= 200  # noqa: PLR2004


@lru_cache(maxsize=65_536)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, spelt plainly; "e. V." and "U.S." are one word each, "&" is "and"."""
    joined = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", name)
    plain = spelt_plainly(joined)
    if plain.isascii():
        return tuple(_NO_WORD.sub(" ", plain).split())
    return tuple("".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in plain).split())


def says_body(name: str, *, surely: bool = False) -> bool:
    """Whether a word of the name says that it is a body; ``surely`` leaves out words that are surnames as well."""
    words = frozenset(words_of(name))
    return not words.isdisjoint(BODIES - SURNAMES if surely else BODIES)


def legal_form_of(name: str) -> str:
    """The legal form at the end of a name, spelt plainly; "" if there is none."""
    words = words_of(name)
    return words[-1] if len(words) > 1 and words[-1] in LEGAL_FORMS else ""


def core_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without the article they begin with, legal forms at either end, and words for "and"."""
    core = [word for index, word in enumerate(words) if word not in AND or index == 0]
    while len(core) > 1 and core[-1] in LEGAL_FORMS:
        core.pop()
    while len(core) > 1 and core[0] in _LEADING:
        core.pop(0)
    return tuple(core)
