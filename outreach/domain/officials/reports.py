"""What an import of officials or facts did, in numbers, and in sentences for the person who gave the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from outreach.domain.contact_reports import Warned
from outreach.domain.contact_rows import RowProblems
from outreach.domain.officials.columns import IGNORE

PLURALS = {"fact": "facts", "row": "rows", "post": "posts", "holder": "holders"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """What both have: how many rows there were, and which were left out or are odd."""

    rows: int
    refused: int
    refusals: tuple[RowProblems, ...]
    warnings: tuple[Warned, ...]
    ignored: tuple[str, ...]

    def refused_lines(self) -> Iterator[str]:
        """Each reason for which a row was left out, with what its cell says."""
        for problem in (one for refused in self.refusals for one in refused.problems):
            told = not problem.value or problem.value in problem.reason
            yield f"{problem}" + ("" if told else f' (it says "{problem.value}")')

    def _about_rows(self) -> Iterator[str]:
        if self.refused:
            were = "was" if self.refused == 1 else "were"
            yield f"{count(self.refused, 'row')} {were} left out; all others are in."
        for kind in self.warnings:
            numbers = ", ".join(str(one.row) for one in kind.first)
            more = " ..." if kind.count > len(kind.first) else ""
            yield f"{count(kind.count, 'row')}, {kind.field}: {kind.reason} (row {numbers}{more})."
        if self.ignored:
            names = ", ".join(f'"{name}"' for name in self.ignored)
            yield (
                f"Nothing was read from {names}; --map column=field names a field for a column, "
                f"--map column={IGNORE} says that it is meant to be left out."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedOfficials(_Report):
    """What an import of officials did, or would do.

    ``posts_*`` count posts; of holders, ``added`` are new terms in a post, ``changed`` known ones of whom something
    else is said now, ``ended`` those who left because somebody came after them.
    """

    posts_added: int
    posts_changed: int
    posts_unchanged: int
    holders_added: int
    holders_changed: int
    holders_ended: int

    def sentences(self) -> tuple[str, ...]:
        """What was done, the most important first."""
        posts = f"{self.posts_added:,} added, {self.posts_changed:,} changed, {self.posts_unchanged:,} as before"
        holders = f"{self.holders_added:,} added, {self.holders_changed:,} changed, {self.holders_ended:,} replaced"
        return (f"Posts: {posts}.", f"Holders: {holders}.", *self._about_rows())


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact that was known otherwise: of whom, its name, since when, and both values."""

    row: int
    whom: str
    name: str
    since: str
    before: str
    after: str

    def __str__(self) -> str:
        change = f"it was {self.before!r}, it is {self.after!r}"
        return f"row {self.row}: {self.whom}, {self.name} since {self.since}: {change}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFacts(_Report):
    """What an import of facts did, or would do; ``changes`` are the first of those that have another value now."""

    added: int
    changed: int
    unchanged: int
    changes: tuple[ChangedFact, ...]

    def sentences(self) -> tuple[str, ...]:
        """What was done, the most important first."""
        counts = f"{self.added:,} added, {self.changed:,} changed, {self.unchanged:,} as before"
        return (f"Facts: {counts}.", *self._about_rows())


def count(number: int, word: str) -> str:
    """A number of things, in words that fit it."""
    return f"{number:,} {word if number == 1 else PLURALS[word]}"
