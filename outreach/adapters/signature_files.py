"""Reads signatures from a file: a table with a column for each answer, or a list of names as it was printed."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from outreach.adapters.csv_files import OLD_ENCODING, OLD_ENCODING_NOTICE, encoding_of
from outreach.adapters.tables import Row, Table, read_table, refuse_other_kinds, unguard
from outreach.domain.errors import InvalidInput
from outreach.domain.lists.printed_lists import read_printed_list
from outreach.domain.lists.signature_columns import PRINTED, Field, SignatureHeader, map_header
from outreach.domain.lists.submission_times import day_order_of

LARGEST_LIST: Final = 16 * 1024 * 1024
"""Bytes of a printed list, which is read as a whole."""
LONGEST_LINE: Final = 2_000
"""Characters of one name; longer is running text."""
_PRINTED_SUFFIXES: Final = (".txt", ".text")


@dataclass(frozen=True, slots=True)
class SignatureTable:
    """Signatures that are being read; ``rows`` can be run through once.

    ``expected_rows`` is about how many will come; ``notices`` are sentences about the whole file.
    """

    header: SignatureHeader
    rows: Iterator[Row]
    expected_rows: int
    notices: tuple[str, ...]


def read_signatures(path: Path, columns: Mapping[str, str] | None = None) -> SignatureTable:
    """The signatures in a CSV or XLSX file, or the names in a .txt file that was copied out of a printed letter.

    ``columns`` names fields for columns, as ``--map`` does. In CSV the apostrophe is taken off that keeps a
    spreadsheet from computing a cell. Raises InvalidInput when the file as a whole cannot be used, or its columns
    are not understood.
    """
    if _is_printed(path):
        if columns:
            raise InvalidInput(f"{path.name} is read as a list of names, one a line: it has no columns for --map.")
        return _printed(path)
    table = read_table(path)
    header = map_header(table.header, columns)
    if Field.SUBMITTED in header.fields:
        place = header.fields[Field.SUBMITTED]
        # The whole column is needed before its first date can be read: hence a second look at the file.
        header = replace(header, day_order=day_order_of(row.cells[place] for row in _whole(path)))
    return SignatureTable(header, _cells(path, table), table.expected_rows, table.notices)


def _whole(path: Path) -> Iterator[Row]:
    return (row for row in read_table(path).rows if not row.problem)


def _cells(path: Path, table: Table) -> Iterator[Row]:
    if zipfile.is_zipfile(path):
        return table.rows
    return (replace(row, cells=tuple(map(unguard, row.cells))) for row in table.rows)


def _is_printed(path: Path) -> bool:
    named_so = path.suffix.lower() in _PRINTED_SUFFIXES and path.is_file()
    return named_so and not zipfile.is_zipfile(path) and not _is_table(path)


def _is_table(path: Path) -> bool:
    """Whether the first line names columns, separated by tabs, as in Excel's "Unicode Text"."""
    try:
        header = read_table(path).header
        return len(header) > 1 and len(map_header(header).fields) > 1
    except InvalidInput:
        return False


def _printed(path: Path) -> SignatureTable:
    try:
        if (size := path.stat().st_size) > LARGEST_LIST:
            raise InvalidInput(
                f"{path.name} has {size >> 20} MB; a list of names has {LARGEST_LIST >> 20} at most."
            )
        refuse_other_kinds(path)
        encoding = encoding_of(path)
        text = path.read_text(encoding)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from None
    found = read_printed_list(text)
    if not found.names:
        raise InvalidInput(f"{path.name} is empty: it should hold one name on each line.")
    notices = (OLD_ENCODING_NOTICE,) if encoding == OLD_ENCODING else ()
    rows = (Row(name.line, (name.name,), problem=_fault(name.name)) for name in found.names)
    return SignatureTable(PRINTED, rows, len(found.names), (*notices, *map(str, found.problems)))


def _fault(name: str) -> str:
    return f"has {len(name):,} characters, which is no name" if len(name) > LONGEST_LINE else ""
