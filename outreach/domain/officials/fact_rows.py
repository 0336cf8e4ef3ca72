"""One row about a State or an institution: what is so, and since when; or all that is wrong with the row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line, name_key
from outreach.domain.officials.cells import Cells
from outreach.domain.officials.columns import Columns, FactField
from outreach.domain.places import folded

YES, NO = "yes", "no"
_WORDS: Final = {
    **dict.fromkeys(map(folded, ("yes", "oui", "sí", "sim", "ja", "true", "نعم")), YES),
    **dict.fromkeys(map(folded, ("no", "non", "não", "nein", "false", "لا")), NO),
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_TAKEN_WORDS: Final = (
    "and or not in is if elif else endif for endfor true false none "
    "clear copy fromkeys get items keys pop popitem setdefault update values"
)
_TAKEN: Final = frozenset(_TAKEN_WORDS.split())
"""Words that mean something else in a letter."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row that can be taken. One of ``state`` (its code) and ``institution`` is empty."""

    row: int
    name: str
    value: str
    since: date
    state: str = ""
    institution: str = ""
    source: str = ""
    warnings: tuple[RowProblem, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, date]:
        """What makes two facts one: of whom, its name, and since when."""
        return self.state, name_key(self.institution), self.name, self.since


def parse_fact(row: int, cells: Sequence[str], columns: Columns, today: date) -> FactRow | RowProblems:
    """The fact in a row's cells, or all that is wrong with the row; never half of it."""
    read = Cells(row, cells, columns.places, today)
    state, institution = read.state(FactField.STATE), read.line(FactField.INSTITUTION)
    if state and institution:
        read.wrong(FactField.INSTITUTION, "stands beside a State: a fact is about one of the two")
    elif not institution and not read.text(FactField.STATE).strip():
        read.wrong(FactField.STATE, "is empty: a fact is about a State or an institution")
    name, value = read.known(FactField.FACT, fact_name), fact_value(read.line(FactField.VALUE))
    since = read.day(FactField.DATE)
    for field in (FactField.FACT, FactField.VALUE, FactField.DATE):
        if not read.text(field).strip():
            read.wrong(field, _EMPTY[field])
    if read.problems or name is None or since is None:
        return RowProblems(row, tuple(read.problems))
    source = read.line(FactField.SOURCE, 300)
    return FactRow(row, name, value, since, state, institution, source, tuple(read.warnings))


_EMPTY: Final = {
    FactField.FACT: "is empty: a fact needs the name by which letters know it",
    FactField.VALUE: "is empty: write yes, no, or words",
    FactField.DATE: "is empty: a fact needs the day since when it is so",
}


def fact_name(word: str) -> str:
    """The name of a fact, as ``facts.NAME`` in a letter. Raises InvalidInput, with what it could be."""
    name = clean_line(word)
    if _NAME.fullmatch(name) and name not in _TAKEN:
        return name
    better = re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")
    hint = f", for example {better}" if _NAME.fullmatch(better) and better not in _TAKEN else ""
    taken = "has a meaning of its own in letters" if name in _TAKEN else "is no name that a letter can use"
    raise InvalidInput(f"{taken}: take small letters a to z, digits and _, a letter first, 60 at most{hint}")


def fact_value(text: str) -> str:
    """What is meant by "oui" or "no" (yes, no) in several languages; any other words as they are."""
    return _WORDS.get(folded(text), text)
