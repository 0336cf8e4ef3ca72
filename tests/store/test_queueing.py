"""A mailing becomes rows: who gets one, in which language, when, and with which words."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.preflight import values_for
from outreach.store.queueing import queue_mailing, zones_of_contacts
from outreach.store.tables import Call, CallText, Mailing, Message
from tests import make

NOW = make.NOON
INVITATION = MessageKind.INVITATION


def queue(session: Session, call: Call, house: House, due: dict[str, Any] | None = None) -> tuple[Mailing, int]:
    mailing = make.mailing(session, call, INVITATION)
    times = {"Europe/Brussels": NOW} if due is None else due
    return mailing, queue_mailing(session, call, mailing, times, now=NOW, house=house)


def test_a_row_keeps_all_that_its_mail_needs(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        person = make.contact(
            session,
            house,
            "idris@bücher.example",
            organisation="O'Brien & Søns «Ж»",
            given_name="Idris",
            role="director",
            source="the 2025 letter",
            custom={"salutation": "Dear “Idris”", "number": 3, "none": None, "list": ["é"]},
        )
        call = make.call(session, house)
        mailing, count = queue(session, call, house)
        assert count == 1
        (row,) = make.messages(session)
        assert (row.kind, row.bulk, row.test, row.rehearsal) == (INVITATION, True, False, False)
        assert (row.call_id, row.mailing_id, row.contact_id) == (call.id, mailing.id, person.id)
        assert (row.address, row.domain) == ("idris@xn--bcher-kva.example", "xn--bcher-kva.example")
        assert (row.address_digest, row.occurrence, row.signature_id) == (person.address_digest, None, None)
        assert (row.state, row.attempts, row.copies, row.reason) == (MessageState.QUEUED, 0, 0, "")
        assert (row.due_at, row.queued_at, row.not_after) == (NOW, NOW, None)
        assert row.values["contact"] == {
            "name": "Idris Belhaj",
            "given_name": "Idris",
            "organisation": "O'Brien & Søns «Ж»",
            "role": "director",
            "email": person.address,
            "country": "BE",
            "source": "the 2025 letter",
            "custom": {"salutation": "Dear “Idris”", "number": 3, "none": None, "list": ["é"]},
        }
        assert row.values == values_for(session, person.id or 0)


def test_a_row_can_wait_until_an_hour_before_the_deadline(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
        (row,) = make.messages(session)
        (mailing,) = session.exec(select(Mailing).where(Mailing.kind == INVITATION)).all()
        assert row.not_after == mailing.not_after
        assert row.not_after is not None
        assert row.not_after.tzinfo is not None


def test_a_mailing_reaches_an_address_once_however_often_it_is_queued(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for number in range(3):
            make.contact(session, house, f"{number}@harbour.example")
        call = make.call(session, house)
        mailing, count = queue(session, call, house)
        assert count == 3
        for _ in range(2):
            times = {"Europe/Brussels": NOW + timedelta(hours=1)}
            assert queue_mailing(session, call, mailing, times, now=NOW, house=house) == 0
        assert [row.due_at for row in make.messages(session)] == [NOW] * 3


def test_each_zone_has_its_own_time_and_whoever_lives_elsewhere_gets_none(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for zone in ("Asia/Manila", "Africa/Nairobi", "America/Los_Angeles", ""):
            make.contact(session, house, f"{zone.rpartition('/')[2] or 'nowhere'}@harbour.example", time_zone=zone)
        call = make.call(session, house)
        due = {"Asia/Manila": NOW, "Africa/Nairobi": NOW + timedelta(hours=5), "Europe/Brussels": NOW}
        assert queue(session, call, house, due)[1] == 3
        assert {row.time_zone: row.due_at for row in make.messages(session)} == due


def test_nobody_gets_a_mailing_that_has_no_time(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        assert queue(session, make.call(session, house), house, {})[1] == 0


def test_each_reads_their_own_language_or_else_the_calls(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for language in ("fr", "ar", "sw", ""):
            make.contact(session, house, f"{language or 'none'}@harbour.example", language=language)
        call = make.call(session, house)
        queue(session, call, house)
        rows = {row.address.partition("@")[0]: row for row in make.messages(session)}
        assert {name: row.language for name, row in rows.items()} == {
            "fr": "fr",
            "ar": "ar",
            "sw": "en",
            "none": "en",
        }
        for row in rows.values():
            text = session.get_one(CallText, row.text_id)
            assert (text.kind, text.language, text.current) == (INVITATION, row.language, True)


def test_a_text_that_was_replaced_is_not_used(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example", language="fr")
        call = make.call(session, house)
        old = session.exec(select(CallText).where(CallText.kind == INVITATION, CallText.language == "fr")).one()
        old.current = False
        session.add(old)
        session.flush()
        queue(session, call, house)
        assert make.messages(session)[0].language == "en"


def test_the_zones_that_are_planned_for_are_those_in_which_anybody_lives(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "a@harbour.example", time_zone="Asia/Manila")
        make.contact(session, house, "b@harbour.example", time_zone="")
        make.contact(session, house, "c@harbour.example", time_zone="Asia/Manila", tags=("press",))
        assert zones_of_contacts(session, house) == {"Asia/Manila", "Europe/Brussels"}


def test_a_rehearsed_call_queues_rehearsed_rows(database: Database) -> None:
    house = make.house(database, mail={"transport": "files"})
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
        assert [row.rehearsal for row in make.messages(session)] == [True]


def test_an_answer_to_one_person_is_no_mailing(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        mailing = make.mailing(session, call, MessageKind.RECEIPT)
        with pytest.raises(ValueError, match="receipt is no mailing"):
            queue_mailing(session, call, mailing, {"Europe/Brussels": NOW}, now=NOW, house=house)


def test_someone_who_signed_twice_is_thanked_once_under_the_first_name(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example")
        call = make.call(session, house)
        first = make.signature(session, call, rosa, key="one")
        make.signature(session, call, rosa, key="two")
        mailing = make.mailing(session, call, MessageKind.THANK_YOU)
        assert queue_mailing(session, call, mailing, {"Europe/Brussels": NOW}, now=NOW, house=house) == 1
        (row,) = make.messages(session, col(Message.kind) == MessageKind.THANK_YOU)
        assert row.signature_id == first.id
        assert row.values["signature"]["name"] == first.name


def test_a_contacts_earlier_mails_are_found_by_the_contact_however_many_a_call_has(sqlite: Database) -> None:
    house, plans = make.house(sqlite), []

    def explain(_connection: Any, cursor: Any, text: str, values: Any, _context: Any, _many: Any) -> None:
        if "INSERT INTO message " in text:
            plans.append([row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()])

    sa.event.listen(sqlite.engine, "before_cursor_execute", explain)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _launched = make.launched(session, house)
        mailing = session.exec(select(Mailing).where(Mailing.kind == MessageKind.REMINDER)).first()
        assert mailing is not None
        queue_mailing(session, call, mailing, {"Europe/Brussels": NOW}, now=NOW, house=house)
    sa.event.remove(sqlite.engine, "before_cursor_execute", explain)
    reads = [line for plan in plans for line in plan if line.startswith("SEARCH message")]
    assert len(plans) == 2
    assert [line for line in reads if "(contact_id=?" not in line and "message_" not in line] == []
