"""A list of names as it was printed, read back from a PDF's text: numbers, bullets, page breaks, broken lines."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from outreach.domain.lists.printed_lines import MOST_JOINED, PrintedLine, marks_names, printed_lines, running_heads

MOST_AT_END: Final = 3
"""More unmarked lines than this after the last mark are no rest of a name."""
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Numbered:
    """A name as printed, its number there (None if it has none), and the line of the text it begins in, from 1."""

    number: int | None
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person should look at, with its line, from 1. Nothing is dropped without one."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class ReadList:
    """The names in the order of the list, and all that is doubtful about how they were read."""

    names: tuple[Numbered, ...]
    problems: tuple[Problem, ...]


def read_printed_list(text: str) -> ReadList:
    """The names in a list that was copied out of a PDF, one for each number, bullet or line.

    Numbers, bullets, page numbers and running heads are taken off. Where the names are numbered or bulleted, a line
    without a mark continues the name before it. Names are otherwise as printed, on one line, in NFC.
    """
    lines, page_numbers = printed_lines(text)
    problems = [*_about_page_numbers(page_numbers)]
    heads = running_heads(lines)
    for head, found in heads.items():
        sentence = f"{_lines_of(found)} repeat {_quoted(head)}, which was taken for a running head and left out."
        problems.append(Problem(found[0].at, sentence))
    dropped = {id(line) for found in heads.values() for line in found}
    reading = _Reading([line for line in lines if id(line) not in dropped])
    reading.read()
    problems += reading.problems
    return ReadList(tuple(reading.names), tuple(sorted(problems, key=lambda problem: problem.line)))


class _Reading:
    """One walk through the lines, mark by mark."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        self.lines = lines
        self.names: list[Numbered] = []
        self.problems: list[Problem] = []
        self._marks_names = marks_names(lines)

    def read(self) -> None:
        before: PrintedLine | None = None
        for mark, run in _runs(self.lines):
            after = mark
            rest = self._place(run, before, after)
            if before is not None:
                self._add(before, rest)
            for line in () if rest or self._left_out(run, before, after) else run:
                self.names.append(Numbered(None, line.text, line.at))
            if after is not None:
                self._check_number(before, after, missing_found=bool(run) and not rest)
                before = after

    def _place(
        self, run: list[PrintedLine], before: PrintedLine | None, after: PrintedLine | None
    ) -> list[PrintedLine]:
        """Those of the unmarked lines between two marks that continue the first one's name: all of them or none."""
        if not run or before is None or not self._marks_names:
            self._say_unmarked(run, before, after)
            return []
        first = run[0]
        numbered = before.number is not None
        missing = after.number - before.number - 1 if numbered and after and after.number and before.number else 0
        cut_off = any(line.gap_before for line in run) and (after is None or not numbered)
        most = MOST_JOINED if after is not None else MOST_AT_END
        if len(run) > most or missing == len(run) or cut_off:
            self._say_unmarked(run, before, after)
            return []
        if before.text and (any(line.gap_before for line in run) or after is None or not numbered):
            self._say(
                first, f"{_quoted(first.text)} was joined to {_quoted(before.text)}; see whether it belongs there."
            )
        return run

    def _add(self, mark: PrintedLine, rest: Sequence[PrintedLine]) -> None:
        whole = mark
        for line in rest:
            if whole.text.endswith(("-", "\u2010")) and whole.text[-2:-1].isalpha() and not whole.soft:
                self._say(
                    whole, f"{_quoted(whole.text)} is broken at a hyphen; see whether the hyphen belongs there."
                )
            whole = replace(line, text=_joined(whole, line))
        if whole.text:
            self.names.append(Numbered(mark.number, unicodedata.normalize("NFC", whole.text), mark.at))
        else:
            self._say(mark, f'no name stands after "{mark.whole}".')

    def _left_out(self, run: list[PrintedLine], before: PrintedLine | None, after: PrintedLine | None) -> bool:
        """What stands above number 1 is the heading, not a name."""
        return bool(run) and before is None and after is not None and after.number == 1 and self._marks_names

    def _say_unmarked(self, run: list[PrintedLine], before: PrintedLine | None, after: PrintedLine | None) -> None:
        if not any(line.marked for line in self.lines):
            return
        left_out = self._left_out(run, before, after)
        for line in run:
            if left_out:
                self._say(line, f"{_quoted(line.text)} stands before number 1 and was left out as a heading.")
            else:
                mark = "number" if (before or after or line).number is not None else "bullet"
                self._say(line, f"{_quoted(line.text)} has no {mark}; it was read as a name of its own.")

    def _check_number(self, before: PrintedLine | None, after: PrintedLine, *, missing_found: bool) -> None:
        number, last = after.number, before.number if before else 0
        if number is None or last is None or number == last + 1:
            return
        if number == last:
            self._say(after, f"number {number} stands there a second time.")
        elif number == 1:
            self._say(after, f"the numbers begin again at 1 after {last}.")
        elif number < last:
            self._say(after, f"number {number} comes after {last}.")
        elif before is None:
            self._say(after, f"the list begins with number {number}.")
        elif not missing_found:
            gone = f"{last + 1} to {number - 1}" if number > last + 2 else str(last + 1)
            self._say(after, f"number {number} comes after {last}; {gone} cannot be found.")

    def _say(self, line: PrintedLine, sentence: str) -> None:
        self.problems.append(Problem(line.at, f"Line {line.at}: {sentence}"))


def _runs(lines: Sequence[PrintedLine]) -> Iterator[tuple[PrintedLine | None, list[PrintedLine]]]:
    """Every marked line with the unmarked ones before it; None with those after the last."""
    run: list[PrintedLine] = []
    for line in lines:
        if line.marked:
            yield line, run
            run = []
        else:
            run.append(line)
    yield None, run


def _joined(before: PrintedLine, after: PrintedLine) -> str:
    """Two parts of one name: with a space, but not within a word, after a slash, or between ideographs."""
    one, other = before.text, after.text
    ends_open = before.soft or not one or one.endswith("/")
    hyphened = one.endswith(("-", "\u2010")) and one[-2:-1].isalpha()
    return (
        one + other
        if ends_open or hyphened or (_is_ideograph(one) and _is_ideograph(other[:1]))
        else f"{one} {other}"
    )


def _is_ideograph(text: str) -> bool:
    return unicodedata.name(text[-1:] or " ", "").startswith(("CJK", "HIRAGANA", "KATAKANA"))


def _about_page_numbers(lines: list[int]) -> Iterator[Problem]:
    if lines:
        which = ", ".join(map(str, lines))
        were = (
            "Line {} holds only a page number and was"
            if len(lines) == 1
            else "Lines {} hold only a page number and were"
        )
        yield Problem(lines[0], f"{were.format(which)} left out.")


def _lines_of(lines: Sequence[PrintedLine]) -> str:
    return "Lines " + ", ".join(str(line.at) for line in lines)


def _quoted(text: str) -> str:
    return f'"{text[:_SHOWN]}..."' if len(text) > _SHOWN else f'"{text}"'
