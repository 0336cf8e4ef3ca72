"""Every count is derived anew; whatever a hand or a defect has changed is said."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.outcomes import Accepted, Declined, Lost, Phase, Reply
from outreach.domain.proofs import Proof
from outreach.domain.states import MessageState
from outreach.queries.audit import audit
from outreach.store.database import Database
from outreach.store.doubts import INTERRUPTED
from outreach.store.ownership import orphans
from outreach.store.tables import Attempt, Message, MessageTally, Suppression, SuppressionReason
from outreach.usecases.retry_messages import retry_messages
from outreach.usecases.settle_unknown import settle_unknown
from tests import make
from tests.stage import RecordingTransport, stage, submit
from tests.worker.setting import invite, left_by_the_dead, people

TAKEN, GONE = Accepted(Reply(250, "taken")), Declined(Phase.RCPT, Reply(550, "no such user", "5.1.1"))
LATER, LOST = Declined(Phase.RCPT, Reply(451, "later", "4.7.1")), Lost(Phase.DOT, "the line broke")


@pytest.fixture
def lived(database: Database) -> Database:
    """A workspace in which everything has happened to mails that can happen."""
    house, clock = make.house(database, mail={"transport": "smtp", "when_unknown": "again"}), make.TurnedClock()
    call = invite(database, house, people(12))
    transport = RecordingTransport(clock, outcomes=[TAKEN, GONE, LATER, LOST, LOST, LOST])
    app = stage(database, house, clock, transport)
    submit(app)
    with database.changing() as session:
        first, second, third = (each for each in make.messages(session) if each.state is MessageState.UNKNOWN)
        settle_unknown(session, first, arrived=True, now=clock.now(), by="Rosa")
        settle_unknown(session, second, arrived=False, now=clock.now(), by="Rosa")
        retry_messages(session, session.merge(call), state=MessageState.FAILED, now=clock.now(), by="Rosa")
        number = third.id
    transport.outcomes = [LOST, LOST, LATER]
    submit(app)
    assert agrees(database)
    with database.changing() as session:
        left_by_the_dead(session, number or 0)
    clock.turn(timedelta(hours=1))
    submit(app)
    return database


def said(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {one.question: one.sentence for one in audit(session, make.NOON + timedelta(days=1)).disagreements}


def agrees(database: Database) -> bool:
    return said(database) == {}


def changed(database: Database, **values: Any) -> int:
    """The first sent mail's row as a hand has changed it."""
    with database.changing() as session:
        number = min(each.id or 0 for each in make.messages(session, Message.state == MessageState.SENT))
        change(session, number, **values)
    return number


def change(session: Session, number: int, **values: Any) -> None:
    session.execute(sa.update(Message).where(col(Message.id) == number).values(**values))


def test_what_a_workspace_has_lived_through_agrees(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(8))
    transport = RecordingTransport(clock, outcomes=[TAKEN, GONE, LATER, LOST])
    submit(stage(database, house, clock, transport))
    with database.reading() as session:
        found = audit(session, clock.now())
    assert found.disagreements == ()
    assert (found.messages, found.attempts) == (8, 8)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("copies", {"copies": 3}),
        ("claimed by", {"claimed_by": "harbour:1:dead"}),
        ("owner", {"state": MessageState.SENDING, "sent_at": None}),
        ("sent at", {"sent_at": None}),
        ("taken", {"state": MessageState.QUEUED, "sent_at": None}),
        ("deferred", {"state": MessageState.DEFERRED}),
        ("failed", {"state": MessageState.FAILED}),
        ("unknown", {"state": MessageState.UNKNOWN}),
        ("too many copies", {"copies": 2}),
        ("too few copies", {"copies": 0}),
        ("attempts", {"attempts": 9}),
        ("no attempt", {"attempts": 0}),
        ("time", {"sent_at": make.NOON + timedelta(days=2)}),
        ("live owner", {"state": MessageState.SENDING, "claimed_by": "harbour:1:dead", "sent_at": None}),
    ],
)
def test_a_row_that_a_hand_has_changed_is_said_with_its_number(
    database: Database, question: str, values: dict[str, Any]
) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(3))
    submit(stage(database, house, clock, RecordingTransport(clock)))
    assert agrees(database)
    number = changed(database, **values)
    assert f"1 mail (number {number})." in said(database)[question]


def attempt(message: Message, state: MessageState, reason: str) -> Attempt:
    return Attempt(message_id=message.id or 0, at=make.NOON, state=state, reason=reason)


def test_a_mail_that_is_sent_without_anything_that_shows_it_is_said(database: Database) -> None:
    house = make.house(database)
    invite(database, house, people(2))
    with database.changing() as session:
        session.execute(sa.update(Message).values(state=MessageState.SENT, sent_at=make.NOON))
    assert said(database)["sent"].startswith("They are sent, but nothing shows that anybody took them: 2 mails")
    with database.changing() as session:
        for each in make.messages(session):
            proof = attempt(each, MessageState.SENT, Proof.RELAY_LOG)
            session.add_all([proof, attempt(each, MessageState.UNKNOWN, INTERRUPTED)])
            change(session, each.id or 0, copies=1)
    assert agrees(database)


def test_a_worker_that_settles_and_ends_while_it_is_asked_about_is_not_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make.house(database)
    invite(database, house, people(2))
    with database.changing() as session:
        left_by_the_dead(session, *(each.id or 0 for each in make.messages(session)))
    assert "a worker that is gone: 2 mails (number 1, 2)." in said(database)["live owner"]

    def ends_meanwhile(session: Session) -> list[str]:
        gone = orphans(session)
        session.execute(sa.update(Message).values(state=MessageState.QUEUED, claimed_by="", claimed_at=None))
        return gone

    monkeypatch.setattr("outreach.queries.audit.orphans", ends_meanwhile)
    assert "live owner" not in said(database)


def test_a_count_that_differs_from_its_rows_is_said(database: Database) -> None:
    house = make.house(database)
    invite(database, house, people(3))
    with database.changing() as session:
        session.execute(sa.update(MessageTally).values(messages=col(MessageTally.messages) + 4))
    assert "that are queued is 7; there are 3." in said(database)["tallies"]


def test_a_mail_that_was_submitted_after_an_opt_out_is_said(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(3))
    submit(stage(database, house, clock, RecordingTransport(clock)))

    def opts_out(at: timedelta, scope: int = 0) -> None:
        with database.changing() as session:
            digest = make.messages(session)[0].address_digest
            reason = SuppressionReason.OPT_OUT
            session.add(Suppression(address_digest=digest, reason=reason, at=make.NOON + at, scope=scope))

    opts_out(timedelta(minutes=5))
    opts_out(timedelta(minutes=-5), scope=999)
    assert agrees(database)
    with database.changing() as session:
        session.execute(sa.update(Suppression).values(at=make.NOON - timedelta(minutes=5)))
    assert "had asked for none: 1 mail" in said(database)["suppressions"]


def test_a_reference_to_nothing_is_said(sqlite: Database) -> None:
    house = make.house(sqlite)
    invite(sqlite, house, people(3))
    with sqlite.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(
            "INSERT INTO attempt (message_id, at, state, reason, detail) VALUES (77, '2027-01-11', 'sent', '', '')"
        )
        raw.commit()
        raw.execute("PRAGMA foreign_keys=ON")
    found = said(sqlite)
    assert found == {"references": "1 rows of the table attempt refer to rows of message that are not there."}


def test_everything_that_can_happen_to_a_mail_agrees(lived: Database) -> None:
    with lived.reading() as session:
        states = {each.state for each in make.messages(session)}
    assert {MessageState.SENT, MessageState.UNKNOWN} <= states
    assert agrees(lived)
