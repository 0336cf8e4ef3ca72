"""Letters of different scripts, and digits, that look the same on paper: who signs as another's twin."""

import unicodedata
from typing import Final

from outreach.domain.desk.name_words import without_accents

# After the confusables of UTS #39, reduced to the scripts in which whole names can be imitated: each letter with
# the Latin one it is drawn like.
_PAIRS: Final = (
    "аaвbеeёeкkмmнhоoпnрpсcтtуyхxіiїiјjѕsԁdԛqԝwһhӏlгrАAВBЕEЁEЗ3КKМMНHОOРPСCТTУYХXІIЇIЈJЅSԚQԜWҮYӀI"
    "αaβbγyεeηnιiκkνvοoρpσoτtυuχxωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹCϲcϳj"
    "օoոnսuհhցgզqյjքpԱUՏSՕOԼLՍUՈN"
    "ɑaɡgıiȷjʀrɩiℓlǀlꓲIᴀaʙbᴄcᴅdᴇeᴍmɴnᴏoᴘpᴛtᴜuᴠvᴡwᴢz"
)
_DIGITS: Final = str.maketrans("01|i35", "ollles")
_DRAWN: Final = str.maketrans({_PAIRS[at]: _PAIRS[at + 1] for at in range(0, len(_PAIRS), 2)})
_IMITATING: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def skeleton(text: str) -> str:
    """What the text looks like, in Latin letters without case, accents, spaces and punctuation.

    Two texts with one skeleton may be taken for each other (UTS #39, 4). Digits count as the letters they pass for
    only beside letters: "0xfam" is "Oxfam", and "1325" is no word.
    """
    drawn = unicodedata.normalize("NFKC", text).translate(_DRAWN).casefold()
    bare = without_accents(drawn).translate(_DRAWN)
    return "".join(_as_letters(word) for word in bare.split()).replace("rn", "m").replace("vv", "w")


def mixes_scripts(text: str) -> bool:
    """Whether a word mixes alphabets that can imitate each other, or passes for Latin among Latin words.

    UTS #39, 5.1, reduced to Latin, Cyrillic, Greek, Armenian and Cherokee: Latin beside Japanese is common writing.
    """
    words = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", text)).split()
    scripts = [{_script(c) for c in word if c.isalpha()} & set(_IMITATING) for word in words]
    if any(len(found) > 1 for found in scripts):
        return True
    latin = any(found == {"LATIN"} for found in scripts)
    return latin and any(
        found and "LATIN" not in found and _passes_for_latin(word)
        for word, found in zip(words, scripts, strict=True)
    )


def _as_letters(word: str) -> str:
    bare = "".join(c for c in word if c.isalnum() or c == "|" or unicodedata.category(c)[0] == "M")
    return bare if bare.isdecimal() else bare.translate(_DIGITS)


def _passes_for_latin(word: str) -> bool:
    return len(word) > 1 and word.translate(_DRAWN).isascii()


def _script(character: str) -> str:
    return unicodedata.name(character, "?").split()[0]
