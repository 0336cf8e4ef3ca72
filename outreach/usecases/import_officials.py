"""Staff bring in a table of officials: each good row is taken, every other one is named with its reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import digest_or_nothing
from outreach.domain.contact_reports import Findings
from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.errors import Refusal
from outreach.domain.names import clean_line, looks_like_address
from outreach.domain.officials.cells import shown
from outreach.domain.officials.columns import Columns, Field
from outreach.domain.officials.posts import BLANK, COLUMN, faults_of, new_post
from outreach.domain.officials.reports import ImportedOfficials
from outreach.domain.officials.rows import OfficialRow, parse_official
from outreach.store.addressees import day_of
from outreach.store.chunks import in_chunks
from outreach.store.events import record
from outreach.store.officials import hold_register
from outreach.store.tables import Contact, Post
from outreach.usecases.change_holder import HolderChange, change_holder
from outreach.usecases.edit_official import edit_official
from outreach.usecases.import_contacts import WHOLE_ROW, Progress, TableRow

CLOSED: Final = "is closed: 'outreach officials reopen' opens it again"
A_CONTACTS: Final = (
    "is a contact's address as well: an answer from there may be either's, and will wait for a person"
)
DIFFERS: Final = "differs from an earlier row about the same post; the later row counts"


class _Fate(IntEnum):
    """What became of a post, the least first."""

    AS_BEFORE = 0
    CHANGED = 1
    ADDED = 2


@dataclass(slots=True)
class _Import:
    """What is the same for every row, and what became of them."""

    session: Session
    columns: Columns
    now: datetime
    by: str
    house: House
    today: date
    findings: Findings = field(default_factory=Findings)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By post: what the file says of it so far."""
    movable: set[int] = field(default_factory=set)
    fates: dict[str, _Fate] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=lambda: {"added": 0, "changed": 0, "ended": 0})


def import_officials(
    session: Session,
    rows: Iterable[TableRow],
    columns: Columns,
    *,
    now: datetime,
    by: str,
    house: House,
    source_file: str = "",
    progress: Progress | None = None,
) -> ImportedOfficials:
    """Add and change posts and holders as the rows say; what was done, and what was left out.

    An empty cell erases nothing, a given value replaces; importing the same rows again changes nothing. A row is
    taken as a whole or not at all. Whoever held a post before a newcomer ends the day before.
    """
    one = _Import(session, columns, now, by, house, day_of(now, house))
    hold_register(session)
    count = 0
    for chunk in in_chunks(rows):
        for row in chunk:
            _take(one, row)
        count += len(chunk)
        if progress is not None:
            progress("reading", count)
    done = _report(one, count)
    _log(one, done, source_file)
    return done


def _take(one: _Import, row: TableRow) -> None:
    """Take a row, or note why not; a refusal halfway leaves nothing of it behind."""
    parsed = _judged(one, row)
    if isinstance(parsed, RowProblems):
        one.findings.refuse(parsed)
        return
    try:
        with one.session.begin_nested():
            fate = _take_post(one, parsed)
            holder = _take_holder(one, parsed) if parsed.holder else None
    except _Refused as refused:
        one.findings.refuse(RowProblems(row.number, refused.problems))
        return
    except Refusal as refusal:
        reason = " ".join(refusal.reasons).rstrip(".")
        one.findings.refuse(RowProblems(row.number, (RowProblem(row.number, Field.FROM, "", reason),)))
        return
    _count(one, parsed.slug, fate, holder)
    _note_oddities(one, row, parsed)


class _Refused(Exception):  # noqa: N818  a row that cannot be taken is expected
    """What is wrong with the post of a row, now that all is known of it."""

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        super().__init__()
        self.problems = problems


def _judged(one: _Import, row: TableRow) -> OfficialRow | RowProblems:
    if row.problem:
        problem = RowProblem(row.number, WHOLE_ROW, shown(" | ".join(row.cells)), row.problem)
        return RowProblems(row.number, (problem,))
    return parse_official(row.number, row.cells, one.columns, one.today)


def _take_post(one: _Import, row: OfficialRow) -> _Fate:
    post = _find(one, row.slug)
    if post is None:
        _add(one, row)
        return _Fate.ADDED
    if post.closed_at:
        raise _Refused((RowProblem(row.row, Field.POST, row.slug, CLOSED),))
    _refuse_faults(one, row, {**{column: getattr(post, column) for column in BLANK}, **row.details})
    edited = edit_official(one.session, post, row.details, now=one.now, by=one.by, house=one.house)
    return _Fate.CHANGED if edited else _Fate.AS_BEFORE


def _find(one: _Import, slug: str) -> Post | None:
    return one.session.exec(select(Post).where(Post.slug == slug)).first()


def _add(one: _Import, row: OfficialRow) -> None:
    values = new_post(row.details, row.holder, one.house.settings.workspace.language)
    _refuse_faults(one, row, values)
    digest = digest_or_nothing(values["address"], one.house.salt)
    post = Post(slug=row.slug, address_digest=digest, created_at=one.now, updated_at=one.now, **values)
    one.session.add(post)
    one.session.flush()
    record(one.session, at=one.now, by=one.by, verb="add_official", subject="post", subject_id=post.id)


def _refuse_faults(one: _Import, row: OfficialRow, values: dict[str, Any]) -> None:
    faults = tuple(
        RowProblem(row.row, cell.value, _said(values[COLUMN[cell]]), reason)
        for cell, reason in faults_of(values, one.house.own_mailboxes)
    )
    if faults:
        raise _Refused(faults)


def _said(value: Any) -> str:
    return shown("; ".join(value) if isinstance(value, list) else value)


def _take_holder(one: _Import, row: OfficialRow) -> HolderChange | None:
    post = _find(one, row.slug)
    if post is None or row.holder is None:
        return None
    return change_holder(one.session, post, row.holder, now=one.now, by=one.by, movable=one.movable)


def _count(one: _Import, slug: str, fate: _Fate, holder: HolderChange | None) -> None:
    """A post that two rows are about counts once, with the most that became of it."""
    one.fates[slug] = max(one.fates.get(slug, fate), fate)
    if holder:
        one.holders["added"] += holder.added
        one.holders["changed"] += holder.changed
        one.holders["ended"] += len(holder.ended)


def _note_oddities(one: _Import, row: TableRow, parsed: OfficialRow) -> None:
    if row.oddity:
        one.findings.warn(RowProblem(row.number, WHOLE_ROW, "", row.oddity))
    for warning in parsed.warnings:
        one.findings.warn(warning)
    said = one.said.setdefault(parsed.slug, {})
    for cell, column in COLUMN.items():
        value = parsed.details.get(column)
        if value and said.get(column, value) != value:
            one.findings.warn(RowProblem(row.number, cell.value, _said(value), DIFFERS))
    said.update(parsed.details)
    address = parsed.details.get("address", "")
    if address and _is_a_contacts(one, address):
        one.findings.warn(RowProblem(row.number, Field.EMAIL, address, A_CONTACTS))


def _is_a_contacts(one: _Import, address: str) -> bool:
    digest = digest_or_nothing(address, one.house.salt)
    return bool(one.session.execute(sa.select(sa.exists().where(col(Contact.address_digest) == digest))).scalar())


def _report(one: _Import, rows: int) -> ImportedOfficials:
    fates = Counter(one.fates.values())
    return ImportedOfficials(
        rows=rows,
        refused=one.findings.refused,
        refusals=tuple(sorted(one.findings.refusals, key=lambda refused: refused.row)),
        warnings=one.findings.warned(),
        ignored=one.columns.ignored,
        posts_added=fates[_Fate.ADDED],
        posts_changed=fates[_Fate.CHANGED],
        posts_unchanged=fates[_Fate.AS_BEFORE],
        holders_added=one.holders["added"],
        holders_changed=one.holders["changed"],
        holders_ended=one.holders["ended"],
    )


def _log(one: _Import, done: ImportedOfficials, source_file: str) -> None:
    record(
        one.session,
        at=one.now,
        by=one.by,
        verb="import_officials",
        subject="officials",
        subject_id=None,
        file="" if looks_like_address(source_file) else clean_line(source_file),
        rows=done.rows,
        refused=done.refused,
        posts_added=done.posts_added,
        posts_changed=done.posts_changed,
        holders_added=done.holders_added,
        holders_changed=done.holders_changed,
        holders_ended=done.holders_ended,
    )
