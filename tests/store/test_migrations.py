"""The tables that the migrations make are the tables that the program knows, on every database."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel, select

from outreach.domain.errors import Refusal
from outreach.domain.listings import Listing
from outreach.domain.signatures import Visibility
from outreach.queries.log import about_call
from outreach.store import schema
from outreach.store.database import Database, open_database
from outreach.store.tables import Call, CallText, Message, Signature
from tests import make
from tests.logged import faults, lines, numbered, tamper, verified


def _revision(database: Database) -> str:
    with database.reading() as session:
        return str(session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


def test_the_program_knows_the_newest_migration() -> None:
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    assert scripts.get_heads() == [schema.HEAD]
    newest = max(path.name for path in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert newest.startswith(f"{schema.HEAD}_")


def test_a_migrated_database_has_exactly_the_tables_of_the_program(database: Database) -> None:
    assert _revision(database) == schema.HEAD
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": lambda name, *_: not _is_index_of_words(name)}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def _is_index_of_words(name: str | None) -> bool:
    """By which rows are found: a virtual table and its shadows, or one of tsvectors; the database keeps it."""
    return str(name or "").startswith(("contact_words", "reply_words", "organisation_words"))


def test_the_index_of_the_queue_holds_what_waits_and_nothing_else(database: Database) -> None:
    """Alembic does not compare what an index leaves out."""
    sql = (
        "SELECT sql FROM sqlite_master WHERE name = 'ix_message_ready'"
        if database.is_sqlite
        else "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_message_ready'"
    )
    with database.reading() as session:
        made = str(session.execute(sa.text(sql)).scalar_one())
    assert "(priority, due_at, id)" in made.replace('"', "")
    assert "WHERE" in made


def test_the_claim_finds_its_candidates_by_that_index(sqlite: Database) -> None:
    with sqlite.reading() as session:
        plan = session.execute(
            sa.text(
                "EXPLAIN QUERY PLAN SELECT id FROM message WHERE state IN ('queued', 'deferred') "
                "AND priority = 4 AND due_at <= '2027-01-01' ORDER BY due_at, id LIMIT 8"
            )
        ).all()
    assert [row.detail for row in plan] == ["SEARCH message USING INDEX ix_message_ready (priority=? AND due_at<?)"]


def test_a_call_finds_its_mails_that_wait_without_going_through_those_of_others(sqlite: Database) -> None:
    with sqlite.reading() as session:
        plan = session.execute(
            sa.text("EXPLAIN QUERY PLAN SELECT id FROM message WHERE call_id = 1 AND state IN ('queued', 'held')")
        ).all()
    assert [row.detail for row in plan] == ["SEARCH message USING COVERING INDEX ix_message_cell (call_id=?)"]


def test_opening_twice_changes_nothing(sqlite_url: str) -> None:
    first = open_database(sqlite_url)
    salt, key = first.salt, first.link_key
    first.close()
    second = open_database(sqlite_url)
    assert (second.salt, second.link_key) == (salt, key)
    second.close()


@pytest.mark.shows("F44")
def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database) -> None:
    with database.changing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    url = database.engine.url.render_as_string(hide_password=False)
    with pytest.raises(Refusal, match=r"made by a newer version of outreach \(schema 9999; this version knows"):
        open_database(url)
    assert _revision(database) == "9999"


def test_commands_that_start_at_once_on_a_new_workspace_all_find_it_ready(
    tmp_path: Path,
) -> None:
    """Real processes, because two connections of one process share more than two commands do."""
    program = (
        "import sys; from outreach.store.database import open_database; "
        "print(open_database(sys.argv[1]).salt.hex())"
    )
    url = f"sqlite:///{tmp_path / 'new.db'}"

    def start(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  our own interpreter
            [sys.executable, "-c", program, url], capture_output=True, text=True, check=False, timeout=100
        )

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(start, range(4)))

    assert [one.stderr for one in done] == [""] * 4
    assert len({one.stdout for one in done}) == 1


def test_two_commands_that_migrate_at_once_migrate_one_after_the_other(
    postgres_url: sa.URL, postgres_admin: sa.Engine
) -> None:
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE test_race"))
    url = postgres_url.set(database="test_race").render_as_string(hide_password=False)
    start = Barrier(4)

    def begin(_: int) -> bytes:
        start.wait(timeout=20)
        opened = open_database(url)
        try:
            return opened.salt
        finally:
            opened.close()

    with ThreadPoolExecutor(4) as pool:
        salts = list(pool.map(begin, range(4)))
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE test_race WITH (FORCE)"))
    assert len(set(salts)) == 1


BREAKS = """
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "9999", "{HEAD}", None, None


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("DELETE FROM message")
    op.execute("UPDATE contact SET name = 'nobody'")
    op.drop_index("ix_message_under_way", "message")
    raise RuntimeError("power cut")
"""


@pytest.mark.shows("F43")
def test_a_migration_that_fails_half_way_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    """A folder of migrations of which the last one breaks after making a table, and changing rows of others."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_breaks.py").write_text(BREAKS.format(HEAD=schema.HEAD), encoding="utf-8")
    house = make.house(database)
    with database.changing() as session:
        for number in range(20):
            make.contact(session, house, f"member{number}@harbour.example")
        make.launched(session, house)
    every = {name: {*table.columns.keys()} for name, table in SQLModel.metadata.tables.items()}
    before = contents(database.engine, every)
    assert len(before["message"]) == len(before["contact"]) == 20
    with pytest.raises(RuntimeError, match="power cut"):
        schema.migrate(database.engine, folder)
    assert _revision(database) == schema.HEAD
    look = sa.inspect(database.engine)
    assert not look.has_table("half")
    assert "ix_message_under_way" in {index["name"] for index in look.get_indexes("message")}
    assert contents(database.engine, every) == before


def contents(engine: sa.Engine, columns: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """All rows of each table, as far as those columns go."""
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for name in (name for name in columns if columns[name]):
            table = sa.table(name, *(sa.column(each) for each in sorted(columns[name])))
            found[name] = sorted(repr(row) for row in connection.execute(sa.select(table)))
    return found


FIRST_ROWS = """
INSERT INTO letter (id, slug, version, created_at) VALUES (1, 'safe-passage', 1, '2027-01-11 12:00:00');
INSERT INTO call (id, slug, title, letter_id, letter_version, state, rehearsal, default_language, organisers, background,
    deadline, deadline_at, deadline_revision, "release", reminders, last_call, thank_you, audience, created_at)
    VALUES (1, 'safe-passage', 'Safe passage', 1, 1, 'open', false, 'en', '[]', '[]', '2027-02-26 17:00 Europe/Brussels',
    '2027-02-26 16:00:00', 1, '', '[]', '', true, '{}', '2027-01-11 12:00:00');
INSERT INTO call_text (id, call_id, kind, language, source, digest, current, created_at)
    VALUES (1, 1, 'invitation', 'en', 'text', 'digest', true, '2027-01-11 12:00:00');
INSERT INTO contact (id, address, address_digest, domain, name, given_name, role, country, language, time_zone, source,
    basis, custom, created_at, updated_at) VALUES (1, 'idris@harbourlight.example', 'd1', 'harbourlight.example', '', '',
    '', '', 'en', '', '', 'member', '{}', '2027-01-11 12:00:00', '2027-01-11 12:00:00');
INSERT INTO signature (id, letter_id, letter_version, call_id, kind, state, name, signer_key, contact_id, submitted_at)
    VALUES (1, 1, 1, 1, 'individual', 'confirmed', 'Idris', 'd1', 1, '2027-01-12 12:00:00');
INSERT INTO message (id, kind, bulk, test, rehearsal, priority, call_id, contact_id, signature_id, address,
    address_digest, domain, language, time_zone, text_id, "values", state, reason, detail, due_at, attempts, copies,
    queued_at, claimed_by) VALUES (1, 'invitation', true, false, false, 4, 1, 1, 1, 'idris@harbourlight.example', 'd1',
    'harbourlight.example', 'en', '', 1, '{}', 'queued', '', '', '2027-01-11 12:00:00', 0, 0, '2027-01-11 12:00:00', '')
"""  # noqa: E501  a row a line
"""A workspace as the first version left it: a call under way, a signature, a mail that waits."""


def test_a_database_of_the_first_version_opens_with_all_that_is_in_it(
    tmp_path: Path, postgres_url: sa.URL, postgres_admin: sa.Engine
) -> None:
    first = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, first, ignore=shutil.ignore_patterns("__pycache__", "000[2-9]*", "00[1-9]*"))
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE test_first"))
    on_postgresql = postgres_url.set(database="test_first", drivername="postgresql+psycopg")
    for url in (sa.make_url(f"sqlite:///{tmp_path / 'outreach.db'}"), on_postgresql):
        engine = sa.create_engine(url)
        schema.migrate(engine, first)
        with engine.begin() as connection:
            for statement in FIRST_ROWS.split(";\n"):
                connection.exec_driver_sql(statement)
        engine.dispose()
        database = open_database(url.render_as_string(hide_password=False))
        with database.reading() as session:
            message, text = session.exec(select(Message, CallText).where(CallText.id == Message.text_id)).one()
            assert (message.address, text.source, text.call_id) == ("idris@harbourlight.example", "text", 1)
            (signature,) = session.exec(select(Signature))
            assert (signature.signer_name, signature.visibility) == ("", Visibility.PUBLIC)
            assert (signature.signer_key, signature.asked_at) == ("contact 1", signature.submitted_at)
            assert Listing.read(session.exec(select(Call)).one().listing) == Listing()
        with pytest.raises(sa.exc.IntegrityError), database.changing() as session:
            session.execute(sa.text("DELETE FROM call_text"))  # references are enforced again
        database.close()
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE test_first WITH (FORCE)"))


def test_what_was_recorded_before_there_was_a_chain_is_its_beginning(
    tmp_path: Path, postgres_url: sa.URL, postgres_admin: sa.Engine
) -> None:
    """A workspace of the version before the log was a chain, with more lines than are sealed at once."""
    earlier = tmp_path / "migrations"
    shutil.copytree(
        schema.MIGRATIONS, earlier, ignore=shutil.ignore_patterns("__pycache__", "000[7-9]*", "00[1-9]*")
    )
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE test_unchained"))
    on_postgresql = postgres_url.set(database="test_unchained", drivername="postgresql+psycopg")
    insert = (
        "INSERT INTO event (at, by, verb, subject, subject_id, facts) VALUES ('{}', 'Rosa', '{}', '{}', 1, '{}')"
    )
    for url in (sa.make_url(f"sqlite:///{tmp_path / 'outreach.db'}"), on_postgresql):
        engine = sa.create_engine(url)
        schema.migrate(engine, earlier)
        with engine.begin() as connection:
            for statement in FIRST_ROWS.split(";\n"):
                connection.exec_driver_sql(statement)
            for number in range(1, 1203):
                subject = ("call", "letter", "signature", "contacts")[number % 4]
                facts = f'{{"texts": {number}, "by": "Zoë"}}'
                connection.exec_driver_sql(insert.format("2027-01-11 12:00:00", f"verb {number}", subject, facts))
        engine.dispose()
        database = open_database(url.render_as_string(hide_password=False))
        assert [number for number, _ in numbered(database)] == list(range(1, 1203))
        lines(database, "the first of the new version")
        found = verified(database)
        assert (found.faults, found.lines) == ((), 1203)
        with database.reading() as session:
            call = session.exec(select(Call)).one()
            about = {line.subject for line in about_call(session, call, limit=1000)}
        assert about == {"call", "letter", "signature"}
        tamper(database, "UPDATE event SET verb = 'nothing' WHERE number = 7")
        assert len(faults(database)) == 1
        database.close()
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE test_unchained WITH (FORCE)"))
