"""Finds contacts by the beginnings of words, in an index that the database keeps itself (migration 0009).

A word is looked for in names, addresses and organisations. Countries, languages and bases stand in the same index,
so that several conditions of which each is common, and all together rare, are still answered by it.
"""

import re
import unicodedata
from collections.abc import Sequence
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
    stopped: bool = False
    """Only those to whom some mail does not go."""

    def __bool__(self) -> bool:
        return bool(self.words or self.country or self.language or self.basis or self.stopped)


def words_of(search: str, *, most: int | None = MOST_WORDS) -> tuple[str, ...]:
    """The words somebody typed, as the index has them: in small letters, without accents."""
    parted = unicodedata.normalize("NFKD", search.replace("\0", " ")).lower()
    plain = "".join(letter for letter in parted if not "\u0300" <= letter <= "\u036f")
    return tuple(dict.fromkeys(word for word in _PARTING.split(plain) if word))[:most]


def matching(
    session: Session,
    wanted: Wanted,
    *,
    before: int = 0,
    after: int = 0,
    scan: bool = False,
    only: Sequence[int] | None = None,
) -> Any:
    """The column ``contact_id`` of contacts with all that is wanted, below ``before`` and above ``after``.

    On PostgreSQL ``scan``: those between are looked through, and the index is not asked; ``only``: those.
    """
    if session.get_bind().dialect.name == "sqlite":
        number = sa.literal_column("contact_words.rowid", sa.Integer)
        asked = sa.text("contact_words MATCH :wanted").bindparams(wanted=_for_sqlite(wanted))
        found = sa.select(number.label("contact_id")).select_from(sa.text("contact_words")).where(asked)
        return _between(found, number, before, after).subquery("found")
    table = sa.table("contact_words", sa.column("contact_id", sa.Integer), sa.column("words"))
    query = sa.cast(sa.literal(_for_postgresql(wanted), sa.Text), TSQUERY)
    if not scan and only is None:
        found = sa.select(table.c.contact_id).where(table.c.words.op("@@")(query))
        return _between(found, table.c.contact_id, before, after).cte("found").prefix_with("MATERIALIZED")
    if only is not None:
        few = sa.select(table.c.contact_id).where(table.c.contact_id.in_(only), table.c.words.op("@@")(query))
        return few.subquery("found")
    some = _between(sa.select(table.c.contact_id, table.c.words), table.c.contact_id, before, after)
    near = some.cte("near").prefix_with("MATERIALIZED")
    return sa.select(near.c.contact_id).where(near.c.words.op("@@")(query)).subquery("found")


def rows_with(session: Session, index: str, words: Sequence[str]) -> Any:
    """The numbers of the rows in whose words each of ``words`` begins one; ``index`` is one of migration 0011."""
    if session.get_bind().dialect.name == "sqlite":
        asked = sa.text(f"{index} MATCH :words").bindparams(words=_for_sqlite(Wanted(tuple(words))))
        return sa.select(sa.literal_column("rowid", sa.Integer)).select_from(sa.text(index)).where(asked)
    table = sa.table(index, sa.column("row_id", sa.Integer), sa.column("words"))
    query = sa.cast(sa.literal(_for_postgresql(Wanted(tuple(words))), sa.Text), TSQUERY)
    found = sa.select(table.c.row_id).where(table.c.words.op("@@")(query))
    # By its index, and not by looking through all rows in the order in which they are listed.
    return sa.select(found.cte(f"in_{index}").prefix_with("MATERIALIZED").c.row_id)


def _between(statement: Any, number: Any, before: int, after: int) -> Any:
    statement = statement.where(number < before) if before else statement
    return statement.where(number > after) if after else statement


def among(session: Session, wanted: Wanted, ids: Sequence[int]) -> list[int]:
    """Those of a few contacts who have all that is wanted, in the same order."""
    if session.get_bind().dialect.name != "sqlite":
        found = matching(session, wanted, only=ids)
        have = set(session.execute(sa.select(found.c.contact_id)).scalars())
        return [one for one in ids if one in have]
    some = sa.text("SELECT rowid, words, facts FROM contact_words WHERE rowid IN :ids")
    rows = session.execute(some.bindparams(sa.bindparam("ids", expanding=True)), {"ids": list(ids)})
    have = {number for number, words, facts in rows if _has(wanted, words, facts)}
    return [one for one in ids if one in have]


def _has(wanted: Wanted, words: str, facts: str) -> bool:
    """What the index would say of these words."""
    said = words_of(words, most=None)
    return set(_facts(wanted)) <= set(facts.split(" ")) and all(
        any(one.startswith(word) if _begins(word) else one == word for one in said) for word in wanted.words
    )


def _for_sqlite(wanted: Wanted) -> str:
    """FTS5 (https://sqlite.org/fts5.html, 3): strings in quotes, of which each is a prefix."""
    asked = [f"words : {_quoted(word)}{' *' if _begins(word) else ''}" for word in wanted.words]
    return " AND ".join([*asked, *(f"facts : {_quoted(fact)}" for fact in _facts(wanted))])


def _facts(wanted: Wanted) -> list[str]:
    facts = (f"c{wanted.country}", f"l{wanted.language}", f"b{wanted.basis.replace('-', '')}")
    return [*(fact for fact in facts if fact[1:]), *(["sstopped"] if wanted.stopped else [])]


def _begins(word: str) -> bool:
    """Whether it is the beginning of a word; one Latin letter alone would be that of nearly everybody's."""
    return len(word) > 1 or not word.isascii()


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _for_postgresql(wanted: Wanted) -> str:
    facts = (f"c:{wanted.country}", f"l:{wanted.language}", f"b:{wanted.basis}", "s:stopped" * wanted.stopped)
    asked = [_lexeme(word) + (":*" if _begins(word) else "") for word in wanted.words]
    return " & ".join([*asked, *(_lexeme(fact) for fact in facts if fact[2:])])


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
