"""CSV files of any usual encoding, separator and line end, read row by row in little memory."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from outreach.adapters.table_rows import Row, Table
from outreach.domain.errors import InvalidInput

_SEPARATORS: Final = ",;\t|"
_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_SAMPLE_ROWS: Final = 50
_LONGEST_RECORD: Final = 4_000_000
"""Characters of one row; more is no table of contacts."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_ENCODING: Final = "cp1252"
OLD_ENCODING_NOTICE: Final = (
    "The file is not in UTF-8 and was read as Windows-1252. Look at the accents; if they are wrong, "
    'save the file again as "CSV UTF-8".'
)


def read_csv(path: Path) -> Table:
    """The rows of a file, without judging them: the header is empty here, and its row is the first of ``rows``."""
    encoding = encoding_of(path)
    notices = (OLD_ENCODING_NOTICE,) if encoding == OLD_ENCODING else ()
    return Table((), _rows(path, encoding), _line_count(path), notices)


def encoding_of(path: Path) -> str:
    """The encoding of a text file, proved by decoding it. InvalidInput for what is no text, or in none known."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _proven(path, encoding)
    if head[1::2].count(0) > len(head) // 4:
        return _proven(path, "utf-16-le")
    if head[::2].count(0) > len(head) // 4:
        return _proven(path, "utf-16-be")
    if 0 in head:
        raise InvalidInput(f"{path.name} holds NUL characters: it is not a table in text form.")
    return "utf-8" if _decodes(path, "utf-8") else _proven(path, OLD_ENCODING)


def _proven(path: Path, encoding: str) -> str:
    if _decodes(path, encoding):
        return encoding
    raise InvalidInput(f'{path.name} is in no encoding that is known. Save it again as "CSV UTF-8".')


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is in that encoding; found out before a row is taken, in blocks."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _line_count(path: Path) -> int:
    feeds = returns = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
    return max(feeds, returns)


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(_SAMPLE)
        stream.seek(0)
        separator = _declared(sample)
        if separator:
            stream.readline()
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=separator or _separator(sample), strict=True)
        number = 0
        while (row := _next(reader, lines, number + 1)) is not None:
            number = row.number
            yield row


def _next(reader: Iterator[list[str]], lines: "_Lines", number: int) -> Row | None:
    """The next row, whole or with what is wrong with it; None at the end."""
    lines.start_row()
    try:
        cells = next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        lines.give_back()
        return Row(number, (), problem=_sentence(str(error)))
    return Row(number, tuple(cells))


def _sentence(error: str) -> str:
    if "expected after" in error or "end of data" in error:
        return "has a quotation mark that is not closed where the cell ends, or not doubled inside it"
    return "is too long to be a row: perhaps a quotation mark is not closed"


def _declared(sample: str) -> str:
    """The separator of a first line like ``sep=;``, which Excel writes and reads; "" if there is none."""
    line = sample.splitlines()[0].strip(" ") if sample else ""
    return line[4] if len(line) == len("sep=;") and line[:4].lower() == "sep=" else ""


def _separator(sample: str) -> str:
    """The separator under which the rows agree best with the header, and of those the one with most cells."""

    def agreement(separator: str) -> tuple[bool, float, int]:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
        rows = rows[: max(1, min(_SAMPLE_ROWS, len(rows) - (len(sample) == _SAMPLE)))]
        width = len(rows[0]) if rows else 0
        return width > 1, sum(len(row) == width for row in rows) / max(1, len(rows)), width

    return max(_SEPARATORS, key=agreement)


class _Lines:
    """The lines of a file, with a limit, that can be given back after a row went wrong.

    An open quotation mark swallows the lines that follow; giving them back saves the good rows among them.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self._taken: list[str] = []
        self._length = 0

    def start_row(self) -> None:
        """What is taken from here on belongs to the next row."""
        self._taken.clear()
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._stream.readline(_LONGEST_RECORD)
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._length += len(line)
        if len(line) == _LONGEST_RECORD:
            self._skip_to_line_end()
        if self._length >= _LONGEST_RECORD:
            raise csv.Error("row too long")
        return line

    def give_back(self) -> None:
        """All lines of the row but its first will be read again, each as a row of its own."""
        self._back.extendleft(reversed(self._taken[1:]))

    def _skip_to_line_end(self) -> None:
        while (rest := self._stream.readline(_BLOCK)) and not rest.endswith(("\n", "\r")):
            pass
