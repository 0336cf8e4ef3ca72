"""XLSX files, read by calamine after a look at what they would unpack to."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Final

from outreach.adapters.table_rows import MOST_COLUMNS, Row, Table
from outreach.domain.errors import InvalidInput

LARGEST_UNPACKED: Final = 512 * 1024 * 1024
"""Bytes of all parts together."""
MOST_CELLS: Final = 20_000_000
"""Rows times columns: the sheet is held in memory while it is read, gaps too."""
LARGEST_TEXT: Final = 4 * 1024 * 1024 * 1024
"""Bytes if every cell held the longest text: repeated texts are stored once in the file, but not in memory."""

_BLOCK: Final = 1 << 20
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,19})["']""")
"""The place of a row or cell, however its attribute is written; what only looks like one counts as well."""
_SHARED: Final = re.compile(rb"""\st\s*=\s*["']s["']""")
_EXACT: Final = 10**15
"""From here on a spreadsheet's number has lost its last digits."""

_Value = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(path: Path) -> Table:
    """The rows of the first visible sheet that holds any; the header is empty here, its row is among ``rows``."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _refuse_bombs(path)
    try:
        book = CalamineWorkbook.from_path(path)
        for place, about in enumerate(book.sheets_metadata):
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_index(place)
                if sheet.start is not None:
                    others = len(book.sheet_names) - 1
                    return Table((), _rows(sheet.iter_rows()), sheet.total_height, _notices(sheet.name, others))
    except CalamineError as error:
        raise InvalidInput(f"{path.name} cannot be read as a spreadsheet: {error}.") from None
    raise InvalidInput(f"{path.name} is empty: the first row must name the columns.")


def _notices(sheet: str, others: int) -> tuple[str, ...]:
    return (f'Only the sheet "{sheet}" is read; the file has {others} more.',) if others else ()


def _rows(rows: Iterator[list[_Value]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        yield Row(number, tuple(map(_text, cells)))


def _text(value: _Value) -> str:
    """The value as the cell shows it: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT * 10**6 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _refuse_bombs(path: Path) -> None:
    """InvalidInput for a file that would unpack to more than memory should hold, before it is unpacked.

    Every part is looked at, whatever its name: any of them may be declared to be a sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts, room = [], LARGEST_UNPACKED
            for about in archive.infolist():
                parts.append(_measured(path, archive, about, room))
                room -= parts[-1].size
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise InvalidInput(f"{path.name} is a damaged spreadsheet ({error}). Save it again.") from None
    longest = max((part.longest_text for part in parts), default=0)
    for part in parts:
        _refuse_part(path, part, longest)


_SAVE_AS_CSV: Final = 'Save the sheet as "CSV UTF-8" and import that.'


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the archive if it were a sheet, or the texts that all sheets share."""

    size: int = 0
    columns: int = 0
    rows: int = 0
    cells: int = 0
    shared: int = 0
    longest_text: int = 0


def _too_large(path: Path) -> InvalidInput:
    return InvalidInput(f"{path.name} would unpack to more than {LARGEST_UNPACKED >> 20} MB. {_SAVE_AS_CSV}")


def _refuse_part(path: Path, part: _Part, longest: int) -> None:
    if part.columns > MOST_COLUMNS:
        raise InvalidInput(
            f"{path.name} has {part.columns:,} columns; {MOST_COLUMNS} are the most. Delete those not needed."
        )
    if max(part.columns, 1) * part.rows > MOST_CELLS or part.cells > MOST_CELLS:
        raise InvalidInput(
            f"{path.name} has {part.rows:,} rows of {part.columns} columns, too many at once. {_SAVE_AS_CSV}"
        )
    if part.shared * longest > LARGEST_TEXT:
        raise InvalidInput(f"{path.name} repeats very long texts in {part.shared:,} cells. {_SAVE_AS_CSV}")


def _measured(path: Path, archive: zipfile.ZipFile, about: zipfile.ZipInfo, room: int) -> _Part:
    """What the part really unpacks to, at most ``room`` bytes; its declared size is not believed."""
    about.file_size = LARGEST_UNPACKED + 1
    letters: set[bytes] = set()
    size = rows = cells = shared = 0
    with archive.open(about) as stream:
        for block in _whole_tags(stream):
            if (size := size + len(block)) > room:
                raise _too_large(path)
            if b"=" not in block:  # no attribute at all: to look for some takes longest in what is mere filling
                cells += block.count(b"<c>")
                continue
            found = _PLACE.findall(block)
            letters |= {column for column, _ in found}
            rows = max(rows, max((int(row) for _, row in found), default=0))
            cells += block.count(b"<c ") + block.count(b"<c>")
            shared += len(_SHARED.findall(block))
    longest = _longest_text(archive, about) if "sharedstrings" in about.filename.lower() else 0
    return _Part(size, max(map(_column, letters), default=0), rows, cells, shared, longest)


def _whole_tags(stream: IO[bytes]) -> Iterator[bytes]:
    """Blocks that do not end within a tag."""
    rest = b""
    while block := stream.read(_BLOCK):
        block = rest + block
        cut = block.rfind(b"<")
        rest = block[cut:] if cut >= 0 and len(block) - cut < _BLOCK else b""
        yield block[: len(block) - len(rest)]
    yield rest


def _longest_text(archive: zipfile.ZipFile, about: zipfile.ZipInfo) -> int:
    longest = length = 0
    with archive.open(about) as stream:
        while block := stream.read(_BLOCK):
            first, *others = block.split(b"<si")
            length += len(first)
            for other in others:
                longest, length = max(longest, length), len(other)
    return max(longest, length)


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
