"""The console's sentences in the reader's language, from gettext catalogues."""

import io
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "locale"
SPOKEN = ("en", "fr", "es")
"""English stands in the sources; the others are catalogues."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A language of the console, and its sentences."""

    language: str
    translations: NullTranslations


@cache
def speech_for(language: str) -> Speech:
    """The console in that language; in English where there is no catalogue of it."""
    spoken = language.partition("-")[0].lower()
    path = CATALOGUES / f"{spoken}.po"
    if spoken not in SPOKEN or not path.exists():
        return Speech("en", NullTranslations())
    with path.open("rb") as file:
        catalogue = read_po(file, locale=spoken)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Speech(spoken, GNUTranslations(compiled))
