"""Octets to text, whatever the mail says their charset is, and even if what it says is wrong."""

import codecs
import re
import unicodedata

_READ_AS = {
    "": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-8": "utf-8",
    "cp-850": "cp850",
    "x-mac-roman": "mac-roman",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
"""A declared charset and what it is read as; as in the WHATWG's Encoding Standard, the wider of two is taken."""
_WIDER = {
    "iso-8859-15": "windows-1252",
    "iso-8859-2": "windows-1250",
    "iso-8859-5": "windows-1251",
    "iso-8859-6": "windows-1256",
    "iso-8859-9": "windows-1254",
}
"""What a text is in that claims an ISO charset but has curly quotes and dashes where that has controls."""
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_GUESSED = ("windows-1252", "windows-1251", "koi8-r", "windows-1256")
_NO_TEXT = {
    "base64",
    "hex",
    "quopri",
    "rot13",
    "uu",
    "zlib",
    "bz2",
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
}
_COMMON = {
    "windows-1251": frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф"),
    "koi8-r": frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф"),
    "windows-1256": frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ"),
    "windows-1252": frozenset("éèêëàâäáãåçîïíñôöóõòûüúùÿßæøœ"),
}
_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MIXED_UP = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")
_MANY_STRANGE = 0.4
"""Beyond this share of letters outside ASCII, a text is hardly in a Western language."""


def decoded(octets: bytes, declared: str) -> str:
    """The text that the octets hold; never raises, and a declared charset is believed only if it fits.

    What is UTF-8 is read as UTF-8, for nothing else comes out so by chance. Otherwise the declared charset counts,
    unless the outcome would be no writing; then the likeliest of the charsets of our seven languages is taken.
    """
    for mark, charset in _MARKED:
        if octets.startswith(mark):
            return octets.decode(charset, "replace").lstrip("\ufeff")
    if _is_stateful(declared):
        return octets.decode(_codec(declared) or "utf-8", "replace")
    if (text := _strictly(octets, "utf-8")) is not None:
        return text
    charset = _codec(declared)
    text = _strictly(octets, charset) if charset not in ("", "utf-8") else None
    if text is not None and charset in _WIDER and _CONTROLS.search(text):
        text = octets.decode(_WIDER[charset], "replace")
    if text is not None and not (charset == "windows-1252" and _strange(text)):
        return text
    if charset == "utf-8" and _mostly_utf8(octets):
        return octets.decode("utf-8", "replace")
    return octets.decode(_guess(octets), "replace")


def _is_stateful(declared: str) -> bool:
    """Whether ASCII octets may mean something else in that charset (ISO 2022, UTF-7, HZ)."""
    return declared.lower().startswith(("iso-2022", "utf-7", "hz", "utf-16"))


def _codec(declared: str) -> str:
    """The codec for a declared charset; "" if it is none that decodes text."""
    name = declared.strip().strip("\"'").lower()
    name = _READ_AS.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return "" if found.name.replace("-codec", "") in _NO_TEXT else name


def _strictly(octets: bytes, charset: str) -> str | None:
    """The text if every octet has a meaning in the charset; the five gaps of windows-1252 are forgiven."""
    try:
        return octets.decode(charset, "replace" if charset == "windows-1252" else "strict")
    except (UnicodeError, LookupError, ValueError):
        return None


def _mostly_utf8(octets: bytes) -> bool:
    """A broken octet or two in what is UTF-8 otherwise, as when a text was cut at a number of bytes."""
    text = octets.decode("utf-8", "replace")
    strange = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") * 4 <= strange


def _strange(text: str) -> bool:
    """Whether hardly a letter is ASCII, as when Cyrillic or Arabic octets are read as a Western charset."""
    sample = text[:4000]
    letters = sum(character.isalpha() for character in sample)
    foreign = sum(character > "\x7f" and character.isalpha() for character in sample)
    return letters > 0 and foreign / letters > _MANY_STRANGE


def _guess(octets: bytes) -> str:
    """The charset in which most of the strange letters are common ones of a language, and in lower case."""
    sample = octets[:4000]
    return max(_GUESSED, key=lambda charset: _score(sample.decode(charset, "replace"), _COMMON[charset]))


def _score(text: str, common: frozenset[str]) -> float:
    """The share of the characters outside ASCII that are common letters; capitals inside a word count against."""
    strange = [character for character in text if character > "\x7f"]
    if not strange:
        return 0.0
    good = sum(character in common for character in strange)
    capitals = sum(character.lower() in common and character.isupper() for character in strange)
    odd = sum(unicodedata.category(character)[0] in "SC" for character in strange)
    return (good + 0.5 * capitals - odd) / len(strange)


def repaired(text: str) -> str:
    """The text with UTF-8 that was once read as Western (``Ã©``) read rightly; else the text as it is."""
    if len(_MIXED_UP.findall(text[:20_000])) < 2:  # noqa: PLR2004  one may be a coincidence
        return text
    try:
        return text.encode("windows-1252").decode("utf-8")
    except (UnicodeError, ValueError):
        return text
