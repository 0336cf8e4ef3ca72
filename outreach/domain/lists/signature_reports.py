"""What an import of signatures did, in numbers, and in sentences for the person who gave the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from outreach.domain.contact_reports import MOST_REFUSED, Findings, Warned
from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.signatures import SignatureKind, Visibility


@dataclass(frozen=True, slots=True)
class RowNote:
    """What became of one row, as a sentence that begins with it."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do.

    Of the ``rows`` read, ``added`` are new signatures that count, ``late`` new ones that do not (yet), ``known``
    changed nothing, because their signer had signed already, in the file or before, and ``refused`` were left out.
    ``kinds`` and ``visibilities`` count the new ones. The first rows of each sort are in ``refusals``,
    ``known_rows`` and ``late_rows``; ``ignored`` names columns that nothing was read from; ``place`` is what a row
    of the file is called.
    """

    rows: int
    added: int
    late: int
    known: int
    refused: int
    kinds: Mapping[SignatureKind, int]
    visibilities: Mapping[Visibility, int]
    refusals: tuple[RowProblems, ...]
    known_rows: tuple[RowNote, ...]
    late_rows: tuple[RowNote, ...]
    warnings: tuple[Warned, ...]
    ignored: tuple[str, ...]
    place: str = "row"

    def sentences(self) -> tuple[str, ...]:
        """What was done, the most important first."""
        return tuple(self._said())

    def refused_lines(self) -> Iterator[str]:
        """Each reason for which a row was left out, with what its cell says."""
        for problem in (one for refused in self.refusals for one in refused.problems):
            told = not problem.value or problem.value in problem.reason
            shown = "" if told else f' (it says "{problem.value}")'
            yield f"{self.place} {problem.row}, {problem.field}: {problem.reason}{shown}"

    def _said(self) -> Iterator[str]:
        yield f"{_count(self.added, 'signature')} added{self._of_which()}."
        if self.late:
            yield (
                f"{_count(self.late, 'signature')} came after the end of signing and "
                f"{'is' if self.late == 1 else 'are'} kept as late for you to decide."
            )
        if self.known:
            verb = "names a signer" if self.known == 1 else "name signers"
            yield f"{self._rows(self.known)} {verb} who had signed already; nothing was added for them."
        if self.refused:
            were = "was" if self.refused == 1 else "were"
            yield f"{self._rows(self.refused)} {were} left out; all others are in."
        for kind in self.warnings:
            numbers = ", ".join(str(one.row) for one in kind.first)
            more = " ..." if kind.count > len(kind.first) else ""
            yield f"{self._rows(kind.count)}, {kind.field}: {kind.reason} ({self.place} {numbers}{more})."
        if self.ignored:
            names = ", ".join(f'"{name}"' for name in self.ignored)
            yield f"Nothing was read from {names}; --map column=field names a field for a column."

    def _of_which(self) -> str:
        organisation, individual = (self.kinds.get(kind, 0) for kind in SignatureKind)
        shown = ", ".join(
            f"{number:,} {word}"
            for word, number in self.visibilities.items()
            if number and word is not Visibility.PUBLIC
        )
        parts = [f"{_count(organisation, 'organisation')}, {_count(individual, 'individual')}"]
        return f" ({'; '.join([*parts, *([shown] if shown else [])])})" if self.added else ""

    def _rows(self, number: int) -> str:
        return _count(number, self.place)


@dataclass(slots=True)
class Tally:
    """Collects what becomes of each row, in little memory however many there are."""

    place: str
    rows: int = 0
    added: int = 0
    late: int = 0
    known: int = 0
    kinds: dict[SignatureKind, int] = field(default_factory=dict)
    visibilities: dict[Visibility, int] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    _known: list[RowNote] = field(default_factory=list)
    _late: list[RowNote] = field(default_factory=list)

    def refuse(self, row: int, where: str, value: str, reason: str) -> None:
        """A row is left out, for a reason in one of its cells."""
        self.findings.refuse(RowProblems(row, (RowProblem(row, where, value, reason),)))

    def add(self, kind: SignatureKind, visibility: Visibility) -> None:
        """A new signature counts."""
        self.added += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.visibilities[visibility] = self.visibilities.get(visibility, 0) + 1

    def show_less(self, before: Visibility, after: Visibility) -> None:
        """A later row asks for what an earlier one added to be seen by fewer people."""
        self.visibilities[before] = self.visibilities.get(before, 0) - 1
        self.visibilities[after] = self.visibilities.get(after, 0) + 1

    def keep_late(self, row: int, why: str) -> None:
        """A new signature is kept as late."""
        self.late += 1
        self._note(self._late, row, why)

    def know(self, row: int, why: str) -> None:
        """The signer had signed already."""
        self.known += 1
        self._note(self._known, row, why)

    def report(self, ignored: tuple[str, ...]) -> ImportReport:
        """All of it."""
        return ImportReport(
            rows=self.rows,
            added=self.added,
            late=self.late,
            known=self.known,
            refused=self.findings.refused,
            kinds=dict(self.kinds),
            visibilities=dict(self.visibilities),
            refusals=tuple(sorted(self.findings.refusals, key=lambda one: one.row)),
            known_rows=tuple(self._known),
            late_rows=tuple(self._late),
            warnings=self.findings.warned(),
            ignored=ignored,
            place=self.place,
        )

    def _note(self, notes: list[RowNote], row: int, why: str) -> None:
        if len(notes) < MOST_REFUSED:
            notes.append(RowNote(row, f"{self.place} {row}: {why}"))


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
