"""What a table read from a file is: a header, and rows that come one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_COLUMNS: Final = 500
LONGEST_CELL: Final = 32_767
"""Characters in a cell: what a spreadsheet can hold."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its spreadsheet numbers it (the header is mostly row 1), with as many cells as the header.

    ``problem``: why the row cannot be used, as the end of a sentence; ``oddity``: what a person should look at
    though the row can be used. Cells are as the file has them; ``tables.unguard`` takes off what an export put on.
    """

    number: int
    cells: tuple[str, ...]
    problem: str = ""
    oddity: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read. ``rows`` can be run through once; blank rows are left out.

    ``expected_rows`` is about how many rows will come, for a progress bar. ``notices`` are sentences about the
    whole file that a person should see.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    expected_rows: int
    notices: tuple[str, ...] = ()
