"""Reads tables of officials and of facts from files: columns recognised, cells as they were before an export."""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.adapters.tables import Row, read_table, unguard
from outreach.domain.officials.columns import Columns, map_facts, map_officials


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """A table about officials that is being read; ``rows`` can be run through once.

    ``expected_rows`` is about how many will come; ``notices`` are sentences about the whole file.
    """

    columns: Columns
    rows: Iterator[Row]
    expected_rows: int
    notices: tuple[str, ...]


def read_officials(path: Path, columns: Mapping[str, str] | None = None) -> OfficialTable:
    """The posts and their holders in a CSV or XLSX file; ``columns`` names fields for columns, as ``--map`` does.

    Raises InvalidInput when the file as a whole cannot be used, or its columns are not understood.
    """
    return _read(path, columns, map_officials)


def read_facts(path: Path, columns: Mapping[str, str] | None = None) -> OfficialTable:
    """The facts in a CSV or XLSX file. Raises InvalidInput as ``read_officials`` does."""
    return _read(path, columns, map_facts)


def _read(
    path: Path,
    columns: Mapping[str, str] | None,
    mapped: Callable[[Sequence[str], Mapping[str, str] | None], Columns],
) -> OfficialTable:
    table = read_table(path)
    found = mapped(table.header, columns)
    rows = table.rows if zipfile.is_zipfile(path) else _unguarded(table.rows)
    return OfficialTable(found, rows, table.expected_rows, table.notices)


def _unguarded(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        yield replace(row, cells=tuple(map(unguard, row.cells)))
