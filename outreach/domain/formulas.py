"""Texts that a spreadsheet would compute, and the apostrophe that keeps it from doing so."""

import re
from typing import Final

_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_GUARDED: Final = re.compile(f"'+(?:{_FORMULA.pattern})")
_GUARDABLE: Final = re.compile(f"'*(?:{_FORMULA.pattern})")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for something to compute."""
    return _FORMULA.match(cell) is not None


def guard(cell: str) -> str:
    """The cell as text for a CSV file: what begins like a formula gets an apostrophe (OWASP ASVS 5.0, 1.2.10).

    So does what begins with an apostrophe before such a sign, so that ``unguard`` gives back what was there.
    """
    return f"'{cell}" if _GUARDABLE.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from computing it; any other cell as it is."""
    return cell[1:] if _GUARDED.match(cell) else cell
