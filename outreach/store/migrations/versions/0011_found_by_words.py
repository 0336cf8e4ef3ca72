# ruff: noqa: S608  statements are put together from names of ours; nothing of a person's is in them
"""Indexes of words for replies and organisations, and who may not be written to in that of contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TOKENS = "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7'"

# Contacts: the words and facts of migration 0009, and one more fact.
_OTHER_BODIES = """
    FROM affiliation AS a JOIN organisation AS o ON o.id = a.organisation_id
    WHERE a.contact_id = c.id AND coalesce(c.organisation_id, 0) <> o.id
"""
_WORDS = """
    c.name || ' ' || c.given_name || ' ' || c.address
    || coalesce((SELECT ' ' || o.name || ' ' || o.acronym FROM organisation AS o WHERE o.id = c.organisation_id), '')
    || coalesce((SELECT ' ' || {joined} {others}), '')
"""
_STOPPED = "EXISTS (SELECT 1 FROM suppression AS s WHERE s.address_digest = c.address_digest)"
_ALL_STOPPED = "SELECT c.id FROM contact AS c JOIN suppression AS s ON s.address_digest = c.address_digest"

# What somebody may look for of a reply, and of an organisation.
_REPLY = """
    r.sender_name || ' ' || r.sender_address || ' ' || r.subject
    || coalesce((SELECT ' ' || o.name FROM organisation AS o WHERE o.id = r.organisation_id), '')
"""
_ORGANISATION = """
    o.name || ' ' || o.acronym
    || coalesce((SELECT ' ' || {joined} FROM alias AS a WHERE a.organisation_id = o.id), '')
"""


def _stops_on_sqlite(name: str, event: str, *digests: str) -> str:
    again = "".join(
        "UPDATE contact_words SET facts = (SELECT facts FROM contact_said WHERE id = contact_words.rowid) "
        f"WHERE rowid IN (SELECT id FROM contact WHERE address_digest = {digest}.address_digest); "
        for digest in digests
    )
    return f"CREATE TRIGGER contact_words_{name} AFTER {event} ON suppression BEGIN {again} END"


def _on_sqlite(thing: str, said: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    index = f"{thing}_words"
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    return (
        f"CREATE VIEW {thing}_said AS SELECT {thing[0]}.id AS id, {said} AS words FROM {thing} AS {thing[0]}",
        f"CREATE VIRTUAL TABLE {index} USING fts5(words, {_TOKENS})",
        f"INSERT INTO {index} (rowid, words) SELECT id, words FROM {thing}_said",
        (
            f"CREATE TRIGGER {index}_insert AFTER INSERT ON {thing} BEGIN "
            f"INSERT INTO {index} (rowid, words) SELECT id, words FROM {thing}_said WHERE id = NEW.id; END"
        ),
        (
            f"CREATE TRIGGER {index}_update AFTER UPDATE OF {', '.join(columns)} ON {thing} WHEN {changed} BEGIN "
            f"{_again_on_sqlite(thing, 'NEW.id')} END"
        ),
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {thing} BEGIN DELETE FROM {index} WHERE rowid = OLD.id; END",
    )


def _again_on_sqlite(thing: str, which: str) -> str:
    return (
        f"UPDATE {thing}_words SET words = (SELECT words FROM {thing}_said WHERE id = {thing}_words.rowid) "
        f"WHERE rowid IN ({which});"
    )


ON_SQLITE = (
    "DROP VIEW contact_said",
    f"""
    CREATE VIEW contact_said AS SELECT c.id AS id,
        {_WORDS.format(joined="group_concat(o.name || ' ' || o.acronym, ' ')", others=_OTHER_BODIES)} AS words,
        'c' || c.country || ' l' || c.language || ' b' || replace(c.basis, '-', '')
            || CASE WHEN {_STOPPED} THEN ' sstopped' ELSE '' END AS facts
    FROM contact AS c
    """,
    f"UPDATE contact_words SET facts = facts || ' sstopped' WHERE rowid IN ({_ALL_STOPPED})",
    _stops_on_sqlite("stopped", "INSERT", "NEW"),
    _stops_on_sqlite("stopped_no_more", "DELETE", "OLD"),
    _stops_on_sqlite("stopped_elsewhere", "UPDATE OF address_digest", "OLD", "NEW"),
    *_on_sqlite("reply", _REPLY, ("sender_name", "sender_address", "subject", "organisation_id")),
    (
        "CREATE TRIGGER reply_words_renamed AFTER UPDATE OF name ON organisation WHEN OLD.name <> NEW.name BEGIN "
        f"{_again_on_sqlite('reply', 'SELECT id FROM reply WHERE organisation_id = NEW.id')} END"
    ),
    *_on_sqlite("organisation", _ORGANISATION.format(joined="group_concat(a.name, ' ')"), ("name", "acronym")),
    *(
        f"CREATE TRIGGER organisation_words_alias_{name} AFTER {event} ON alias BEGIN "
        f"{_again_on_sqlite('organisation', which)} END"
        for name, event, which in (
            ("insert", "INSERT", "NEW.organisation_id"),
            ("update", "UPDATE OF name, organisation_id", "OLD.organisation_id, NEW.organisation_id"),
            ("delete", "DELETE", "OLD.organisation_id"),
        )
    ),
)


def _function(index: str, name: str, which: str) -> str:
    thing = index.removesuffix("_words")
    key = "contact_id" if thing == "contact" else "row_id"
    return (
        f"CREATE FUNCTION {index}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO {index} ({key}, words) SELECT id, words FROM {thing}_said WHERE id IN ({which}) "
        f"ON CONFLICT ({key}) DO UPDATE SET words = excluded.words; RETURN NULL; END $$"
    )


def _trigger(index: str, name: str, event: str, table: str, which: str) -> tuple[str, str]:
    rows = {"INSERT": "NEW TABLE AS came", "DELETE": "OLD TABLE AS went"}
    seen = rows.get(event, "OLD TABLE AS went NEW TABLE AS came")
    return (
        _function(index, name, which),
        (
            f"CREATE TRIGGER {index}_{name} AFTER {event} ON {table} REFERENCING {seen} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {index}_{name}()"
        ),
    )


def _both(column: str) -> str:
    return f"SELECT {column} FROM came UNION SELECT {column} FROM went"


def _on_postgresql(thing: str, said: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    index = f"{thing}_words"
    changed = " OR ".join(f"came.{column} IS DISTINCT FROM went.{column}" for column in columns)
    moved = f"SELECT came.id FROM came JOIN went ON went.id = came.id WHERE {changed}"
    return (
        (
            f"CREATE VIEW {thing}_said AS SELECT {thing[0]}.id AS id, "
            f"array_to_tsvector(contact_plain_words({said})) AS words FROM {thing} AS {thing[0]}"
        ),
        (
            f"CREATE TABLE {index} (row_id integer PRIMARY KEY REFERENCES {thing} (id) ON DELETE CASCADE, "
            "words tsvector NOT NULL)"
        ),
        f"INSERT INTO {index} (row_id, words) SELECT id, words FROM {thing}_said",
        f"CREATE INDEX ix_{index}_words ON {index} USING gin (words)",
        *_trigger(index, "insert", "INSERT", thing, "SELECT id FROM came"),
        *_trigger(index, "update", "UPDATE", thing, moved),
    )


def _people_of(rows: str) -> str:
    return f"SELECT c.id FROM contact AS c JOIN ({rows}) AS moved ON moved.address_digest = c.address_digest"


_RENAMED = """
    SELECT r.id FROM reply AS r JOIN came ON came.id = r.organisation_id JOIN went ON went.id = came.id
    WHERE came.name <> went.name
"""

ON_POSTGRESQL = (
    f"""
    CREATE OR REPLACE VIEW contact_said AS SELECT c.id AS id, array_to_tsvector(
        contact_plain_words({_WORDS.format(joined="string_agg(o.name || ' ' || o.acronym, ' ')", others=_OTHER_BODIES)})
        || ARRAY['c:' || c.country, 'l:' || c.language, 'b:' || c.basis]
        || CASE WHEN {_STOPPED} THEN ARRAY['s:stopped'] ELSE ARRAY[]::text[] END) AS words
    FROM contact AS c
    """,
    (
        "UPDATE contact_words SET words = said.words FROM contact_said AS said "
        f"WHERE said.id = contact_id AND contact_id IN ({_ALL_STOPPED})"
    ),
    *_trigger("contact_words", "stopped", "INSERT", "suppression", _people_of("SELECT address_digest FROM came")),
    *_trigger(
        "contact_words", "stopped_no_more", "DELETE", "suppression", _people_of("SELECT address_digest FROM went")
    ),
    *_trigger("contact_words", "stopped_elsewhere", "UPDATE", "suppression", _people_of(_both("address_digest"))),
    *_on_postgresql("reply", _REPLY, ("sender_name", "sender_address", "subject", "organisation_id")),
    *_trigger("reply_words", "renamed", "UPDATE", "organisation", _RENAMED),
    *_on_postgresql("organisation", _ORGANISATION.format(joined="string_agg(a.name, ' ')"), ("name", "acronym")),
    *_trigger("organisation_words", "alias_insert", "INSERT", "alias", "SELECT organisation_id FROM came"),
    *_trigger("organisation_words", "alias_update", "UPDATE", "alias", _both("organisation_id")),
    *_trigger("organisation_words", "alias_delete", "DELETE", "alias", "SELECT organisation_id FROM went"),
)


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in ON_SQLITE if on_sqlite else ON_POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))
    op.create_index("ix_reply_organisation_id", "reply", ["organisation_id"])
