"""The worker from its start to its end: what a dead one left, what the rules do with it, and when it leaves."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.outcomes import NoSession, Phase
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.ownership import owning
from outreach.store.tables import Call, Contact, Message
from outreach.usecases.pause_call import pause_call
from outreach.usecases.queue_message import queue_for_signature
from outreach.worker.engine import Engine
from outreach.worker.work import work
from tests import make
from tests.parts.servers import Drop, InTurn, Taken, serving
from tests.stage import RecordingTransport, stage, submit
from tests.worker.setting import Gate, invite, left_by_the_dead, people, rows, states, to, until


def message_ids(contents: list[bytes]) -> set[bytes]:
    return {line for each in contents for line in each.split(b"\r\n") if line.startswith(b"Message-ID:")}


def confirmation(session: Session, house: House, call: Call) -> None:
    """Somebody has signed, and is asked to confirm it."""
    person = session.execute(sa.select(Contact)).scalars().first()
    assert person is not None
    given = make.signature(session, call, person, kind=SignatureKind.INDIVIDUAL, state=SignatureState.PENDING)
    queue_for_signature(session, call, given, MessageKind.CONFIRMATION, now=make.NOON, house=house)


def only_a_confirmation(database: Database, house: House) -> None:
    call = invite(database, house, people(1))
    with database.changing() as session:
        session.execute(sa.update(Message).values(state=MessageState.SENT))
        confirmation(session, house, session.get_one(Call, call.id))


# What a dead worker left.


def test_an_invitation_in_doubt_waits_for_a_person(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(3))
    with database.changing() as session:
        left_by_the_dead(session, 1)
    transport = RecordingTransport(clock)
    for _ in range(3):
        submit(stage(database, house, clock, transport))
    assert states(database) == {"unknown": 1, "sent": 2}
    assert len(transport.sent) == 2


def test_an_invitation_in_doubt_goes_once_more_where_the_operator_says_so_and_never_a_third_time(
    database: Database,
) -> None:
    house, clock = make.house(database, mail={"when_unknown": "again"}), make.TurnedClock()
    invite(database, house, people(1))
    with serving({"DOT": Taken(Drop())}) as server:
        for _ in range(4):
            submit(stage(database, house, clock, to(server)))
        assert len(server.accepted) == 2
    (message,) = rows(database)
    assert (message.state, message.copies) == (MessageState.UNKNOWN, 2)


def test_a_confirmation_that_a_dead_worker_left_goes_once_more_at_the_next_start(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    only_a_confirmation(database, house)
    with database.changing() as session:
        left_by_the_dead(session, 2)
    transport = RecordingTransport(clock)
    submit(stage(database, house, clock, transport))
    assert len(transport.sent) == 1


def test_a_confirmation_whose_reply_was_lost_goes_once_more_with_the_same_message_id(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    only_a_confirmation(database, house)
    with serving({"DOT": InTurn(Taken(Drop()))}) as server:
        app = stage(database, house, clock, to(server))
        for _ in range(4):
            submit(app)
        assert len(server.accepted) == 2
        assert len(message_ids([mail.content for mail in server.accepted])) == 1
    (message,) = rows(database, Message.kind == MessageKind.CONFIRMATION)
    assert (message.state, message.copies) == (MessageState.SENT, 2)


def test_a_second_worker_on_sqlite_is_told_that_there_is_one(sqlite: Database) -> None:
    clock = make.TurnedClock()
    app = stage(sqlite, make.house(sqlite), clock, RecordingTransport(clock))
    with owning(sqlite), pytest.raises(Refusal, match=r"Another worker .* \(process \d+ on "):
        submit(app)


# When it leaves by itself.


def test_until_idle_leaves_when_only_the_future_or_a_paused_call_is_left(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    call = invite(database, house, people(4))
    with database.changing() as session:
        tomorrow = make.NOON + timedelta(days=1)
        session.execute(sa.update(Message).where(col(Message.id) <= 2).values(due_at=tomorrow))
        pause_call(session, session.get_one(Call, call.id), now=make.NOON, by="Rosa")
    assert submit(stage(database, house, clock, RecordingTransport(clock))).submitted == 0
    assert states(database) == {"queued": 4}
    assert clock.now() == make.NOON


def test_until_idle_leaves_while_the_account_rests_and_says_so(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(2))
    transport = RecordingTransport(clock, refuses=NoSession(Phase.CONNECT, "the server is away"))
    assert submit(stage(database, house, clock, transport)).resting == "connect: the server is away"


def test_what_became_senseless_while_it_waited_expires_even_when_nothing_can_leave(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(2))
    transport = RecordingTransport(clock, refuses=NoSession(Phase.CONNECT, "away", security=True))
    submit(stage(database, house, clock, transport))
    not_after = rows(database)[0].not_after
    assert not_after is not None
    clock.turn(not_after - clock.now())
    submit(stage(database, house, clock, transport))
    assert states(database) == {"expired": 2}


# A worker that stays.


def test_a_staying_worker_sends_what_is_queued_meanwhile_and_stops_when_told(database: Database) -> None:
    house, clock = make.house(database, schedule={"ring_seconds": 0.05}), make.TurnedClock()
    call = invite(database, house, people(1))
    transport = RecordingTransport(clock)
    engines: list[Engine] = []

    async def stay() -> None:
        working = asyncio.create_task(work(stage(database, house, clock, transport), started=engines.append))
        await until(lambda: len(transport.sent) == 1)
        with database.changing() as session:
            confirmation(session, house, session.get_one(Call, call.id))
        engines[0].wake()
        await until(lambda: len(transport.sent) == 2)
        engines[0].stop()
        await working

    asyncio.run(asyncio.wait_for(stay(), 30))
    assert states(database) == {"sent": 2}


def test_a_first_ring_that_fails_is_a_refusal_and_nothing_leaves(sqlite: Database) -> None:
    """Whatever is wrong is wrong at the start, where somebody is looking."""
    house, clock = make.house(sqlite), make.TurnedClock()
    invite(sqlite, house, people(1))
    transport = RecordingTransport(clock)
    with sqlite.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE mailing RENAME TO mislaid")
    with pytest.raises(Refusal, match="no such table"):
        submit(stage(sqlite, house, clock, transport))
    assert transport.sent == []


@pytest.mark.shows("F37")
def test_a_worker_whose_database_went_away_begins_anew_when_it_is_back(postgresql: Database) -> None:
    house, gate = make.house(postgresql, limits={"connections": 3}), Gate()
    invite(postgresql, house, people(9))
    engines: list[Engine] = []

    async def cut_all_sessions() -> None:
        app = stage(postgresql, house, make.TurnedClock(), gate)
        working = asyncio.create_task(work(app, started=engines.append))
        await gate.has_waiting(4)
        with postgresql.engine.connect() as connection:
            others = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND datname = current_database()"
            )
            assert connection.execute(sa.text(others)).all()
        gate.is_open.set()
        await until(lambda: len(engines) > 1 and len(gate.taken) == 9)
        engines[-1].stop()
        await working

    asyncio.run(asyncio.wait_for(cut_all_sessions(), 60))
    found = states(postgresql)
    assert found.keys() <= {"sent", "unknown"}, "nothing is lost, and what was in flight is in doubt"
    assert found.get("unknown", 0) <= 6
    assert Counter(gate.taken) == dict.fromkeys(people(9), 1)
