"""Staff bring in a table of facts about States and institutions, for letters that depend on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.contact_reports import MOST_REFUSED, Findings
from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.names import clean_line, looks_like_address, name_key
from outreach.domain.officials.cells import shown
from outreach.domain.officials.columns import Columns, FactField
from outreach.domain.officials.fact_rows import FactRow, parse_fact
from outreach.domain.officials.reports import ChangedFact, ImportedFacts
from outreach.store.addressees import day_of
from outreach.store.chunks import in_chunks
from outreach.store.events import record
from outreach.store.officials import hold_register, institutions_of_posts
from outreach.store.tables import Fact
from outreach.usecases.import_contacts import WHOLE_ROW, Progress, TableRow

NO_POST: Final = "is the institution of no post: no letter will know this fact"

Key = tuple[str, str, str, date]


@dataclass(slots=True)
class _Import:
    """What is the same for every row, and what became of them."""

    session: Session
    columns: Columns
    now: datetime
    by: str
    today: date
    institutions: frozenset[str]
    findings: Findings = field(default_factory=Findings)
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    changes: list[ChangedFact] = field(default_factory=list)


def import_facts(
    session: Session,
    rows: Iterable[TableRow],
    columns: Columns,
    *,
    now: datetime,
    by: str,
    house: House,
    source_file: str = "",
    progress: Progress | None = None,
) -> ImportedFacts:
    """Add facts, and change those of which another value is said; what was done, and what was left out.

    A fact is one by whom it is about, its name and since when it is so: importing the same rows again changes
    nothing.
    """
    today = day_of(now, house)
    hold_register(session)
    one = _Import(session, columns, now, by, today, institutions_of_posts(session))
    count = 0
    for chunk in in_chunks(rows):
        _take(one, [good for row in chunk if (good := _judged(one, row))])
        count += len(chunk)
        if progress is not None:
            progress("reading", count)
    done = _report(one, count)
    _log(one, done, source_file)
    return done


def _judged(one: _Import, row: TableRow) -> FactRow | None:
    """The row, if it can be taken; what is wrong or odd is noted."""
    if row.problem:
        problem = RowProblem(row.number, WHOLE_ROW, shown(" | ".join(row.cells)), row.problem)
        one.findings.refuse(RowProblems(row.number, (problem,)))
        return None
    parsed = parse_fact(row.number, row.cells, one.columns, one.today)
    if isinstance(parsed, RowProblems):
        one.findings.refuse(parsed)
        return None
    if row.oddity:
        one.findings.warn(RowProblem(row.number, WHOLE_ROW, "", row.oddity))
    if parsed.institution and name_key(parsed.institution) not in one.institutions:
        one.findings.warn(RowProblem(row.number, FactField.INSTITUTION, shown(parsed.institution), NO_POST))
    return parsed


def _take(one: _Import, rows: Sequence[FactRow]) -> None:
    """Write a few hundred facts at once; of two rows about one the later counts, and is told as a change."""
    known = _known(one.session, rows)
    for row in rows:
        fact = known.get(row.key)
        if fact is None:
            known[row.key] = _new(one, row)
            one.added += 1
        elif fact.value != row.value:
            _change(one, fact, row)
        else:
            fact.source = row.source or fact.source
            one.unchanged += 1
    one.session.add_all(known.values())
    one.session.flush()


def _known(session: Session, rows: Sequence[FactRow]) -> dict[Key, Fact]:
    statement = select(Fact).where(
        sa.or_(
            sa.and_(col(Fact.state) != "", col(Fact.state).in_({row.state for row in rows})),
            sa.and_(
                col(Fact.institution_key) != "",
                col(Fact.institution_key).in_({name_key(row.institution) for row in rows}),
            ),
        ),
        col(Fact.name).in_({row.name for row in rows}),
    )
    return {(one.state, one.institution_key, one.name, one.since): one for one in session.exec(statement)}


def _new(one: _Import, row: FactRow) -> Fact:
    return Fact(
        state=row.state,
        institution=row.institution,
        institution_key=name_key(row.institution),
        name=row.name,
        value=row.value,
        since=row.since,
        source=row.source,
        by=one.by,
        at=one.now,
    )


def _change(one: _Import, fact: Fact, row: FactRow) -> None:
    one.changed += 1
    if len(one.changes) < MOST_REFUSED:
        whom = row.state or row.institution
        one.changes.append(ChangedFact(row.row, whom, row.name, row.since.isoformat(), fact.value, row.value))
    fact.value, fact.source, fact.by, fact.at = row.value, row.source or fact.source, one.by, one.now


def _report(one: _Import, rows: int) -> ImportedFacts:
    return ImportedFacts(
        rows=rows,
        refused=one.findings.refused,
        refusals=tuple(sorted(one.findings.refusals, key=lambda refused: refused.row)),
        warnings=one.findings.warned(),
        ignored=one.columns.ignored,
        added=one.added,
        changed=one.changed,
        unchanged=one.unchanged,
        changes=tuple(one.changes),
    )


def _log(one: _Import, done: ImportedFacts, source_file: str) -> None:
    record(
        one.session,
        at=one.now,
        by=one.by,
        verb="import_facts",
        subject="facts",
        subject_id=None,
        file="" if looks_like_address(source_file) else clean_line(source_file),
        rows=done.rows,
        refused=done.refused,
        added=done.added,
        changed=done.changed,
    )
