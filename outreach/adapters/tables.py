"""Tables that people keep: read from CSV and XLSX with every bad row named, written without a formula."""

import contextlib
import csv
import itertools
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from outreach.adapters.table_rows import LONGEST_CELL, MOST_COLUMNS, Row, Table
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.formulas import guard, is_formula, unguard
from outreach.domain.names import looks_like_address

__all__ = ["Row", "Table", "read_table", "refuse_other_kinds", "unguard", "write_csv", "write_xlsx"]

MOST_SHEET_ROWS: Final = 1_048_576

_ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_SAVE_AS: Final = "Save it as .xlsx or as CSV (UTF-8)."
_OTHER_KINDS: Final = (
    (b"\x1f\x8b", "is compressed with gzip: unpack it first."),
    (b"BZh", "is compressed with bzip2: unpack it first."),
    (b"\xfd7zXZ", "is compressed with xz: unpack it first."),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it first."),
    (b"7z\xbc\xaf", "is a 7-Zip archive: unpack it first."),
    (b"Rar!", "is a RAR archive: unpack it first."),
    (b"%PDF", f"is a PDF. {_SAVE_AS}"),
    (b"{\\rtf", f"is a text document. {_SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel file (.xls) or protected by a password. Save it as .xlsx, without one."),
    (b"<", f"is a web page or XML, not a table. {_SAVE_AS}"),
)


def read_table(path: Path) -> Table:
    """The table in a CSV or XLSX file, recognised by its content. Rows come one by one, bad ones with their reason.

    Raises InvalidInput when the file as a whole cannot be used: no such file, another kind of file, empty, no
    header, a header with a name twice or with a formula, more columns than MOST_COLUMNS.
    """
    try:
        if stat.S_ISFIFO(mode := path.stat().st_mode) or stat.S_ISCHR(mode):
            raise InvalidInput(f"{path} is no file that can be read from its beginning twice. Save it as a file.")
        found = _read(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from None
    first = next((row for row in found.rows if row.problem or any(cell.strip() for cell in row.cells)), None)
    if first is None:
        raise InvalidInput(f"{path.name} is empty: the first row must name the columns.")
    header = _header(path.name, first)
    return Table(header, _checked(found.rows, len(header)), found.expected_rows, found.notices)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file (RFC 4180, UTF-8 with a byte order mark, for Excel's sake) whose cells no spreadsheet computes.

    Cells that begin like a formula are guarded (domain/formulas.py); ``unguard`` gives back what was written.
    """
    with _replaced(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([guard(cell) for cell in row] for row in rows)


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """An XLSX file of text cells only, so that nothing in it is a formula.

    Raises Refusal for what a sheet cannot hold: too many rows, too long a cell.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Contacts")
    with _replaced(path) as part:
        try:
            for number, row in enumerate(itertools.chain([header], rows), start=1):
                if number > MOST_SHEET_ROWS:
                    raise Refusal(f"A sheet holds {MOST_SHEET_ROWS:,} rows at most. Export as CSV instead.")
                sheet.append([_text_cell(sheet, text) for text in row])
        finally:
            book.save(part)  # takes away openpyxl's own temporary file, in failure too


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that stays text even when a person edits it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    escaped = _ESCAPE_LIKE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text)).replace("\r", "_x000D_")
    if len(escaped) > LONGEST_CELL:
        raise Refusal(
            f"A sheet's cell holds {LONGEST_CELL:,} characters at most; one has {len(text):,}. Export as CSV."
        )
    cell = WriteOnlyCell(sheet, value=escaped)
    cell.data_type = "s"
    cell.quotePrefix = is_formula(text)
    return cell


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that takes its place when all went well, and is gone otherwise."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read(path: Path) -> Table:
    """The rows of a file of either kind, not yet judged."""
    from outreach.adapters.csv_files import read_csv

    if _head(path).startswith(_ZIP):
        return _read_zip(path)
    refuse_other_kinds(path)
    return read_csv(path)


def refuse_other_kinds(path: Path) -> None:
    """InvalidInput, with what to do about it, for a file that begins like another kind than text."""
    head = _head(path)
    for sign, sentence in _OTHER_KINDS:
        if head.startswith(sign):
            raise InvalidInput(f"{path.name} {sentence}")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()


def _read_zip(path: Path) -> Table:
    from outreach.adapters.xlsx_files import read_xlsx

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise InvalidInput(f"{path.name} is a damaged spreadsheet or archive. Save it again.") from None
    if "xl/workbook.xml" not in names:
        raise InvalidInput(f"{path.name} is an archive or a spreadsheet of another kind. {_SAVE_AS}")
    return read_xlsx(path)


def _header(name: str, row: Row) -> tuple[str, ...]:
    """The names of the columns, trimmed, without empty ones at the end."""
    if row.problem:
        raise InvalidInput(f"{name}, row {row.number} {row.problem}; it must name the columns.")
    header = tuple(" ".join(cell.split()) for cell in row.cells)
    while not header[-1]:
        header = header[:-1]
    if len(header) > MOST_COLUMNS:
        raise InvalidInput(
            f"{name} has {len(header):,} columns; {MOST_COLUMNS} are the most. Delete those not needed."
        )
    seen: dict[str, str] = {}
    for place, title in enumerate(header):
        column = _letters(place)
        where = f'{name}, row {row.number}, column {column}: "{title[:60]}"'
        if looks_like_address(title):
            raise InvalidInput(f"{where} is an address. The first row must name the columns.")
        if is_formula(row.cells[place]) and title:
            raise InvalidInput(f"{where} is a formula. Write the column's name in its place.")
        if title and title.casefold() in seen:
            raise InvalidInput(f"{where} is the name of column {seen[title.casefold()]} too. Each needs its own.")
        seen[title.casefold()] = column
    return header


def _checked(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Every row that is not blank, as wide as the header, with its problem if it has one."""
    for row in rows:
        if row.problem or any(map(str.strip, row.cells)):
            yield row if row.problem else _fitted(row, width)


def _fitted(row: Row, width: int) -> Row:
    cells = row.cells
    if any(map(str.strip, cells[width:])):
        return Row(row.number, cells[:width], f"has {len(cells)} cells, but the header names {width}")
    if "\0" in "".join(cells):
        return Row(row.number, cells[:width], "holds a NUL character")
    if (longest := max(map(len, cells))) > LONGEST_CELL:
        return Row(
            row.number, cells[:width], f"has a cell of {longest:,} characters; {LONGEST_CELL:,} are the most"
        )
    if len(cells) < width:
        missing = width - len(cells)
        oddity = f"has {len(cells)} cells where the header names {width}; the last {missing} are taken as empty"
        return Row(row.number, cells + ("",) * missing, oddity=oddity)
    return row if len(cells) == width else Row(row.number, cells[:width])


def _letters(place: int) -> str:
    """A for 0, AA for 26, as a spreadsheet names its columns."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
