"""Takes in the organisations that a file names: a few statements for every few hundred of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from outreach.domain.contact_rows import RowProblem
from outreach.domain.names import name_key
from outreach.store.bulk import Rows, new_numbers, words_at_the_end
from outreach.store.chunks import in_chunks
from outreach.store.staged_rows import Description, StagedRows
from outreach.store.tables import Alias, Organisation

Warn = Callable[[RowProblem], None]

ORGANISATIONS: Final[sa.Table] = Organisation.__table__  # type: ignore[attr-defined]
ALIASES: Final[sa.Table] = Alias.__table__  # type: ignore[attr-defined]

_FACTS: Final = {"acronym": "acronym", "country": "organisation_country", "website": "website"}
"""The columns that a file can set, with the field that sets each."""
NEW: Final = ("name", "name_key", *_FACTS, "created_at")
DIFFERS: Final = "differs from an earlier row about the same organisation; the later row counts"
TAKEN: Final = "is left out as an alias: another organisation has that name"


@dataclass(frozen=True, slots=True)
class _Named:
    """What a file says of one organisation, in all rows that name it alike."""

    key: str
    name: str
    facts: Mapping[str, str]
    aliases: Mapping[str, tuple[str, int]]
    """By name_key: the alias, and a row that gives it."""


@dataclass(slots=True)
class _Known:
    """An organisation of the workspace, or one that is about to become one (``id`` 0)."""

    id: int
    values: dict[str, Any]
    changed: bool = False
    new_aliases: list[tuple[str, str]] = field(default_factory=list)


class _Directory:
    """The organisations that a chunk of names may mean, by every one of their names."""

    def __init__(self) -> None:
        self.by_name: dict[str, _Known] = {}
        self.by_alias: dict[str, _Known] = {}

    def find(self, key: str) -> _Known | None:
        return self.by_name.get(key) or self.by_alias.get(key)


def take_in_organisations(session: Session, staged: StagedRows, *, now: datetime, warn: Warn) -> tuple[int, int]:
    """Add and complete the organisations of the staged rows; how many were added, and how many changed.

    One that is named by its alias is found by it. A given fact replaces what is known, but in rows that name
    the organisation by an alias only completes it. Afterwards ``staged`` knows the id of each.
    """
    with words_at_the_end(session, ORGANISATIONS):
        return _take_all_in(session, staged, now=now, warn=warn)


def _take_all_in(session: Session, staged: StagedRows, *, now: datetime, warn: Warn) -> tuple[int, int]:
    added = changed = 0
    for chunk in in_chunks(_merged(key, rows, warn) for key, rows in staged.organisations()):
        directory = _look_up(session, chunk)
        found = [(named.key, _take_in(directory, named, now, warn)) for named in chunk]
        new, old = _write(session, {id(one): one for _, one in found}.values())
        added, changed = added + new, changed + old
        staged.know_organisations((key, one.id) for key, one in found)
    return added, changed


def _merged(key: str, descriptions: Iterable[Description], warn: Warn) -> _Named:
    """All descriptions of one organisation as one: the spelling of the first row, the facts of the last."""
    first, name = 0, ""
    facts: dict[str, str] = {}
    aliases: dict[str, tuple[str, int]] = {}
    for one in descriptions:
        if not first or one.first < first:
            first, name = one.first, one.name
        for column, cell in _FACTS.items():
            if value := getattr(one, column):
                if facts.get(column, value) != value:
                    warn(RowProblem(one.last, cell, value, DIFFERS))
                facts[column] = value
        for alias in one.aliases:
            aliases.setdefault(name_key(alias), (alias, one.first))
    return _Named(key, name, facts, aliases)


def _look_up(session: Session, chunk: list[_Named]) -> _Directory:
    keys = {key for named in chunk for key in (named.key, *named.aliases)}
    directory = _Directory()
    known: dict[int, _Known] = {}
    for some in in_chunks(sorted(keys)):
        by_alias = session.execute(
            sa.select(ALIASES.c.name_key, ALIASES.c.organisation_id).where(ALIASES.c.name_key.in_(some))
        )
        owners = {key: owner for key, owner in by_alias}  # noqa: C416  a row is no pair to dict()
        either = sa.or_(ORGANISATIONS.c.name_key.in_(some), ORGANISATIONS.c.id.in_(set(owners.values())))
        for row in session.execute(sa.select(ORGANISATIONS).where(either)).mappings():
            one = known.setdefault(row["id"], _Known(row["id"], dict(row)))
            directory.by_name[row["name_key"]] = one
        directory.by_alias.update({key: known[owner] for key, owner in owners.items()})
    return directory


def _take_in(directory: _Directory, named: _Named, now: datetime, warn: Warn) -> _Known:
    known = directory.find(named.key)
    if known is None:
        blank = {"acronym": "", "country": "", "website": ""}
        values = {"name": named.name, "name_key": named.key, **blank, **named.facts, "created_at": now}
        known = directory.by_name[named.key] = _Known(0, values)
    by_its_name = known.values["name_key"] == named.key
    for column, value in named.facts.items():
        if known.values[column] != value and (by_its_name or not known.values[column]):
            known.values[column] = value
            known.changed = True
    for key, (alias, row) in named.aliases.items():
        owner = directory.find(key)
        if owner is None:
            directory.by_alias[key] = known
            known.new_aliases.append((alias, key))
        elif owner is not known:
            warn(RowProblem(row, "aliases", alias, TAKEN))
    return known


def _write(session: Session, touched: Iterable[_Known]) -> tuple[int, int]:
    """Write what is new and what changed; how many were added and how many changed."""
    everything = list(touched)
    new = [one for one in everything if not one.id]
    changed = [one for one in everything if one.id and (one.changed or one.new_aliases)]
    if new:
        for one, number in zip(new, new_numbers(session, ORGANISATIONS, len(new)), strict=True):
            one.id = number
        Rows(session, ORGANISATIONS, ("id", *NEW)).write([[one.id, *(one.values[c] for c in NEW)] for one in new])
    if any(one.changed for one in changed):
        session.execute(_update(), list(_facts(changed)))
    aliases = [
        {"organisation_id": one.id, "name": name, "name_key": key}
        for one in everything
        for name, key in one.new_aliases
    ]
    if aliases:
        session.execute(sa.insert(ALIASES), aliases)
    return len(new), len(changed)


def _update() -> sa.Update:
    columns: dict[str, Any] = {column: sa.bindparam(f"new_{column}") for column in _FACTS}
    return sa.update(ORGANISATIONS).where(ORGANISATIONS.c.id == sa.bindparam("known_id")).values(columns)


def _facts(changed: Iterable[_Known]) -> Iterator[dict[str, Any]]:
    for one in changed:
        yield {"known_id": one.id, **{f"new_{column}": one.values[column] for column in _FACTS}}
