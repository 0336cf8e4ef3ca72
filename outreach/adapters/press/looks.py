"""How each paragraph of an office document looks, the same for Word and for LibreOffice."""

from dataclasses import dataclass
from typing import Final

from outreach.adapters.press import pandoc

# Fonts that every office program has, or has one of the same widths for; they know Arabic and Hebrew letters.
TEXT_FONT: Final = "Times New Roman"
HEADING_FONT: Final = "Arial"
CODE_FONT: Final = "Courier New"

INK: Final = "000000"
FAINT: Final = "5D574C"
ACCENT: Final = "0B5C63"

MARGIN: Final = 25
"""The page's margins, in millimetres."""
BETWEEN_COLUMNS: Final = 9
"""In millimetres."""

APART: Final = 14
"""Between the letter and what stands above and below it, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One paragraph's look; sizes and spaces in points. ``kept``: on the same page as what follows it."""

    size: float = 11.5
    font: str = TEXT_FONT
    bold: bool = False
    before: float = 0
    after: float = 0
    kept: bool = False
    colour: str = INK


def _heading(size: float, before: float, after: float) -> Look:
    return Look(size=size, font=HEADING_FONT, bold=True, before=before, after=after, kept=True)


LOOKS: Final = {
    "Heading 1": _heading(14, 16, 6),
    "Heading 2": _heading(11.5, 12, 5),
    "Heading 3": _heading(11, 10, 4),
    "Heading 4": _heading(11, 10, 4),
    "Heading 5": _heading(11, 10, 4),
    "Block Text": Look(before=4, after=8),
    pandoc.TITLE: _heading(20, 0, 8),
    pandoc.LETTERHEAD: Look(size=10, after=14, kept=True, colour=FAINT),
    pandoc.MARK: Look(bold=True, after=8, kept=True),
    pandoc.ADDRESSEE: Look(after=4, kept=True),
    pandoc.COLOPHON: Look(size=9, after=3, kept=True, colour=FAINT),
    pandoc.COUNT: Look(after=6, kept=True),
    pandoc.SIGNATORY: Look(size=10, after=3.5),
    pandoc.SENDER: Look(size=13, font=HEADING_FONT, bold=True, colour=ACCENT),
    pandoc.CONTACT: Look(size=8.5),
    pandoc.ADDRESS: Look(size=10.5),
    pandoc.BESIDE: Look(size=10),
    pandoc.REFERENCE: Look(size=10, after=2, kept=True, colour=FAINT),
    pandoc.SUBJECT: Look(size=13, font=HEADING_FONT, bold=True, before=10, after=8, kept=True),
    pandoc.COPY: Look(size=10, after=2),
}
"""By the name of the style; each office program has its own names for the letter's paragraphs."""

PARAGRAPH: Final = Look(after=8)
TIGHT: Final = Look(after=6)


def hanging(figures: int) -> float:
    """How far a name is indented after a number of so many figures, in points."""
    return 10.0 + 5.2 * figures
