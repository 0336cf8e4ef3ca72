"""How the command line shows tables, sentences, times and numbers in 80 columns."""

import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from wcwidth import wcswidth

from outreach.domain.states import AddresseeState

WIDTH = 80
NARROWEST = 24
"""A last column narrower than this would be a string of fragments: it goes below its line instead."""


def table(
    header: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str = "None.", gives_way: int | None = None
) -> str:
    """Columns side by side; the last one is continued below where the line is full, so that nothing is lost.

    ``empty`` is what is said when there are no rows. ``gives_way`` is a column that is cut where a line would be
    too long for a terminal.
    """
    if not rows:
        return empty
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(header))]
    if gives_way is not None:
        over = sum(widths) + 2 * (len(widths) - 1) - WIDTH
        widths[gives_way] = max(widths[gives_way] - max(over, 0), 8)
        for row in cells:
            row[gives_way] = cut(row[gives_way], widths[gives_way])
    head, *lines = [_line(row, widths[:-1]) for row in cells]
    head = head.partition("\n")[0]
    longest = max(_width(part) for line in (head, *lines) for part in line.splitlines())
    return "\n".join([head, "-" * min(longest, WIDTH), *lines])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    start = "".join(cell + " " * (width - _width(cell) + 2) for cell, width in zip(row[:-1], widths, strict=True))
    room = WIDTH - _width(start)
    if _width(row[-1]) <= room:
        return (start + row[-1]).rstrip()
    if room >= NARROWEST:
        first, *more = _wrapped(row[-1], room)
        return "\n".join([start + first, *(" " * _width(start) + part for part in more)])
    return "\n".join([start.rstrip(), *("    " + part for part in _wrapped(row[-1], WIDTH - 4))])


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _width(text: str) -> int:
    return max(wcswidth(text), 0) or len(text)


def cut(text: str, width: int) -> str:
    """The text, shortened with an ellipsis where it is wider than ``width`` columns."""
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def sentences(text: str, *, before: str = "", then: str | None = None) -> str:
    """Sentences in lines of 80 columns, broken between words.

    The first line begins with ``before``, the others with ``then``, which is the same if not given. A point of
    a list (``- ...``) goes on below its text.
    """
    following = then if then is not None else before + ("  " if text.startswith("- ") else "")
    wrapped = textwrap.fill(
        text,
        WIDTH,
        initial_indent=before,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped or before


def when(instant: datetime | None, zone: str) -> str:
    """An instant on the clocks of a zone, to the minute; a dash for none."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if instant else "-"


def people(count: int) -> str:
    """A number of people, in words that fit it."""
    return "1 person" if count == 1 else f"{count:,} people"


def mails(count: int) -> str:
    """A number of mails, in words that fit it."""
    return "1 mail" if count == 1 else f"{count:,} mails"


def deadline_lines(own: str, at: datetime, zone: str) -> list[str]:
    """A deadline on the clocks of its own place, and below it on those of ``zone`` where they say otherwise."""
    here = f"{when(at, zone)} {zone}"
    return [f"Deadline  {own}"] + ([f"          {here}"] if here != own else [])


def officials(count: int, more: str = "") -> str:
    """A number of officials, in words that fit it."""
    return f"{count:,} {more}official{'' if count == 1 else 's'}"


def due_words(state: AddresseeState, due_on: date | None) -> str:
    """What an office is to do next, and by when; "" when no clock runs."""
    step = "an answer" if state is AddresseeState.ACKNOWLEDGED else "its acknowledgement"
    return f"; {step} is due by {due_on}" if due_on else ""
