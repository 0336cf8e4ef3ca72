"""Which of our languages a text is in, cheaply: by its script, and by words that hardly a text does without."""

import re
from collections import Counter
from functools import cache
from typing import Final

from outreach.reading.phrases import VOCABULARIES
from outreach.reading.phrases.vocabulary import Vocabulary
from outreach.reading.sentences import folded

_WORDS: Final = re.compile(r"\w+")
_FEW_WORDS: Final = 12
_READ: Final = 4_000


def language(text: str) -> str:
    """The ISO 639-1 code of the language the text is most likely in; "" if nothing tells."""
    found = _counts(text).most_common(2)
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return ""
    return found[0][0]


def likely(text: str) -> tuple[Vocabulary, ...]:
    """The vocabularies worth trying on the text: its script's, the two likeliest, all for a few words."""
    words = _WORDS.findall(folded(text[:_READ]))
    counts = _counts(text)
    script = _script("".join(words))
    if script:
        codes = {script, *(code for code, count in counts.most_common(2) if count > 1), "en"}
    elif len(words) < _FEW_WORDS:
        codes = {known.code for known in VOCABULARIES} - {"ar", "ru"}
    else:
        best = counts.most_common(1)[0][1] if counts else 0
        codes = {code for code, count in counts.most_common(3) if count * 2 >= best} or {"en"}
    return tuple(known for known in VOCABULARIES if known.code in codes)


def _counts(text: str) -> Counter[str]:
    words = _WORDS.findall(folded(text[:_READ]))
    counts = Counter({code: sum(word in common for word in words) for code, common in _common().items()})
    if script := _script("".join(words)):
        counts[script] += len(words)
    return +counts


def _script(letters: str) -> str:
    """Which language the script alone tells, if a third of the letters are in it; "" for Latin and the rest."""
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    if max(arabic, cyrillic) * 3 < len(letters) or not letters:
        return ""
    return "ar" if arabic >= cyrillic else "ru"


@cache
def _common() -> dict[str, frozenset[str]]:
    return {known.code: frozenset(folded(" ".join(known.common)).split()) for known in VOCABULARIES}
