"""Writes rows by the million in set-based SQL, on SQLite or PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from outreach.store.contact_words import REBUILD
from outreach.store.database import Database

START = "2027-01-11 09:00:00"
BIG = ("organisation", "contact", "affiliation", "contact_words", "message", "attempt")


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows; ``small`` is how many people each of the small calls invited."""

    contacts: int = 1_000_000
    replies: int = 50_000
    signatures: int = 20_000
    small: int = 1_500
    lines: int = 200_000
    """So many lines of the log."""

    @property
    def organisations(self) -> int:
        """Five contacts in each."""
        return self.contacts // 5

    @property
    def signing_bodies(self) -> int:
        """Three signatures in five are organisations'."""
        return self.signatures * 3 // 5

    def part(self, share: int) -> "Size":
        """One in so many."""
        return Size(
            self.contacts // share, self.replies // share, self.signatures // share, self.small, self.lines // share
        )


class Builder:
    """Writes rows by the thousand; what SQLite and PostgreSQL spell differently is here."""

    def __init__(self, database: Database, size: Size) -> None:
        self.database, self.size = database, size
        self.is_sqlite = database.is_sqlite

    def moment(self, seconds: str, start: str = START) -> str:
        """So many seconds after the start."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{start}', '+' || ({seconds}) || ' seconds')"
        return f"(timestamp '{start}' + ({seconds}) * interval '1 second') AT TIME ZONE 'UTC'"

    def hexadecimal(self, number: str) -> str:
        """64 digits that look like a digest and differ for each number below 2^32."""
        scattered = f"(CAST({number} AS bigint) * 2654435761) % 4294967296"
        digits = f"printf('%08x', {scattered})" if self.is_sqlite else f"lpad(to_hex({scattered}), 8, '0')"
        return f"{digits} || '{'0' * 56}'"

    def pick(self, words: Sequence[str], number: str) -> str:
        """One of the words, by the number, from 0 on."""
        if self.is_sqlite:
            listed = ", ".join(f'"{word}"' for word in words)
            return f"json_extract('[{listed}]', '$[' || (({number}) % {len(words)}) || ']')"
        listed = ", ".join(f"'{word}'" for word in words)
        return f"(ARRAY[{listed}])[1 + ({number}) % {len(words)}]"

    def run(self, *statements: str) -> None:
        """In one transaction."""
        with self.database.changing() as session:
            for statement in statements:
                session.connection().exec_driver_sql(
                    statement.replace("%", "%%") if not self.is_sqlite else statement
                )

    def rows(
        self, table: str, columns: dict[str, str], *, count: int, source: str = "n", where: str = "true"
    ) -> None:
        """``count`` rows of a table, each column an SQL expression of the number ``i``, from 1."""
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(columns.values())
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
        if self.is_sqlite:
            self.run(f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM {source} WHERE {where}")
        else:
            series = source.replace("n", f"generate_series(1, {count}) AS n(i)", 1) if source == "n" else source
            self.run(f"INSERT INTO {table} ({names}) SELECT {values} FROM {series} WHERE {where}")


COUNTED = (
    "INSERT INTO message_tally (call_id, mailing_id, kind, state, slot, messages) "
    "SELECT call_id, mailing_id, kind, state, 0, count(*) FROM message GROUP BY call_id, mailing_id, kind, state"
)


def in_haste(connection: Any, _record: Any) -> None:
    """What a database that can be built again need not be kept from."""
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-300000"):
        connection.execute(f"PRAGMA {pragma}")


def without_indexes(builder: Builder) -> list[str]:
    """Take away what slows a large insert down; the statements that bring it back."""
    if builder.is_sqlite:
        found = (
            "SELECT name, type, sql FROM sqlite_master "
            "WHERE tbl_name = :table AND sql IS NOT NULL AND type <> 'table'"
        )
    else:
        found = (
            "SELECT indexname AS name, 'INDEX' AS type, indexdef AS sql FROM pg_indexes "
            "WHERE tablename = :table AND indexname LIKE 'ix_%'"
        )
    with builder.database.reading() as session:
        rows = [row for table in BIG for row in session.execute(sa.text(found), {"table": table})]
    again = [row.sql for row in rows]
    if not builder.is_sqlite:
        tables = [table for table in BIG if table != "contact_words"]
        builder.run(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
        again += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
    builder.run(*(f"DROP {row.type} {row.name}" for row in rows))
    return again


def counts_again(builder: Builder) -> None:
    """What triggers would have counted and indexed meanwhile."""
    dialect = "sqlite" if builder.is_sqlite else "postgresql"
    builder.run(COUNTED, *REBUILD[dialect])
