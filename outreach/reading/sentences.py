"""Text made comparable: folded for matching, cut into sentences, and patterns that match within one sentence."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST_READ = 12_000
"""Characters of new text that are searched for what it wants; who wants something says so before."""
LONGEST_SENTENCE = 600
MOST_SENTENCES = 150
_LONG_LINE = 55
"""A line of fewer characters was ended by the person, a longer one perhaps by the mail program."""

_UNSEEN: Final = re.compile("[\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES: Final = str.maketrans("’‘ʼ´`′‛＇“”„«»‹›", "''''''''\"\"\"\"\"\"\"", "")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_SPACES: Final = re.compile(r"\s+")
_ENDS: Final = re.compile(r"(?<=[.!?؟。…;؛])[\"')\]]*\s+|\n+")
_ABBREVIATED: Final = re.compile(r"(?:\b(?:dr|mr|mrs|ms|m|mme|sr|sra|st|no|nr|e|z|b|v|u|a|d|h|p|г|т|д|им)\.)$")


def folded(text: str) -> str:
    """The text for matching: no case, no accents, one kind of apostrophe, quotation mark, dash and space.

    NFKC, casefold, then every combining mark goes (Arabic vowels, hamza and madda above too), with the tatweel and
    marks of direction; Arabic alef maksura is ya, ta marbuta is ha; Russian yo is ye, short i is i. Line ends stay.
    """
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().translate(_APOSTROPHES)
    marked = unicodedata.normalize("NFD", _DASHES.sub("-", plain))
    bare = "".join(character for character in marked if unicodedata.category(character) != "Mn")
    return bare.replace("ى", "ي").replace("ة", "ه")


_CLASS: Final = re.compile(r"\\([WSD])")
_KEPT: Final = re.compile("[\x01\x02\x03]")


def folded_pattern(source: str) -> str:
    r"""A regular expression over folded text, its words folded, its classes (\W, \S, \D) as they were."""
    kept = _CLASS.sub(lambda found: "\x01\x02\x03"["WSD".index(found.group(1))], source)
    return _KEPT.sub(lambda found: "\\" + "WSD"["\x01\x02\x03".index(found.group())], folded(kept))


def one_line(text: str) -> str:
    """The folded text with every white space as one space."""
    return _SPACES.sub(" ", folded(text)).strip()


def sentences(text: str) -> tuple[str, ...]:
    """The folded sentences of a text, lines that a program broke joined, with their closing marks."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", folded(text[:LONGEST_READ])):
        found.extend(_of_paragraph(paragraph))
        if len(found) >= MOST_SENTENCES:
            break
    return tuple(found[:MOST_SENTENCES])


def _of_paragraph(paragraph: str) -> list[str]:
    joined = ""
    for line in paragraph.split("\n"):
        bare = line.strip()
        joined += bare + (" " if len(bare) >= _LONG_LINE else "\n")
    found: list[str] = []
    for piece in _ENDS.split(joined):
        bare = _SPACES.sub(" ", piece).strip()
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] += f" {bare}"
        elif bare:
            found.append(bare[:LONGEST_SENTENCE])
    return [sentence[:LONGEST_SENTENCE] for sentence in found]


_POLITE: Final = re.compile(
    folded(
        r"\b(?:please|pls|kindly|thanks?|thank you|thx|por favor|gracias|bitte|danke|vielen dank|"
        r"s'il (?:vous|te) plaît|svp|stp|merci|obrigad[oa]|пожалуйста|спасибо|من فضلكم|لو سمحتم|رجاء|شكرا)(?!\w)"
    )
)


def bare(text: str) -> str:
    """A folded text of a few words without courtesy and the punctuation around and between."""
    return _SPACES.sub(" ", _POLITE.sub(" ", text)).strip(" .,;:!?*\"'-_()[]<>/؟،؛")


@lru_cache(maxsize=512)
def pattern(phrases: tuple[str, ...], *, whole_words: bool = True) -> re.Pattern[str]:
    r"""Phrases as one pattern for folded sentences; what no text can match if there are none.

    A phrase is written as the language writes it, accents and all. " ... " stands for up to 50 characters within a
    clause, " .... " for up to 80 within the sentence; otherwise it is a regular expression.
    """
    if not phrases:
        return re.compile(r"(?!)")
    edge = r"\b" if whole_words else ""
    source = "|".join(map(folded_pattern, phrases))
    source = source.replace(" .... ", rf"{edge}[^.!?]{{0,80}}?{edge}").replace(
        " ... ", rf"{edge}[^,;:.!?()]{{0,50}}?{edge}"
    )
    return re.compile(rf"(?:(?<!\w)|(?='))(?:{source})(?!\w)" if whole_words else source)
