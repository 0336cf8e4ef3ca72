"""How the command line shows tables, times and numbers in 80 columns."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from wcwidth import wcswidth

WIDTH = 80


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns side by side, the last one cut where the line is full; a sentence when there are no rows."""
    if not rows:
        return "None."
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(header) - 1)]
    lines = [_line(row, widths) for row in cells]
    lines.insert(1, "-" * min(max(_width(line) for line in lines), WIDTH))
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    start = "".join(cell + " " * (width - _width(cell) + 2) for cell, width in zip(row[:-1], widths, strict=True))
    return (start + _cut(row[-1], max(WIDTH - _width(start), 16))).rstrip()


def _width(text: str) -> int:
    return max(wcswidth(text), 0) or len(text)


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def when(instant: datetime | None, zone: str) -> str:
    """An instant on the clocks of a zone, to the minute; a dash for none."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if instant else "-"


def people(count: int) -> str:
    """A number of people, in words that fit it."""
    return "1 person" if count == 1 else f"{count:,} people"


def mails(count: int) -> str:
    """A number of mails, in words that fit it."""
    return "1 mail" if count == 1 else f"{count:,} mails"
