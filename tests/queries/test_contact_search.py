"""Contacts are found by the beginnings of words, and the index never says anything else than the rows do."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from outreach.queries.contact_search import Sought, search_contacts
from outreach.store.contact_words import words_of
from outreach.store.database import Database
from outreach.store.tables import Affiliation, Contact, ContactTag, Organisation, SuppressionReason
from tests import make


def _names(session: Session, search: str = "", **narrowed: Any) -> list[str]:
    return [one.name for one in search_contacts(session, Sought(search, **narrowed)).contacts]


@pytest.fixture
def people(database: Database) -> Database:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example", name="Idris Belhaj", organisation="Harbour House")
        make.contact(session, house, "zoe.lumiere@phare.example", name="Zoé Lumière", country="FR", language="fr")
        make.contact(session, house, "o'neil@lamp.example", name="Siobhán O’Neil", tags=("press",), basis="")
    return database


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("idr", ["Idris Belhaj"]),
        ("IDRIS bel", ["Idris Belhaj"]),
        ("belhaj harb", ["Idris Belhaj"]),
        ("idris@harb", ["Idris Belhaj"]),
        ("zoe", ["Zoé Lumière"]),
        ("Zoé LUMIÈRE", ["Zoé Lumière"]),
        ("zoe.lumiere@phare.example", ["Zoé Lumière"]),
        ("o'neil@lamp", ["Siobhán O’Neil"]),
        ("siobhan", ["Siobhán O’Neil"]),
        ("house", ["Idris Belhaj"]),
        ("dris", []),
        ("zoe harbour", []),
        ("example", ["Siobhán O’Neil", "Zoé Lumière", "Idris Belhaj"]),
        ("", ["Siobhán O’Neil", "Zoé Lumière", "Idris Belhaj"]),
        ("  ...  ", ["Siobhán O’Neil", "Zoé Lumière", "Idris Belhaj"]),
    ],
)
def test_every_word_that_is_typed_begins_a_word_of_who_is_found(
    people: Database, search: str, found: list[str]
) -> None:
    with people.reading() as session:
        assert _names(session, search) == found


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"country": "FR"}, ["Zoé Lumière"]),
        ({"country": "fr", "language": "fr"}, ["Zoé Lumière"]),
        ({"country": "FR", "language": "en"}, []),
        ({"basis": "member"}, ["Zoé Lumière", "Idris Belhaj"]),
        ({"tag": "press"}, ["Siobhán O’Neil"]),
        ({"tag": "migration", "country": "FR"}, ["Zoé Lumière"]),
        ({"search": "lamp", "tag": "migration"}, []),
        ({"tag": "nothing"}, []),
    ],
)
def test_a_list_is_narrowed_by_any_of_them_together(
    people: Database, narrowed: dict[str, str], found: list[str]
) -> None:
    with people.reading() as session:
        assert _names(session, **narrowed) == found


@pytest.mark.parametrize("search", ["", "example"])
def test_who_may_be_written_to_and_who_may_not(people: Database, search: str) -> None:
    with people.changing() as session:
        idris = session.exec(select(Contact).where(col(Contact.name) == "Idris Belhaj")).one()
        make.suppression(session, idris, SuppressionReason.OPT_OUT)
    with people.reading() as session:
        assert _names(session, search, stopped=True) == ["Idris Belhaj"]
        assert _names(session, search, stopped=False) == ["Siobhán O’Neil", "Zoé Lumière"]


def test_the_index_follows_whatever_is_changed(people: Database) -> None:
    with people.changing() as session:
        zoe = session.exec(select(Contact).where(col(Contact.country) == "FR")).one()
        zoe.name = "Zoé Lux"
        session.flush()
        assert _names(session, "lux") == ["Zoé Lux"]
        house = session.exec(select(Organisation)).one()
        zoe.name, zoe.country = "Zora Faro", "ES"
        session.add(Affiliation(contact_id=zoe.id or 0, organisation_id=house.id or 0))
    with people.reading() as session:
        assert (_names(session, "lux"), _names(session, "zora")) == ([], ["Zora Faro"])
        assert _names(session, "house") == ["Zora Faro", "Idris Belhaj"]
        assert (_names(session, country="FR"), _names(session, country="ES")) == ([], ["Zora Faro"])
    with people.changing() as session:
        session.get_one(Organisation, house.id).name = "Lighthouse"
    with people.reading() as session:
        assert (_names(session, "house"), _names(session, "lighth")) == ([], ["Zora Faro", "Idris Belhaj"])
    with people.changing() as session:
        session.delete(session.exec(select(Affiliation).where(Affiliation.contact_id == zoe.id)).one())
    with people.reading() as session:
        assert _names(session, "lighth") == ["Idris Belhaj"]
    with people.changing() as session:
        session.execute(sa.delete(ContactTag))
        session.execute(sa.delete(Affiliation))
        session.execute(sa.delete(Contact))
    with people.reading() as session:
        assert _names(session, "example") == []
        assert session.execute(sa.text("SELECT count(*) FROM contact_words")).scalar_one() == 0


def test_more_is_found_below_the_last_and_nobody_twice(people: Database) -> None:
    for search in ("", "example"):
        seen, before = [], 0
        with people.reading() as session:
            while True:
                page = search_contacts(session, Sought(search), before=before, limit=1)
                seen += [one.name for one in page.contacts]
                if not (before := page.next):
                    break
            assert seen == ["Siobhán O’Neil", "Zoé Lumière", "Idris Belhaj"]
            assert search_contacts(session, Sought(search)).count == 3


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(search=st.text(max_size=30), basis=st.text(max_size=5))
def test_whatever_is_typed_is_looked_for_and_never_understood(people: Database, search: str, basis: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in search + basis) or "\0" in search + basis:
        return
    with people.reading() as session:
        search_contacts(session, Sought(search, basis=basis))


def test_words_are_parted_and_plain() -> None:
    assert words_of("  Zoé.LUMIÈRE@phare-bleu  zoe ") == ("zoe", "lumiere", "phare", "bleu")
