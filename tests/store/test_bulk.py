"""Many rows at once: what a disk, a server or somebody else does in between is said as it is, and nothing stays."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal, Unreachable
from outreach.store.bulk import Rows, words_at_the_end
from outreach.store.contact_words import Wanted, matching
from outreach.store.database import Database
from outreach.store.tables import Contact, ContactTag, Organisation
from tests import make

CONTACTS: sa.Table = Contact.__table__  # type: ignore[attr-defined]
ORGANISATIONS: sa.Table = Organisation.__table__  # type: ignore[attr-defined]
TAGS: sa.Table = ContactTag.__table__  # type: ignore[attr-defined]

of_each_table = pytest.mark.parametrize("table", [CONTACTS, ORGANISATIONS], ids=str)


def newcomer_is_found(session: Session, house: House) -> bool:
    """Whether somebody who is added now is found by her name, and by that of her organisation, as she should be."""
    amina = make.contact(session, house, "amina@pier.example", name="Amina Okafor", organisation="Pier Watch")
    session.flush()
    found = (matching(session, Wanted((word,))) for word in ("okafor", "watch"))
    return [session.execute(sa.select(one.c.contact_id)).scalars().all() for one in found] == [[amina.id]] * 2


def triggers(session: Session) -> list[Any]:
    """What the database does by itself whenever rows change."""
    if session.get_bind().dialect.name == "sqlite":
        return list(session.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")))
    definition = "SELECT pg_get_triggerdef(oid) AS said FROM pg_trigger ORDER BY said"
    return list(session.execute(sa.text(definition)))


def fills_the_disk(session: Session, house: House, table: sa.Table) -> None:
    """There is room for five pages more, and then for none."""
    connection = session.connection()
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
    with words_at_the_end(session, table):
        make.contact(session, house, "idris@harbour.example", name="I" * 100_000)
        session.flush()


@of_each_table
def test_a_full_disk_is_said_as_one(sqlite: Database, table: sa.Table) -> None:
    house = make.house(sqlite)
    full = r"^The disk is full \(.*\); nothing was changed\.$"
    with pytest.raises(Refusal, match=full), sqlite.changing() as session:
        fills_the_disk(session, house, table)
    sqlite.close()  # it was that connection which had no more room
    with sqlite.changing() as session:
        assert newcomer_is_found(session, house)
        assert len(session.execute(sa.select(CONTACTS.c.id)).all()) == 1


@of_each_table
def test_what_fails_leaves_the_database_as_it_was(database: Database, table: sa.Table) -> None:
    house = make.house(database)
    with database.reading() as session:
        before = triggers(session)
    with suppress(KeyboardInterrupt), database.changing() as session, words_at_the_end(session, table):
        make.contact(session, house, "idris@harbour.example")
        session.flush()
        raise KeyboardInterrupt
    with database.changing() as session:
        assert triggers(session) == before
        assert newcomer_is_found(session, house)


@of_each_table
def test_what_fails_and_is_undone_alone_leaves_the_rest_of_its_transaction_as_it_was(
    database: Database, table: sa.Table
) -> None:
    house = make.house(database)
    with database.changing() as session:
        before = triggers(session)
        with suppress(KeyboardInterrupt), session.begin_nested(), words_at_the_end(session, table):
            make.contact(session, house, "idris@harbour.example")
            session.flush()
            raise KeyboardInterrupt
        assert triggers(session) == before
        assert newcomer_is_found(session, house)


@of_each_table
def test_a_dry_run_leaves_the_database_as_it_was(database: Database, table: sa.Table) -> None:
    house = make.house(database)
    with database.changing(dry_run=True) as session:
        before = triggers(session)
        with words_at_the_end(session, table):
            make.contact(session, house, "idris@harbour.example")
            session.flush()
        assert triggers(session) == before
    with database.changing() as session:
        assert triggers(session) == before
        assert newcomer_is_found(session, house)


def tag(session: Session, house: House, *, meanwhile: Callable[[Session], None] | None = None) -> None:
    """Idris gets a tag that he has."""
    idris = make.contact(session, house, "idris@harbour.example", tags=("oak",))
    session.flush()
    if meanwhile:
        meanwhile(session)
    Rows(session, TAGS, ("contact_id", "tag")).write([(idris.id, "oak")])


def test_a_row_that_is_there_already_is_refused_as_by_any_other_statement(database: Database) -> None:
    house = make.house(database)
    with pytest.raises(IntegrityError), database.changing() as session:
        tag(session, house)


def test_a_server_that_goes_away_before_many_rows_is_said_plainly(postgresql: Database) -> None:
    house = make.house(postgresql)

    def cut(session: Session) -> None:
        here = session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        with postgresql.changing() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": here})

    with pytest.raises(Unreachable, match="cannot be reached"), postgresql.changing() as session:
        tag(session, house, meanwhile=cut)
    with postgresql.changing() as session:
        assert newcomer_is_found(session, house)
