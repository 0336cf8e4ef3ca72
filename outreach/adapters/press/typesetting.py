"""Sets a manuscript as a PDF (typst): tagged, with its fonts in it, the same bytes for the same words."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from outreach.adapters.press.child import Conversation
from outreach.ports.press import Manuscript, PressTrouble

# Fonts that come with the program stand first, so that the same letter looks the same on every machine. The
# machine's own fonts are for the scripts that none of these has.
_SCRIPTS: Final = (
    "Amiri",
    "Frank Ruhl Libre",
    "Noto Sans Devanagari",
    "Noto Sans Khmer",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Thai",
)
_SERIF: Final = ("Noto Serif", *_SCRIPTS)
_SANS: Final = ("Noto Sans", *_SCRIPTS)

_HERE: Final = Path(__file__).parent
_UNPRINTABLE: Final = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_]([A-Za-z]{2}))?(?:[-_].*)?")
_MOST_NAMED: Final = 5

_PACKAGES: Final = (
    (
        "fonts-noto-cjk",
        ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "FULLWIDTH", "IDEOGRAPHIC", "HALFWIDTH"),
    ),
    ("fonts-noto-core", ("",)),
)
_EMOJI: Final = "fonts-noto-color-emoji"


def typeset_pdf(manuscript: Manuscript, *, book: bool, seconds: float) -> bytes:
    """A PDF/UA-1 (ISO 14289-1) of the manuscript.

    PressTrouble: no font on this machine has a letter that is needed; it names the texts and the packages.
    """
    (done,) = typeset_pdfs([manuscript], book=book, seconds=seconds)
    if isinstance(done, PressTrouble):
        raise done
    return done


def typeset_pdfs(
    manuscripts: Iterable[Manuscript], *, book: bool, seconds: float
) -> Iterator[bytes | PressTrouble]:
    """The same for many, one after another in one process: its fonts are looked up once. Each has its own time."""
    command = [sys.executable, "-I", str(_HERE / "typst_child.py")]
    with Conversation(command, seconds) as press:
        for manuscript in manuscripts:
            yield _typeset(press, manuscript, book=book)


def _typeset(press: Conversation, manuscript: Manuscript, *, book: bool) -> bytes | PressTrouble:
    order = {
        "template": str(_HERE / "letter.typ"),
        "font_paths": _font_folders(),
        "sheet": {
            "manuscript": asdict(manuscript),
            "book": book,
            "serif": _SERIF,
            "sans": _SANS,
            "language": _language(manuscript.language)[0],
            "region": _language(manuscript.language)[1],
        },
    }
    try:
        done, content = press.ask(json.dumps(order).encode())
    except PressTrouble as trouble:
        return trouble
    return content if done else _trouble(manuscript, content.decode("utf-8", "replace"))


@cache
def _font_folders() -> list[str]:
    """Where the fonts lie that come as packages of Python."""
    specs = (find_spec(point.value) for point in entry_points(group="fontpkg.family"))
    places = (place for spec in specs if spec for place in spec.submodule_search_locations or ())
    return sorted(str(Path(place) / "files") for place in places)


def _language(tag: str) -> tuple[str, str | None]:
    """A language tag as typst wants it: the language, and the country or None."""
    found = _LANGUAGE.fullmatch(tag)
    return (found[1].lower(), found[2] and found[2].upper()) if found else ("en", None)


def _trouble(manuscript: Manuscript, diagnostic: str) -> PressTrouble:
    missing = {letter for text in _UNPRINTABLE.findall(diagnostic) for letter in _unescaped(text)}
    if not missing:
        last = diagnostic.strip().partition("\n")[0]
        return PressTrouble(f"The PDF could not be made: {last or 'the press ended without a word'}.")
    where = [f"“{text}”" for text in _texts(manuscript) if missing & set(text)]
    more = f" and {len(where) - _MOST_NAMED} more" if len(where) > _MOST_NAMED else ""
    packages = " and ".join(sorted({_package(letter) for letter in missing}))
    return PressTrouble(
        f"No font on this machine has all letters of {', '.join(where[:_MOST_NAMED])}{more}."
        f" Install the fonts for them (on Debian: apt install {packages}) and try again."
    )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _texts(manuscript: Manuscript) -> Iterator[str]:
    """All that is printed, a line at a time; the names first."""
    for section in manuscript.sections:
        yield from (name.line for name in section.names)
    yield from (manuscript.title, *manuscript.heading, manuscript.author)
    yield from _strings(asdict(manuscript)["body"])


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for key in ("text", "line", "inside") for text in _strings(value.get(key)))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Iterable):
        for item in value:
            yield from _strings(item)


def _package(letter: str) -> str:
    """The Debian package that has a font with the letter."""
    if unicodedata.category(letter) == "So":
        return _EMOJI
    name = unicodedata.name(letter, "")
    return next(package for package, beginnings in _PACKAGES if name.startswith(beginnings))
