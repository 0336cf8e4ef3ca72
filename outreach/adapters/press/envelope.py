"""Where an address stands to show in a window envelope (DL; DIN 5008, form B); all in millimetres."""

from collections.abc import Sequence
from math import ceil
from typing import Final, NamedTuple


class Place(NamedTuple):
    """A place on the first page, from the corner of the sheet."""

    left: float
    top: float
    width: float
    height: float


LETTERHEAD: Final = Place(25, 14, 160, 18)
BESIDE: Final = Place(125, 62.7, 60, 12)
"""The date and our reference, at the side of the address."""

BODY_TOP: Final = 98.5
FOLDS: Final = (105.0, 210.0)
HOLE: Final = 148.5
MARK_LEFT: Final = 3.5
FOLD_LENGTH, HOLE_LENGTH = 5.0, 7.0

_LEFT, _WIDTH, _BOTTOM = 25.0, 80.0, 90.0
_LOW, _HIGH = 62.7, 46.0
_SIZES: Final = (10.5, 9.0, 8.0, 7.0)
_LETTER: Final = 0.44
"""How wide a letter is, of the size; office programs measure for themselves, so this is only what is likely."""
_ROW: Final = 1.2
_POINT: Final = 25.4 / 72


def address_place(lines: Sequence[str]) -> tuple[Place, float]:
    """Where an address stands, and its size in points: six rows in the lower part, more from higher up."""
    for size in _SIZES:
        rows = sum(ceil(max(len(line), 1) * size * _LETTER * _POINT / _WIDTH) for line in lines)
        height = rows * size * _ROW * _POINT
        if height <= _BOTTOM - _HIGH:
            break
    top = _LOW if height <= _BOTTOM - _LOW else _HIGH
    return Place(_LEFT, top, _WIDTH, _BOTTOM - top), size


def marks() -> tuple[Place, ...]:
    """The lines at the left edge at which a sheet is folded, and the one at which it is punched."""
    return (
        Place(MARK_LEFT, FOLDS[0], FOLD_LENGTH, 0),
        Place(MARK_LEFT, HOLE, HOLE_LENGTH, 0),
        Place(MARK_LEFT, FOLDS[1], FOLD_LENGTH, 0),
    )
