"""An index of words by which contacts are found while somebody types, kept by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TESTS = sa.text("test")

# What is said of a contact: the words that somebody may look for, and the facts by which a list is narrowed.
_OTHER_BODIES = """
    FROM affiliation AS a JOIN organisation AS o ON o.id = a.organisation_id
    WHERE a.contact_id = c.id AND coalesce(c.organisation_id, 0) <> o.id
"""
_WORDS = """
    c.name || ' ' || c.given_name || ' ' || c.address
    || coalesce((SELECT ' ' || o.name || ' ' || o.acronym FROM organisation AS o WHERE o.id = c.organisation_id), '')
    || coalesce((SELECT ' ' || {joined} {others}), '')
"""

ON_SQLITE = (
    f"""
    CREATE VIEW contact_said AS SELECT c.id AS id,
        {_WORDS.format(joined="group_concat(o.name || ' ' || o.acronym, ' ')", others=_OTHER_BODIES)} AS words,
        'c' || c.country || ' l' || c.language || ' b' || replace(c.basis, '-', '') AS facts
    FROM contact AS c
    """,  # noqa: S608  nothing of a person's is in it
    """
    CREATE VIRTUAL TABLE contact_words
    USING fts5(words, facts, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7')
    """,
    "INSERT INTO contact_words (rowid, words, facts) SELECT id, words, facts FROM contact_said",
    """
    CREATE TRIGGER contact_words_insert AFTER INSERT ON contact BEGIN
        INSERT INTO contact_words (rowid, words, facts) SELECT id, words, facts FROM contact_said WHERE id = NEW.id;
    END
    """,
    """
    CREATE TRIGGER contact_words_update
    AFTER UPDATE OF name, given_name, address, organisation_id, country, language, basis ON contact
    WHEN OLD.name <> NEW.name OR OLD.given_name <> NEW.given_name OR OLD.address <> NEW.address
        OR OLD.organisation_id IS NOT NEW.organisation_id OR OLD.country <> NEW.country
        OR OLD.language <> NEW.language OR OLD.basis <> NEW.basis
    BEGIN
        UPDATE contact_words SET words = (SELECT words FROM contact_said WHERE id = NEW.id),
            facts = (SELECT facts FROM contact_said WHERE id = NEW.id) WHERE rowid = NEW.id;
    END
    """,
    """
    CREATE TRIGGER contact_words_delete AFTER DELETE ON contact BEGIN
        DELETE FROM contact_words WHERE rowid = OLD.id;
    END
    """,
    """
    CREATE TRIGGER contact_words_speaks AFTER INSERT ON affiliation
    WHEN NEW.organisation_id IS NOT (SELECT organisation_id FROM contact WHERE id = NEW.contact_id) BEGIN
        UPDATE contact_words SET words = (SELECT words FROM contact_said WHERE id = NEW.contact_id)
        WHERE rowid = NEW.contact_id;
    END
    """,
    """
    CREATE TRIGGER contact_words_speaks_no_more AFTER DELETE ON affiliation BEGIN
        UPDATE contact_words SET words = (SELECT words FROM contact_said WHERE id = OLD.contact_id)
        WHERE rowid = OLD.contact_id;
    END
    """,
    """
    CREATE TRIGGER contact_words_renamed AFTER UPDATE OF name, acronym ON organisation
    WHEN OLD.name <> NEW.name OR OLD.acronym <> NEW.acronym BEGIN
        UPDATE contact_words SET words = (SELECT words FROM contact_said WHERE id = contact_words.rowid)
        WHERE rowid IN (
            SELECT contact_id FROM affiliation WHERE organisation_id = NEW.id
            UNION SELECT id FROM contact WHERE organisation_id = NEW.id
        );
    END
    """,
)

# Words are parted by what is no letter in ASCII, and told apart without accents, as SQLite's index does. No text
# search configuration is asked: it would take an address for one word.
_PLAIN = r"""
    CREATE FUNCTION contact_plain_words(said text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
        SELECT array_remove(string_to_array(regexp_replace(
            regexp_replace(lower(normalize(said, NFKD)), '[\u0300-\u036f]', '', 'g'),
            '[\s!-/:-@\[-`{-~\u2010-\u2027]+', ' ', 'g'), ' '), '')
    $$
"""
_AGAIN = """
    INSERT INTO contact_words (contact_id, words) SELECT id, words FROM contact_said WHERE id IN ({which})
    ON CONFLICT (contact_id) DO UPDATE SET words = excluded.words;
"""


def _function(name: str, which: str, before: str = "") -> str:
    return (
        f"CREATE FUNCTION contact_words_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {before} {_AGAIN.format(which=which)} RETURN NULL; END $$"
    )


def _trigger(name: str, event: str, table: str, rows: str, function: str = "") -> str:
    return (
        f"CREATE TRIGGER contact_words_{name} AFTER {event} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION contact_words_{function or name}()"
    )


_CHANGED_CONTACTS = """
    SELECT came.id FROM came JOIN went ON went.id = came.id
    WHERE (came.name, came.given_name, came.address, came.country, came.language, came.basis)
        <> (went.name, went.given_name, went.address, went.country, went.language, went.basis)
        OR came.organisation_id IS DISTINCT FROM went.organisation_id
"""
_RENAMED = """
    WITH renamed AS (
        SELECT came.id AS organisation_id FROM came JOIN went ON went.id = came.id
        WHERE (came.name, came.acronym) <> (went.name, went.acronym)
    )
    SELECT a.contact_id FROM affiliation AS a JOIN renamed ON renamed.organisation_id = a.organisation_id
    UNION SELECT c.id FROM contact AS c JOIN renamed ON renamed.organisation_id = c.organisation_id
"""
_ELSEWHERE = """
    SELECT came.contact_id FROM came JOIN contact AS c ON c.id = came.contact_id
    WHERE c.organisation_id IS DISTINCT FROM came.organisation_id
"""
_STILL_THERE = "SELECT went.contact_id FROM went JOIN contact AS c ON c.id = went.contact_id"

ON_POSTGRESQL = (
    _PLAIN,
    f"""
    CREATE VIEW contact_said AS SELECT c.id AS id, array_to_tsvector(
        contact_plain_words({_WORDS.format(joined="string_agg(o.name || ' ' || o.acronym, ' ')", others=_OTHER_BODIES)})
        || ARRAY['c:' || c.country, 'l:' || c.language, 'b:' || c.basis]) AS words
    FROM contact AS c
    """,  # noqa: S608  nothing of a person's is in it
    """
    CREATE TABLE contact_words (
        contact_id integer PRIMARY KEY REFERENCES contact (id) ON DELETE CASCADE,
        words tsvector NOT NULL
    )
    """,
    "INSERT INTO contact_words (contact_id, words) SELECT id, words FROM contact_said",
    "CREATE INDEX ix_contact_words_words ON contact_words USING gin (words)",
    _function("insert", "SELECT id FROM came"),
    _trigger("insert", "INSERT", "contact", "NEW TABLE AS came"),
    _function("update", _CHANGED_CONTACTS),
    _trigger("update", "UPDATE", "contact", "OLD TABLE AS went NEW TABLE AS came"),
    _function("speaks", _ELSEWHERE),
    _trigger("speaks", "INSERT", "affiliation", "NEW TABLE AS came"),
    _function("speaks_no_more", _STILL_THERE),
    _trigger("speaks_no_more", "DELETE", "affiliation", "OLD TABLE AS went"),
    _function("renamed", _RENAMED),
    _trigger("renamed", "UPDATE", "organisation", "OLD TABLE AS went NEW TABLE AS came"),
)


def upgrade() -> None:
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))
    op.create_index("ix_organisation_acronym", "organisation", ["acronym"])
    op.drop_index("ix_contact_tag_tag", "contact_tag")
    op.create_index("ix_contact_tag_tag", "contact_tag", ["tag", "contact_id"])
    op.create_index("ix_message_cell", "message", ["call_id", "kind", "state", "id"])
    op.create_index("ix_message_test", "message", ["id"], sqlite_where=TESTS, postgresql_where=TESTS)
