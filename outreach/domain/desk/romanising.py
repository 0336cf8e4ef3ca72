"""Names in Cyrillic, Greek, Arabic and Hebrew letters, as they are written in Latin ones."""

import re
from typing import Final

from outreach.domain.desk.name_words import without_accents

_CYRILLIC: Final = (
    "а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh "
    "щ shch ъ - ы y ь - э e ю yu я ya і i ї i є e ґ g ђ dj ј j љ lj њ nj ћ c џ dz ў u"
)
_GREEK: Final = (
    "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ kh ψ ps ω o"
)
_ARABIC: Final = (
    "ا a أ a إ i آ a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع - غ gh ف f ق q ك k ل l "
    "م m ن n ه h ة a و w ي y ى a ء - ؤ w ئ y پ p چ ch ژ zh گ g ک k ی y"
)
_HEBREW: Final = (
    "א - ב b ג g ד d ה h ו v ז z ח h ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע - פ p ף p צ ts ץ ts ק k ר r ש sh ת t"
)


def _table(*rows: str) -> dict[str, str]:
    words = " ".join(rows).split()
    return {letter: latin.strip("-") for letter, latin in zip(words[::2], words[1::2], strict=True)}


_LETTERS: Final = str.maketrans(_table(_CYRILLIC, _GREEK, _ARABIC, _HEBREW))
_FOREIGN: Final = re.compile("[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff]")
_UNVOWELLED: Final = re.compile("[\u0590-\u06ff]")
_ARTICLE: Final = re.compile("^ال(?=...)")
_LATIN_ARTICLES: Final = frozenset(("al", "el", "ul", "ad", "ash", "ar", "an", "as", "at", "az", "ha"))

# Sounds that one romanisation writes so and another otherwise fall together; longer spellings first.
_SOUND_PAIRS: Final = (
    "shch s sch s sh s zh s ts s tz s kh k gh k ch k ck k th t dh t ph p ks k x k v b f p d t z s c s g k q k"
)
_SOUNDS: Final = tuple(zip(_SOUND_PAIRS.split()[::2], _SOUND_PAIRS.split()[1::2], strict=True))
_VOWELS: Final = re.compile("[aeiouywjh]")
_TWICE: Final = re.compile(r"(.)\1+")


def is_foreign(text: str) -> bool:
    """Whether the text has letters that this room can bring into Latin ones."""
    return _FOREIGN.search(text) is not None


def lacks_vowels(text: str) -> bool:
    """Whether the script leaves most vowels to the reader, as Arabic and Hebrew do."""
    return _UNVOWELLED.search(text) is not None


def romanised(text: str) -> str:
    """The text in small Latin letters without accents, by one of the usual tables; other scripts stay."""
    bare = without_accents(text.casefold())
    return " ".join(_ARTICLE.sub("", word).translate(_LETTERS) for word in bare.split())


def consonants(text: str) -> str:
    """The bones of a name: its consonants, those that romanisations confuse as one, without articles.

    Two names with nearly the same bones may be one name in two scripts. That is a guess for a person to judge.
    """
    words = re.split(r"[\W_]+", romanised(text))
    return "".join(_bones(word) for word in words if word not in _LATIN_ARTICLES)


def _bones(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return _VOWELS.sub("", _TWICE.sub(r"\1", word))
