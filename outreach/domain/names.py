"""Names and free text as people type them, made safe to show in a header, a page, a list and a log."""

import re
import unicodedata

NAME_LIMIT = 200
"""The longest name, in graphemes."""
MARKS_IN_A_ROW = 4
"""More accents than this on one letter are not writing; the rest are cut."""
STACK_IN_A_ROW = 10
"""Scripts that stack letters and vowels (Tibetan, Burmese) need more, of the kind that is no accent."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f"
_UNSEEN = "\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u3164\uffa0\U000e0000-\U000e007f"
_STRIPPED = re.compile(f"[{_BIDI}{_UNSEEN}]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = re.compile("[\u200c\u200d]+")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_UNMARKED = re.compile(r"[\w\s!-/:-@\u2010-\u2027]*")
"""Letters, digits, spaces and usual punctuation: nothing that is set upon a letter (no mark is alphanumeric)."""
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_KEPT_SPACES = frozenset("\u00a0\u202f\u3000")
_EDGE_PUNCTUATION = " .,;:·•*_-–—'\"`´’‘“”„«»‹›"
_UNJOINED_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "DIGIT")

_ADDRESS = re.compile(r"[^\s@<>]@[^\s@<>]+\.[^\s@<>.]{2}")
_LINK = re.compile(
    r"https?:|\bwww\.|\b(?:t|wa|telegram)\.me/|\bbit\.ly/"
    r"|[\w-]\.(?:[a-z]{2}|com|org|net|info|link|xyz|app|dev|site|online|shop|top|club|biz)/\S",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[+\d][\d\s().\-/]{6,}")
_DIGITS_OF_A_PHONE = 9


def clean_line(text: str, limit: int = NAME_LIMIT) -> str:
    """One line of at most ``limit`` graphemes, in NFC, trimmed; "" when nothing visible is left.

    Control characters and line separators become one space. Marks that turn the writing direction, and
    characters that nobody sees, are stripped; joiners stay between letters of scripts that need them.
    Everything else is kept as it was typed.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:limit].rstrip()
    seen = _SURROGATES.sub("\ufffd", _STRIPPED.sub("", text))
    joined = _JOINERS.sub(_joiner, seen)
    spaced = _SPACES.sub(_space, joined).strip()
    return unicodedata.normalize("NFC", _cut(unicodedata.normalize("NFC", spaced), limit)).strip()


def clean_text(text: str, limit: int) -> str:
    """Like clean_line, but line ends stay, as newlines, with at most one empty line between paragraphs."""
    lines = (clean_line(line, len(line) + 1) for line in _LINE_ENDS.split(text))
    joined = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return _cut(joined, limit).strip()


def name_key(text: str) -> str:
    """What makes two names the same organisation on import, and nothing cleverer.

    NFKC and casefold, white space collapsed, punctuation at both ends dropped (a name of nothing but
    punctuation stays as it is). Accents stay: they tell names apart. Likeness beyond this is for a person to judge.
    """
    folded = unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", clean_line(text, len(text) + 1)).casefold()
    )
    spaced = " ".join(_JOINERS.sub("", folded).split())
    return spaced.strip(_EDGE_PUNCTUATION) or spaced


def looks_like_address(text: str) -> bool:
    """Whether something in the text reads as a mail address; "Women@Work" does not, for want of a domain."""
    return "@" in (plain := unicodedata.normalize("NFKC", text)) and _ADDRESS.search(plain) is not None


def has_contact_details(text: str) -> bool:
    """Whether a link, a phone number or an address stands in the text. A bare "350.org" is a name, no link."""
    plain = unicodedata.normalize("NFKC", text)
    if _LINK.search(plain) or looks_like_address(plain):
        return True
    return any(_is_phone(found.group()) for found in _NUMBERS.finditer(plain))


def _is_phone(run: str) -> bool:
    digits = sum(character.isdigit() for character in run)
    return digits >= _DIGITS_OF_A_PHONE - run.startswith("+")


def _space(found: re.Match[str]) -> str:
    """A no-break or ideographic space that stands alone was meant; any other white space is one space."""
    return found.group() if found.group() in _KEPT_SPACES else " "


def _joiner(found: re.Match[str]) -> str:
    """One joiner where a letter or sign is on either side (Persian, Indic scripts, emoji); nothing elsewhere."""
    text, start, end = found.string, found.start(), found.end()
    if start == 0 or end == len(text):
        return ""
    before, after = text[start - 1], text[end]
    joins = unicodedata.category(before)[0] in "LMS" and unicodedata.category(after)[0] in "LMS"
    plain = unicodedata.name(before, "").startswith(_UNJOINED_SCRIPTS)
    return found.group()[0] if joins and not plain else ""


def _cut(text: str, limit: int) -> str:
    """At most ``limit`` base characters, each with no more marks than writing needs."""
    if len(text) <= limit and _UNMARKED.fullmatch(text):
        return text
    kept: list[str] = []
    bases = accents = marks = 0
    for character in text:
        if unicodedata.category(character)[0] == "M":
            accents += unicodedata.combining(character) > 0 or unicodedata.category(character) == "Me"
            marks += 1
            if accents > MARKS_IN_A_ROW or marks > STACK_IN_A_ROW:
                continue
        else:
            bases, accents, marks = bases + 1, 0, 0
            if bases > limit:
                break
        kept.append(character)
    return "".join(kept)
