"""What the tests of verbs can ask for by name."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from outreach.store.database import Database
from tests import make
from tests.exchange import Exchange
from tests.mailed import Mailed
from tests.usecases.listed import STAFF, Listed
from tests.usecases.world import ANA, IDRIS, World


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    """A call to two colleagues, whose invitations have gone."""
    with _world(database) as made:
        yield made


@pytest.fixture
def sqlite_world(sqlite: Database) -> Iterator[World]:
    """The same, for what does not depend on the kind of database."""
    with _world(sqlite) as made:
        yield made


@contextmanager
def _world(database: Database) -> Iterator[World]:
    house = make.house(database, staff={"addresses": "rosa@lanterncoast.coop"})
    with database.changing() as session:
        idris = make.contact(session, house, IDRIS, organisation="Harbour Light", given_name="Idris")
        ana = make.contact(session, house, ANA, organisation="Harbour Light", name="Ana Sousa")
        call, _ = make.launched(session, house)
        make.submitted(session)
        yield World(session, house, call, idris, ana)


@pytest.fixture
def listed(database: Database) -> Iterator[Listed]:
    """An open call that people sign."""
    with database.changing() as session:
        yield Listed.opened(session, make.house(database, staff=STAFF))


@pytest.fixture
def sqlite_listed(sqlite: Database) -> Iterator[Listed]:
    """The same, for what does not depend on the kind of database."""
    with sqlite.changing() as session:
        yield Listed.opened(session, make.house(sqlite, staff=STAFF))


@pytest.fixture
def exchange(sqlite: Database) -> Iterator[Exchange]:
    """A letter that went to two missions."""
    with sqlite.changing() as session:
        yield Exchange.begun(session, make.house(sqlite, staff=STAFF))


@pytest.fixture
def mailed(sqlite: Database) -> Iterator[Mailed]:
    """A letter to an official, with a copy, that waits in the outbox."""
    with sqlite.changing() as session:
        yield Mailed.queued(session, make.house(sqlite, staff=STAFF))
