"""Reads a table of contacts from a file: its columns recognised, its cells as they were before an export."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.adapters.tables import Row, read_table, unguard
from outreach.domain.contact_columns import HeaderMap, map_header


@dataclass(frozen=True, slots=True)
class ContactTable:
    """A table of contacts that is being read; ``rows`` can be run through once.

    ``expected_rows`` is about how many will come; ``notices`` are sentences about the whole file.
    """

    header: HeaderMap
    rows: Iterator[Row]
    expected_rows: int
    notices: tuple[str, ...]


def read_contacts(path: Path, columns: Mapping[str, str] | None = None) -> ContactTable:
    """The contacts in a CSV or XLSX file; ``columns`` names fields for columns, as ``--map`` does.

    In CSV the apostrophe is taken off that keeps a spreadsheet from computing a cell. Raises InvalidInput when
    the file as a whole cannot be used, or its columns are not understood.
    """
    table = read_table(path)
    header = map_header(table.header, columns)
    rows = table.rows if zipfile.is_zipfile(path) else _unguarded(table.rows)
    return ContactTable(header, rows, table.expected_rows, table.notices)


def _unguarded(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        guarded = "'" in "".join(row.cells)  # to look at each cell would take longer than all that is done with it
        yield replace(row, cells=tuple(map(unguard, row.cells))) if guarded else row
