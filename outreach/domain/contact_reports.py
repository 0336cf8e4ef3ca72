"""What an import did, in numbers, and in sentences for the person who gave the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from outreach.domain.contact_rows import RowProblem, RowProblems

MOST_REFUSED: Final = 1_000
"""Refused rows that are listed; the others are counted."""
SHOWN: Final = 3
"""Examples of each kind of warning."""

_PARTICULARS: Final = " ("
_NUMBER: Final = re.compile(r"\d[\d,]*")

STOPPED_WORDS: Final = {
    "opt-out": "opted out of everything",
    "opt-out of a call": "opted out of a call",
    "hard-bounce": "cannot be reached: mail to them came back for good",
    "complaint": "complained about our mail",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """One kind of warning about one field: how often it came, and the first rows that it came for."""

    field: str
    reason: str
    count: int
    first: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do.

    ``rows`` were read; ``joined`` of them had the address of an earlier row; ``refused`` were left out, the first
    of which are in ``refusals``. ``added``, ``changed`` and ``unchanged`` count contacts. ``suppressed``
    counts, by reason, contacts to whom no mail (or none of a call) goes all the same; ``without_basis`` those
    who cannot be invited until somebody says on what basis. ``ignored`` names columns that nothing was read from.
    """

    rows: int
    added: int
    changed: int
    unchanged: int
    joined: int
    refused: int
    refusals: tuple[RowProblems, ...]
    warnings: tuple[Warned, ...]
    organisations_added: int
    organisations_changed: int
    suppressed: Mapping[str, int]
    without_basis: int
    ignored: tuple[str, ...]

    def summary(self) -> tuple[str, ...]:
        """What was done, in numbers."""
        return (
            f"Contacts: {self.added:,} added, {self.changed:,} changed, {self.unchanged:,} as before.",
            f"Organisations: {self.organisations_added:,} added, {self.organisations_changed:,} changed.",
        )

    def refused_lines(self) -> Iterator[str]:
        """Each reason for which a row was left out, with what its cell says."""
        for problem in (one for refused in self.refusals for one in refused.problems):
            told = not problem.value or problem.value in problem.reason
            yield f"{problem}" + ("" if told else f' (it says "{problem.value}")')

    def sentences(self) -> tuple[str, ...]:
        """What the person should know besides the numbers of contacts, most important first."""
        said = [_refused(self.refused)] if self.refused else []
        said += [
            f"{_people(count)} {STOPPED_WORDS[reason]}; that stays so, whatever is imported."
            for reason, count in self.suppressed.items()
        ]
        if self.without_basis:
            said.append(
                f"{_people(self.without_basis)} cannot be invited: neither the file nor the workspace says on what "
                "basis they may be written to. Add a column 'basis', or import again with --basis."
            )
        if self.joined:
            said.append(f"{_rows(self.joined)} repeated the address of an earlier row and went into one contact.")
        said += [_warning(kind) for kind in self.warnings]
        if self.ignored:
            names = ", ".join(f'"{name}"' for name in self.ignored)
            said.append(f"Nothing was read from {names}; --map column=field names a field for a column.")
        return tuple(said)


def _people(count: int) -> str:
    return "1 contact" if count == 1 else f"{count:,} contacts"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _refused(count: int) -> str:
    return f"{_rows(count)} {'was' if count == 1 else 'were'} left out; all others are in."


def _warning(kind: Warned) -> str:
    numbers = ", ".join(str(one.row) for one in kind.first)
    more = " ..." if kind.count > len(kind.first) else ""
    return f"{_rows(kind.count)}, {kind.field}: {kind.reason} (row {numbers}{more})."


@dataclass(slots=True)
class Findings:
    """Collects what is wrong or odd while rows are read, in little memory however many there are."""

    refused: int = 0
    refusals: list[RowProblems] = field(default_factory=list)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _first: dict[tuple[str, str], list[RowProblem]] = field(default_factory=dict)

    def refuse(self, problems: RowProblems, rows: int = 1) -> None:
        """Note a row that is left out, or several of one address."""
        self.refused += rows
        if len(self.refusals) < MOST_REFUSED:
            self.refusals.append(problems)

    def warn(self, oddity: RowProblem) -> None:
        """Note something that a person should look at."""
        kind = (oddity.field, _NUMBER.sub("…", oddity.reason.partition(_PARTICULARS)[0]))
        self._counts[kind] = self._counts.get(kind, 0) + 1
        first = self._first.setdefault(kind, [])
        if len(first) < SHOWN:
            first.append(oddity)

    def warned(self) -> tuple[Warned, ...]:
        """Every kind of warning, the most frequent first."""
        kinds = sorted(self._counts, key=lambda kind: -self._counts[kind])
        return tuple(Warned(*kind, self._counts[kind], tuple(self._first[kind])) for kind in kinds)
