"""What a transaction changes of what people edit stands in the log, before and after; no verb can forget it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from outreach.domain.states import CallState
from outreach.domain.users import UserState
from outreach.store.database import Database
from outreach.store.following import FOLLOWED
from outreach.store.tables import (
    Call,
    Contact,
    ContactTag,
    Event,
    EventDetail,
    Fact,
    Organisation,
    Post,
    Signature,
    User,
)
from outreach.usecases.change_signature import correct_signature
from outreach.usecases.edit_call import edit_call
from outreach.usecases.edit_official import edit_official
from outreach.usecases.pause_call import pause_call
from outreach.usecases.remove_fact import remove_fact
from tests import make
from tests.logged import faults, records
from tests.make import NOON

NOT_FOLLOWED = {
    "account": "the engine's breaker",
    "answer_document": "a file that comes with an answer, whose line says so",
    "attempt": "what a server said to the engine",
    "bounce": "what a server reported",
    "document": "a file never changes; the line of what it belongs to names it",
    "document_content": "as its document",
    "edition": "an edition never changes",
    "edition_copy": "a note that a copy left, in itself a log",
    "edition_entry": "as its edition",
    "event": "the log itself",
    "event_detail": "the log itself",
    "inbound_content": "what arrived, as it arrived",
    "inbound_mail": "what arrived, as it arrived",
    "inbound_place": "where it lay",
    "letter_document": "its line names the file",
    "mailbox_cursor": "how far the mailbox has been read",
    "message": "the outbox, which has its own history",
    "message_document": "as the outbox",
    "answer_tick": "a count that the database keeps",
    "message_tally": "counts that the database keeps",
    "reply_guess": "what the program supposes",
    "reply_watch": "who looks at what just now",
    "sitting": "who is logged in just now",
    "task": "work under way; what it does has its own lines",
    "workspace_fact": "what the workspace knows of itself",
}
"""Why the log does not follow a table."""


def details(session: Session, verb: str) -> dict[str, Any]:
    """What the newest line of that verb changed, by table and column."""
    line = session.exec(select(Event).where(Event.verb == verb).order_by(col(Event.id).desc())).first()
    assert line is not None
    rows = session.exec(
        select(EventDetail).where(EventDetail.event_id == line.id).order_by(col(EventDetail.position))
    )
    return {f"{one.thing}.{column}": pair for one in rows for column, pair in one.changes.items()}


def test_of_every_table_it_is_said_whether_the_log_follows_it() -> None:
    followed = {one.__tablename__ for one in FOLLOWED}
    assert {table.name for table in SQLModel.metadata.sorted_tables} - followed - set(NOT_FOLLOWED) == set()
    assert followed & set(NOT_FOLLOWED) == set()


def test_a_signature_that_is_corrected_shows_both_names(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbourlight.coop")
        call, _ = make.launched(session, house)
        given = make.signature(session, call, name="Harbour Lamp")
    with database.changing() as session:
        signature = session.get_one(Signature, given.id)
        correct_signature(session, signature, make.entry(name="Harbour Lamps"), now=NOON, house=house, by="Rosa")
    with database.reading() as session:
        said = details(session, "correct_signature")
    assert said["signature.name"] == ["Harbour Lamp", "Harbour Lamps"]
    assert said["signature.revision"] == [1, 2]
    assert "signature.acronym" not in said


def test_an_official_who_is_edited_shows_both_offices(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        made = Post(slug="kenya-geneva", office="Mission", ways=["hand"], created_at=NOON, updated_at=NOON)
        session.add(made)
    with database.changing() as session:
        post = session.get_one(Post, made.id)
        edit_official(session, post, {"office": "The Mission"}, now=NOON + timedelta(1), by="Rosa", house=house)
    with database.reading() as session:
        assert details(session, "edit_official") == {"post.office": ["Mission", "The Mission"]}


def test_a_call_that_is_edited_or_paused_shows_what_became_other(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        draft = make.call(session, house)
        title = draft.title
    with database.changing() as session:
        call = session.get_one(Call, draft.id)
        edit_call(session, call, make.call_file(title="Another title"), now=NOON, by="Rosa", house=house)
    with database.reading() as session:
        said = details(session, "edit_call")
    assert said["call.title"] == [title, "Another title"]
    with database.changing() as session:
        call = session.get_one(Call, draft.id)
        call.state = CallState.OPEN
        pause_call(session, call, now=NOON, by="Rosa")
    with database.reading() as session:
        assert details(session, "pause_call") == {
            "call.paused_at": [None, "2027-01-11T12:00:00+00:00"],
            "call.state": ["draft", "open"],
        }


def test_what_is_new_and_what_is_removed_is_told_as_a_whole(database: Database) -> None:
    with database.changing() as session:
        fact = Fact(state="KE", name="ratified", value="yes", since=NOON.date(), by="Rosa", at=NOON)
        session.add(fact)
        records(session, "record_fact", subject="fact")
    whole = {"state": "KE", "name": "ratified", "value": "yes", "since": "2027-01-11", "by": "Rosa"}
    with database.reading() as session:
        said = details(session, "record_fact")
    assert {column: said[f"fact.{column}"] for column in whole} == {k: [None, v] for k, v in whole.items()}
    with database.changing() as session:
        remove_fact(session, now=NOON, by="Rosa", name="ratified", since=NOON.date(), state="KE", institution="")
    with database.reading() as session:
        said = details(session, "remove_fact")
    assert {column: said[f"fact.{column}"] for column in whole} == {k: [v, None] for k, v in whole.items()}


def test_what_was_not_read_before_it_was_set_is_told_with_what_stood_there(database: Database) -> None:
    with database.changing() as session:
        body = Organisation(name="Harbour Light", name_key="harbour light", country="BE", created_at=NOON)
        session.add(body)
    with database.changing() as session:
        body = session.get_one(Organisation, body.id)
        session.expire(body)
        body.country = "KE"
        body.name = "Harbour Light"
        records(session, "move", subject="organisation", of=body.id or 0)
    with database.reading() as session:
        assert details(session, "move") == {"organisation.country": ["BE", "KE"]}


def test_what_a_savepoint_took_back_is_not_told(database: Database) -> None:
    with database.changing() as session:
        body = Organisation(name="Harbour Light", name_key="harbour light", created_at=NOON)
        session.add(body)
    with database.changing() as session:
        body = session.get_one(Organisation, body.id)
        with session.begin_nested():
            body.country = "BE"
        with suppress(RuntimeError), session.begin_nested():
            body.acronym = "HL"
            session.flush()
            raise RuntimeError
        with suppress(sa.exc.IntegrityError), session.begin_nested():
            body.website = "https://harbourlight.example"
            session.flush()
            session.add(Organisation(name="another", name_key="harbour light", created_at=NOON))
            session.flush()
        records(session, "settle", subject="organisation", of=body.id or 0)
    with database.reading() as session:
        assert details(session, "settle") == {"organisation.country": ["", "BE"]}
    assert faults(database) == ()


def test_secrets_are_only_said_to_have_changed(database: Database) -> None:
    with database.changing() as session:
        user = User(
            address="rosa@lanterncoast.example",
            name="Rosa",
            state=UserState.ACTIVE,
            password="$argon2id$first",
            device="JBSWY3DP",
            invited_at=NOON,
            created_at=NOON,
        )
        session.add(user)
        session.flush()
        records(session, "invite_user", subject="user", of=user.id or 0)
    with database.changing() as session:
        user = session.get_one(User, user.id)
        user.password, user.device, user.name = "$argon2id$second", "", "Rosa Lindqvist"
        records(session, "change_password", subject="user", of=user.id or 0)
    with database.reading() as session:
        assert details(session, "change_password") == {
            "user_account.device": [{"secret": True}, None],
            "user_account.name": ["Rosa", "Rosa Lindqvist"],
            "user_account.password": [{"secret": True}, {"secret": True}],
        }
        kept = repr(session.execute(sa.select(EventDetail.__table__)).all())  # type: ignore[attr-defined]
    assert "argon2id" not in kept
    assert "JBSWY3DP" not in kept


def test_a_long_text_is_told_by_its_length_and_its_digest(database: Database) -> None:
    with database.changing() as session:
        body = Organisation(name="n", name_key="n", website="w" * 500, created_at=NOON)
        session.add(body)
        session.flush()
        body.website = "w" * 501
        session.add(body)
        records(session, "write", subject="organisation", of=body.id or 0)
        session.flush()
        body.website = ""
        session.add(body)
        records(session, "erase", subject="organisation", of=body.id or 0)
    with database.reading() as session:
        ((before, after),) = details(session, "erase").values()
    assert (before["characters"], len(before["sha256"]), after) == (501, 64, "")


def test_what_belongs_to_a_thing_stands_with_the_line_about_it(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbourlight.coop", tags=())
        records(session, "meet", subject="contact", of=idris.id or 0)
    with database.changing() as session:
        session.add(ContactTag(contact_id=idris.id or 0, tag="press"))
        records(session, "tag", subject="contact", of=idris.id or 0)
        records(session, "something else", of=7)
    with database.reading() as session:
        assert details(session, "tag") == {
            "contact_tag.contact_id": [None, idris.id],
            "contact_tag.tag": [None, "press"],
        }
        assert details(session, "something else") == {}


@pytest.mark.parametrize("column", ["updated_at", "last_seen_at"])
def test_that_a_row_was_touched_is_no_change(column: str) -> None:
    assert any(column in one.__table__.c for one in FOLLOWED)  # type: ignore[attr-defined]


def test_a_contact_that_was_only_touched_leaves_no_details(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        idris = make.contact(session, house, "idris@harbourlight.coop")
    with database.changing() as session:
        found = session.get_one(Contact, idris.id)
        found.updated_at = NOON + timedelta(days=1)
        session.add(found)
        records(session, "touch", subject="contact", of=idris.id or 0)
    with database.reading() as session:
        assert details(session, "touch") == {}
