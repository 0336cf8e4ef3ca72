"""Finds contacts by the beginnings of words, in an index that the database keeps itself (migration 0009).

A word is looked for in names, addresses and organisations. Countries, languages and bases stand in the same index, so
that several conditions of which each is common, and all together rare, are still answered by it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session

MOST_WORDS = 8
_PARTING = re.compile(r"[\s!-/:-@\[-`{-~\u2010-\u2027]+")
REBUILD = {
    "sqlite": (
        "DELETE FROM contact_words",
        "INSERT INTO contact_words (rowid, words, facts) SELECT id, words, facts FROM contact_said",
    ),
    "postgresql": (
        "TRUNCATE contact_words",
        "INSERT INTO contact_words (contact_id, words) SELECT id, words FROM contact_said",
    ),
}
"""For who writes contacts past the triggers, as a benchmark does."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the index is asked for: words that begin so, each of them, and facts; "" for any."""

    words: tuple[str, ...] = ()
    country: str = ""
    language: str = ""
    basis: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.country or self.language or self.basis)


def words_of(search: str) -> tuple[str, ...]:
    """The words somebody typed, as the index has them: in small letters, without accents."""
    parted = unicodedata.normalize("NFKD", search.replace("\0", " ")).lower()
    plain = "".join(letter for letter in parted if not "\u0300" <= letter <= "\u036f")
    return tuple(dict.fromkeys(word for word in _PARTING.split(plain) if word))[:MOST_WORDS]


def matching(session: Session, wanted: Wanted, *, before: int = 0, after: int = 0, scan: bool = False) -> Any:
    """The column ``contact_id`` of contacts with all that is wanted, below ``before`` and above ``after``.

    ``scan`` (on PostgreSQL): those between are looked through one by one, and the index is not asked.
    """
    if session.get_bind().dialect.name == "sqlite":
        number = sa.literal_column("contact_words.rowid", sa.Integer)
        asked = sa.text("contact_words MATCH :wanted").bindparams(wanted=_for_sqlite(wanted))
        found = sa.select(number.label("contact_id")).select_from(sa.text("contact_words")).where(asked)
        return _between(found, number, before, after).subquery("found")
    table = sa.table("contact_words", sa.column("contact_id", sa.Integer), sa.column("words"))
    query = sa.cast(sa.literal(_for_postgresql(wanted), sa.Text), TSQUERY)
    if not scan:
        found = sa.select(table.c.contact_id).where(table.c.words.op("@@")(query))
        return _between(found, table.c.contact_id, before, after).cte("found").prefix_with("MATERIALIZED")
    some = _between(sa.select(table.c.contact_id, table.c.words), table.c.contact_id, before, after)
    near = some.cte("near").prefix_with("MATERIALIZED")
    return sa.select(near.c.contact_id).where(near.c.words.op("@@")(query)).subquery("found")


def _between(statement: Any, number: Any, before: int, after: int) -> Any:
    statement = statement.where(number < before) if before else statement
    return statement.where(number > after) if after else statement


def _for_sqlite(wanted: Wanted) -> str:
    """FTS5 (https://sqlite.org/fts5.html, 3): strings in quotes, of which each is a prefix."""
    facts = (f"c{wanted.country}", f"l{wanted.language}", f"b{wanted.basis.replace('-', '')}")
    asked = [f"words : {_quoted(word)} *" for word in wanted.words]
    return " AND ".join([*asked, *(f"facts : {_quoted(fact)}" for fact in facts if fact[1:])])


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _for_postgresql(wanted: Wanted) -> str:
    facts = (f"c:{wanted.country}", f"l:{wanted.language}", f"b:{wanted.basis}")
    asked = [f"{_lexeme(word)}:*" for word in wanted.words]
    return " & ".join([*asked, *(_lexeme(fact) for fact in facts if fact[2:])])


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
