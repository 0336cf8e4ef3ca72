"""The cells of one row about officials or facts while they are read: cleaned, and what is wrong noted."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from outreach.domain.contact_rows import RowProblem
from outreach.domain.errors import InvalidInput
from outreach.domain.names import NAME_LIMIT, clean_line, looks_like_address
from outreach.domain.places import country_code

YEARS_AHEAD: Final = 10
"""A later day than so many years from now is a slip of the pen."""
_FIRST_YEAR: Final = 1800
_SHOWN: Final = 80
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00)?)?")
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

Value = TypeVar("Value")


class Cells:
    """One row: every cell is asked for by its field; ``problems`` forbid the row, ``warnings`` do not."""

    def __init__(self, row: int, cells: Sequence[str], places: Mapping[str, int], today: date) -> None:
        self.row = row
        self.today = today
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []
        self._cells = cells
        self._places = places

    def text(self, field: str) -> str:
        """The cell as the file has it; "" where there is no such column."""
        place = self._places.get(field)
        return "" if place is None or place >= len(self._cells) else self._cells[place]

    def line(self, field: str, limit: int = NAME_LIMIT) -> str:
        """One clean line; a longer one is a problem."""
        return self.cleaned(field, self.text(field), limit)

    def cleaned(self, field: str, text: str, limit: int = NAME_LIMIT) -> str:
        """A part of the field's cell as one clean line; a longer one is a problem."""
        line = clean_line(text, limit)
        if len(text) > limit and clean_line(text, len(text)) != line:
            self.wrong(field, f"is longer than {limit} characters", text)
        return line

    def words(self, field: str) -> str:
        """A clean line that is printed on a letter; a mail address in it is a problem."""
        line = self.line(field)
        if looks_like_address(line):
            self.wrong(field, "looks like a mail address, which belongs into the column email")
        return line

    def lines(self, field: str, most: int) -> list[str]:
        """The clean lines of a cell; they end where the text does, or with " | "."""
        cell = self.text(field)
        found = (self.cleaned(field, part) for part in re.split(r" \| ", _LINE_ENDS.sub(" | ", cell)))
        lines = [line for line in found if line]
        if len(lines) > most:
            self.wrong(field, f"has {len(lines)} lines; {most} are the most")
        return lines

    def parts(self, field: str, meaning: Callable[[str], Value], most: int) -> list[Value]:
        """What the different parts of a cell mean; they end with ; or , or a line."""
        found: dict[Value, None] = {}
        for part in re.split(r"[;,]|\s\|\s", _LINE_ENDS.sub(";", self.text(field))):
            if word := clean_line(part, NAME_LIMIT + 1):
                self._note(found, field, word, meaning)
        if len(found) > most:
            self.wrong(field, f"has {len(found)} parts; {most} are the most")
        return list(found)

    def known(self, field: str, meaning: Callable[[str], Value]) -> Value | None:
        """What the cell means; None for an empty one, and for one that is a problem."""
        found: dict[Value, None] = {}
        if self.text(field).strip():
            self._note(found, field, self.text(field), meaning)
        return next(iter(found), None)

    def state(self, field: str) -> str:
        """The code of a State; "" for none."""
        return self.known(field, state_of) or ""

    def day(self, field: str) -> date | None:
        """A day; None for none."""
        return self.known(field, lambda word: read_day(word, today=self.today))

    def wrong(self, field: str, reason: str, value: str | None = None) -> None:
        """Note what forbids the row."""
        self.problems.append(self._problem(field, reason, value))

    def odd(self, field: str, reason: str, value: str | None = None) -> None:
        """Note what a person should look at."""
        self.warnings.append(self._problem(field, reason, value))

    def _note(self, found: dict[Value, None], field: str, word: str, meaning: Callable[[str], Value]) -> None:
        try:
            found[meaning(word)] = None
        except InvalidInput as refusal:
            self.wrong(field, str(refusal), word)

    def _problem(self, field: str, reason: str, value: str | None) -> RowProblem:
        return RowProblem(self.row, field, shown(self.text(field) if value is None else value), reason)


def shown(value: str) -> str:
    """The value as it may stand in a report: short, on one line, nothing hidden in it."""
    seen = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in value.strip()[:_SHOWN])
    return f"{seen}…" if len(value.strip()) > _SHOWN else seen


def state_of(word: str) -> str:
    """The code of the State that a word names. Raises InvalidInput."""
    if code := country_code(clean_line(word)):
        return code
    raise InvalidInput("is no State that is known: write its two-letter code (ISO 3166), for example CL")


def read_day(word: str, *, today: date) -> date:
    """The day that is written as in ISO 8601. Raises InvalidInput for another form, or an impossible or far day."""
    found = _DAY.fullmatch(clean_line(word))
    if not found:
        raise InvalidInput("is no day as it is written here: write year-month-day, for example 2026-03-01")
    try:
        day = date.fromisoformat(found.group(1))
    except ValueError:
        raise InvalidInput("is no day that there is") from None
    if not _FIRST_YEAR <= day.year <= today.year + YEARS_AHEAD:
        raise InvalidInput(f"lies before {_FIRST_YEAR} or more than {YEARS_AHEAD} years ahead")
    return day
