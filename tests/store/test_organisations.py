"""An organisation is found by any of its names, and added once, however many add it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlmodel import select

from outreach.store.database import Database
from outreach.store.organisations import find_or_add, find_organisation
from outreach.store.tables import Alias, Organisation
from tests.make import NOON


def test_an_organisation_is_found_by_its_name_in_other_letters_and_by_an_alias(database: Database) -> None:
    with database.changing() as session:
        body = find_or_add(session, "Harbour Lamp", now=NOON)
        session.add(Alias(organisation_id=body.id or 0, name="Lámpara del Puerto", name_key="lámpara del puerto"))
        session.flush()
        for name in ("HARBOUR  LAMP ", "Lámpara del Puerto"):
            assert find_organisation(session, name) == body
            assert find_or_add(session, name, now=NOON) == body


def test_two_who_add_an_organisation_at_once_get_the_same(database: Database) -> None:
    start = Barrier(4)

    def add(_: int) -> int | None:
        start.wait(timeout=20)
        with database.changing() as session:
            return find_or_add(session, "Quay House", now=NOON).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(add, range(4)))) == 1
    with database.reading() as session:
        assert len(session.exec(select(Organisation)).all()) == 1
