"""The indexes of words that the database keeps say what the rows say, whatever was done with the rows."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.domain.names import name_key
from outreach.domain.replies import ReplyKind
from outreach.queries.contact_search import Sought, search_contacts
from outreach.store import schema
from outreach.store.contact_words import rows_with, words_of
from outreach.store.database import Database, open_database
from outreach.store.tables import Alias, Contact, Organisation, Reply, Suppression, SuppressionReason
from tests import make

WORDS = ("Harbour", "Lamp", "Zoé", "harb", "Éclair", "Réseau-Nord", "a", "O’Neil", "100%", "")


def _said(session: Session) -> tuple[dict[int, str], dict[int, str]]:
    """What replies and organisations are to be found by, put together from their rows."""
    bodies = {one.id or 0: one for one in session.exec(select(Organisation))}
    names = {number: f"{one.name} {one.acronym}" for number, one in bodies.items()}
    for alias in session.exec(select(Alias)):
        names[alias.organisation_id] += f" {alias.name}"
    replies = {
        one.id or 0: f"{one.sender_name} {one.sender_address} {one.subject} "
        + (bodies[one.organisation_id].name if one.organisation_id else "")
        for one in session.exec(select(Reply))
    }
    return replies, names


def _with(said: dict[int, str], words: tuple[str, ...]) -> set[int]:
    def begins(word: str, text: str) -> bool:
        exact = len(word) == 1 and word.isascii()
        return any(one == word if exact else one.startswith(word) for one in words_of(text, most=None))

    return {number for number, text in said.items() if all(begins(word, text) for word in words)}


def _agrees(session: Session) -> None:
    session.flush()
    replies, names = _said(session)
    for search in ("harb", "zoe", "eclair", "reseau nord", "a", "o neil", "100", "lamp harbour", "nothing"):
        words = words_of(search)
        assert set(session.execute(rows_with(session, "reply_words", words)).scalars()) == _with(replies, words)
        found = session.execute(rows_with(session, "organisation_words", words)).scalars()
        assert set(found) == _with(names, words), search
    digests = set(session.exec(select(Suppression.address_digest)))
    people = session.exec(select(Contact)).all()
    for search in ("", "idris"):
        page = search_contacts(session, Sought(search, stopped=True), limit=100)
        assert {one.id for one in page.contacts} == {one.id for one in people if one.address_digest in digests}
        left = search_contacts(session, Sought(search, stopped=False), limit=100)
        assert len(left.contacts) + len(page.contacts) == len(people)


def _reply(subject: str, body: Organisation | None, *, sender_name: str = "") -> Reply:
    other, number = ReplyKind.OTHER, body.id if body else None
    return Reply(
        at=make.NOON,
        kind=other,
        first_kind=other,
        subject=subject,
        sender_name=sender_name,
        organisation_id=number,
    )


def _steps(session: Session, chance: random.Random) -> Iterator[str]:  # noqa: C901  a branch for each deed
    """Something or other is done with the rows."""
    people = list(session.exec(select(Contact)))
    for step in range(40):
        word = " ".join(chance.choices(WORDS, k=2))
        bodies = list(session.exec(select(Organisation)))
        what = chance.choice(("reply", "body", "alias", "stop", "rename", "edit", "less", "move"))
        if what == "reply":
            body = chance.choice([*bodies, None])
            session.add(_reply(chance.choice(WORDS), body, sender_name=word))
        elif what == "body":
            name = f"{word} {step}"
            session.add(Organisation(name=name, name_key=name_key(name), created_at=make.NOON))
        elif what == "alias" and bodies:
            body = chance.choice(bodies)
            session.add(Alias(organisation_id=body.id or 0, name=word, name_key=f"{word} {step}"))
        elif what == "stop":
            person, scope = chance.choice(people), step
            reason = chance.choice(list(SuppressionReason))
            session.add(Suppression(address_digest=person.address_digest, scope=scope, reason=reason, at=make.NOON))
        elif what == "rename" and bodies:
            chance.choice(bodies).name = word
        elif what == "edit":
            session.execute(sa.update(Reply).where(col(Reply.id) % 3 == step % 3).values(subject=word))
            session.execute(sa.update(Organisation).values(acronym=chance.choice(WORDS)))
        elif what == "less":
            for table in (Suppression, Alias, Reply):
                session.execute(sa.delete(table).where(col(table.id) % 3 == step % 3))
        elif what == "move" and bodies:
            session.execute(sa.update(Reply).values(organisation_id=chance.choice(bodies).id))
            session.execute(sa.update(Alias).values(organisation_id=chance.choice(bodies).id))
        session.flush()
        yield what


@pytest.mark.parametrize("seed", range(3))
def test_what_the_indexes_find_is_what_the_rows_say(database: Database, seed: int) -> None:
    house = make.house(database)
    with database.changing() as session:
        for number in range(6):
            make.contact(session, house, f"idris{number}@quay.example")
        for number, _ in enumerate(_steps(session, random.Random(seed))):  # noqa: S311
            if number % 4 == 0:
                _agrees(session)
                session.expire_all()
        _agrees(session)


def test_a_database_made_before_there_were_these_indexes_has_them_when_it_is_opened(
    tmp_path: Path, postgres_url: sa.URL, postgres_admin: sa.Engine
) -> None:
    earlier = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, earlier, ignore=shutil.ignore_patterns("__pycache__", "001[1-9]*"))
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE test_unfound"))
    on_postgresql = postgres_url.set(database="test_unfound", drivername="postgresql+psycopg")
    for url in (sa.make_url(f"sqlite:///{tmp_path / 'outreach.db'}"), on_postgresql):
        engine = sa.create_engine(url)
        schema.migrate(engine, earlier)
        with Session(engine) as session:
            body = Organisation(name="Zoé Lamp", name_key="zoe lamp", created_at=make.NOON)
            session.add(body)
            session.flush()
            session.add(Alias(organisation_id=body.id or 0, name="Harbour", name_key="harbour"))
            for number in range(3):
                digest = f"d{number}"
                address = f"idris{number}@quay.example"
                session.add(
                    Contact(address=address, address_digest=digest, created_at=make.NOON, updated_at=make.NOON)
                )
            reason = SuppressionReason.OPT_OUT
            session.add(Suppression(address_digest="d1", reason=reason, at=make.NOON))
            session.add(_reply("Éclair", body))
            session.commit()
        engine.dispose()
        database = open_database(url.render_as_string(hide_password=False))
        with database.reading() as session:
            _agrees(session)
        database.close()
    with postgres_admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE test_unfound WITH (FORCE)"))
