"""A scratch database beside the real one: the rows of a file wait in it until all of them have been read.

The real database is not locked while a file is read, rows of one address or organisation are brought together
however far apart they stand, and memory stays flat. It is a private temporary file, gone when it is closed.
"""

import json
import marshal
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from outreach.domain.contact_merging import Said
from outreach.domain.contact_rows import ContactRow
from outreach.domain.names import name_key

_TABLES = """
CREATE TABLE staged (
    id INTEGER PRIMARY KEY, row INTEGER, digest TEXT, said BLOB, organisation_key TEXT, organisation TEXT
);
CREATE TABLE organisation (organisation_key TEXT PRIMARY KEY, organisation_id INTEGER) WITHOUT ROWID;
"""
_SORTED = """
CREATE INDEX by_digest ON staged (digest);
CREATE TABLE repeated AS SELECT digest, MIN(id) AS first FROM staged GROUP BY digest HAVING COUNT(*) > 1;
CREATE UNIQUE INDEX repeated_digest ON repeated (digest);
CREATE TABLE described AS
    SELECT organisation_key, organisation, MIN(row) AS first, MAX(row) AS last
    FROM staged WHERE organisation_key <> '' GROUP BY organisation_key, organisation;
"""
_ORGANISATIONS = """
SELECT organisation_key, organisation, first, last
FROM (SELECT *, MIN(first) OVER (PARTITION BY organisation_key) AS named FROM described)
ORDER BY named, organisation_key, last
"""
_CONTACTS = """
SELECT staged.digest, said, organisation_id, first
FROM staged LEFT JOIN repeated USING (digest) LEFT JOIN organisation USING (organisation_key)
WHERE first IS NULL OR first = id
ORDER BY id
"""
_REPEATED = """
SELECT said, organisation_id FROM staged LEFT JOIN organisation USING (organisation_key)
WHERE digest = ? ORDER BY id
"""

_IN_TEXT: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Description:
    """One way in which rows of a file describe an organisation, and the first and last row that do."""

    name: str
    acronym: str
    country: str
    website: str
    aliases: tuple[str, ...]
    first: int
    last: int


class StagedRows:
    """The rows of one file, first written, then read back by organisation and by address."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[tuple[ContactRow, Said, str]]) -> None:
        """Put rows aside, each with what it says and the digest of its address."""
        self._connection.executemany(
            "INSERT INTO staged (row, digest, said, organisation_key, organisation) VALUES (?, ?, ?, ?, ?)",
            ((row.row, digest, _written(said), *_organisation(row)) for row, said, digest in rows),
        )

    def sort(self) -> None:
        """All rows are there."""
        self._connection.executescript(_SORTED)

    def organisations(self) -> Iterator[tuple[str, Iterator[Description]]]:
        """Every organisation by its name_key, as first named, with its descriptions, the last in the file last."""
        rows = self._connection.execute(_ORGANISATIONS)
        for key, group in groupby(rows, key=lambda row: row[0]):
            yield str(key), (_description(text, first, last) for _, text, first, last in group)

    def know_organisations(self, ids: Iterable[tuple[str, int]]) -> None:
        """Remember which id an organisation has, by its name_key."""
        self._connection.executemany("INSERT INTO organisation VALUES (?, ?)", ids)

    def contacts(self) -> Iterator[tuple[str, Iterator[tuple[Said, int | None]]]]:
        """Every address by its digest, as first named, with what each of its rows says and whom it speaks for."""
        for digest, said, organisation, repeated in self._connection.execute(_CONTACTS):
            rows = self._connection.execute(_REPEATED, (digest,)) if repeated else iter([(said, organisation)])
            yield digest, ((_read(kept), organisation_id) for kept, organisation_id in rows)


@contextmanager
def staged_rows() -> Iterator[StagedRows]:
    """An empty scratch database, until the block ends."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        yield StagedRows(connection)


def _written(said: Said) -> bytes:
    return marshal.dumps((said.row, said.address, said.domain, said.given, said.fallback, said.custom, said.tags))  # type: ignore[arg-type]


def _read(kept: bytes) -> Said:
    return Said(*marshal.loads(kept))  # noqa: S302  this process wrote it, into a file that is nobody else's


def _organisation(row: ContactRow) -> tuple[str, str]:
    if not row.organisation:
        return "", ""
    return _described(row.organisation, row.acronym, row.organisation_country, row.website, row.aliases)


@lru_cache(1024)
def _described(*parts: Any) -> tuple[str, str]:
    """An organisation's key, and what a row says of it; rows of one organisation mostly stand together."""
    return name_key(parts[0]), _IN_TEXT(parts)


def _description(text: str, first: int, last: int) -> Description:
    name, acronym, country, website, aliases = json.loads(text)
    return Description(name, acronym, country, website, tuple(aliases), first, last)
