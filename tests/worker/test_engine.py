"""The engine: everybody gets one mail, nobody two, and trouble with one thing stops nothing else."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col
from structlog.testing import capture_logs

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.outcomes import Declined, NoSession, Outcome, Phase, Reply
from outreach.domain.states import MessageState
from outreach.ports.transport import Envelope, Hold, MailSession
from outreach.queries.outbox import account_rests
from outreach.store.accounts import wake
from outreach.store.database import Database, open_database
from outreach.store.stopping import LOCK
from outreach.store.tables import Account, Call, Contact, Message
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.opt_out import EVERYTHING, opt_out
from outreach.usecases.pause_call import pause_call
from outreach.worker.engine import Engine
from outreach.worker.work import work
from tests import make
from tests.parts.certificates import authority
from tests.parts.listening import listening
from tests.parts.servers import InTurn, serving
from tests.stage import RecordingTransport, stage, submit
from tests.worker.setting import Gate, invite, people, rows, states, to, until

REFUSED = Declined(Phase.RCPT, Reply(550, "5.7.1 we do not like you", "5.7.1"))


def lanes(database: Database, connections: int, **limits: int) -> House:
    return make.house(database, limits={"connections": connections, **limits})


# Exactly once.


def test_two_hundred_people_get_one_mail_each_over_eight_connections(database: Database) -> None:
    house = lanes(database, 8)
    addresses = [*people(150), *people(50, "quay.example")]
    invite(database, house, addresses)
    with serving() as server:
        tally = submit(stage(database, house, make.TurnedClock(), to(server)))
        assert sorted(mail.recipients[0] for mail in server.accepted) == sorted(addresses)
        assert server.connections <= 16, "a lane keeps its connection while there is work"
    assert tally.states == {"sent": 200}
    assert states(database) == {"sent": 200}


def test_nobody_gets_two_however_often_the_worker_is_started(sqlite: Database) -> None:
    house, clock = make.house(sqlite), make.TurnedClock()
    invite(sqlite, house, people(5))
    transport = RecordingTransport(clock)
    for _ in range(3):
        submit(stage(sqlite, house, clock, transport))
    assert Counter(sent.envelope.recipient for sent in transport.sent) == dict.fromkeys(people(5), 1)


@pytest.mark.shows("F7")
def test_two_workers_share_a_postgresql_outbox_and_nobody_gets_two(postgresql: Database) -> None:
    house = lanes(postgresql, 4)
    invite(postgresql, house, people(60))
    url = postgresql.engine.url.render_as_string(hide_password=False)
    tallies = []

    def start() -> None:
        own = open_database(url)
        tallies.append(submit(stage(own, house, make.TurnedClock(), to(server))))
        own.close()

    with serving() as server:
        workers = [threading.Thread(target=start) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert sorted(mail.recipients[0] for mail in server.accepted) == sorted(people(60))
    assert sum(tally.submitted for tally in tallies) == 60
    assert states(postgresql) == {"sent": 60}


@pytest.mark.parametrize("rehearsal", [True, False])
def test_a_rehearsal_never_leaves_and_a_real_call_is_never_written_to_files(
    sqlite: Database, *, rehearsal: bool
) -> None:
    house, clock = make.house(sqlite, mail={"transport": "files" if rehearsal else "smtp"}), make.TurnedClock()
    invite(sqlite, house, people(3))
    transport = RecordingTransport(clock, rehearsal=not rehearsal)
    assert submit(stage(sqlite, house, clock, transport)).submitted == 0
    assert (transport.opened, states(sqlite)) == (0, {"queued": 3})


# One mail that cannot go stops no other.


@pytest.mark.shows("F55")
def test_a_mail_that_cannot_be_written_fails_alone(sqlite: Database) -> None:
    house, clock = make.house(sqlite), make.TurnedClock()
    texts = make.call_file().texts
    invitation = (MessageKind.INVITATION, "en")
    needy = {**texts, invitation: texts[invitation] + "\n\nYour region: {{ contact.custom.region }}\n"}
    with sqlite.changing() as session:
        for address in people(4):
            make.contact(session, house, address, custom={"region": "North Quay"})
        make.launched(session, house, texts=needy)
        emptied = make.messages(session)[1]
        values = {**emptied.values, "contact": {**emptied.values["contact"], "custom": {}}}
        session.execute(sa.update(Message).where(col(Message.id) == emptied.id).values(values=values))

    assert submit(stage(sqlite, house, clock, RecordingTransport(clock))).states == {"sent": 3, "failed": 1}

    (failed,) = rows(sqlite, Message.state == MessageState.FAILED)
    assert (failed.address, failed.reason, failed.copies) == (people(4)[1], "cannot be sent", 0)
    assert "contact.custom.region" in failed.detail


@dataclass
class Breaking(RecordingTransport):
    """A transport that breaks its promise never to raise, at its second mail."""

    async def open(self) -> MailSession | NoSession:
        return _BreakingSession(self)


@dataclass
class _BreakingSession:
    transport: Breaking
    usable: bool = True

    async def submit(self, _envelope: Envelope, _hold: Hold | None = None) -> Outcome:
        self.transport.opened += 1
        if self.transport.opened == 2:
            raise AttributeError("a defect")
        return replace(REFUSED, reply=Reply(451, "4.7.1 later", "4.7.1"))

    async def close(self) -> None:
        self.usable = False


def test_a_defect_while_a_mail_is_submitted_leaves_it_in_doubt_and_the_engine_running(sqlite: Database) -> None:
    house, clock = make.house(sqlite), make.TurnedClock()
    invite(sqlite, house, people(4))
    submit(stage(sqlite, house, clock, Breaking(clock)))
    assert states(sqlite) == {"unknown": 1, "deferred": 3}


# When it is about the account, everybody waits and nobody is blamed.


@pytest.mark.parametrize(
    ("script", "account", "needs_person"),
    [
        ({"GREETING": "421 4.3.2 too busy"}, {}, False),
        ({"GREETING": "554 5.7.1 not you"}, {}, False),
        ({"MAIL": "452 4.3.1 the disk is full"}, {}, False),
        ({"RCPT": "550 5.4.5 daily limit exceeded"}, {}, False),
        ({}, {"username": "user", "password": "wrong"}, True),
        ({}, {"security": "starttls"}, True),
        ({}, {"security": "tls"}, True),
    ],
    ids=["421", "554", "disk full", "quota", "wrong password", "no STARTTLS", "no TLS"],
)
@pytest.mark.shows("F21", "F24", "F25", "F28")
def test_a_refusal_of_the_account_makes_mails_wait_and_blames_nobody(
    sqlite: Database, script: Any, account: Any, *, needs_person: bool
) -> None:
    house, clock = make.house(sqlite), make.TurnedClock()
    invite(sqlite, house, people(9))
    with serving(script) as server:
        if account.get("security"):
            account = {**account, "ca_file": authority().ca_file}
        app = stage(sqlite, house, clock, to(server, **account))
        assert submit(app).submitted <= 2 * 4, "who was on a lane already finds out with it"
        assert server.connections <= 4, "each lane finds out once"
        assert submit(app).submitted == 0, "then the account rests"
        _all_wait(sqlite, 9, needs_person=needs_person)

        server.on.clear()
        clock.turn(timedelta(minutes=15, seconds=1))
        app = stage(sqlite, house, clock, to(server))
        if needs_person:
            assert submit(app).submitted == 0, "a person has not looked yet"
            with sqlite.changing() as session:
                assert wake(session, clock.now())
        assert submit(app).states == {"sent": 9}


@pytest.mark.shows("F23")
def test_a_certificate_that_is_not_to_be_trusted_waits_for_a_person(sqlite: Database) -> None:
    house, clock = make.house(sqlite), make.TurnedClock()
    invite(sqlite, house, people(2))
    with serving(tls=authority().server("elsewhere.example")) as server:
        app = stage(
            sqlite, house, clock, to(server, host="localhost", security="starttls", ca_file=authority().ca_file)
        )
        submit(app)
        assert {"MAIL", "AUTH"}.isdisjoint(server.verbs())
    _all_wait(sqlite, 2, needs_person=True)


@pytest.mark.shows("F8")
def test_a_server_that_does_not_answer_is_tried_again_when_the_account_has_rested(sqlite: Database) -> None:
    house, clock = make.house(sqlite), make.TurnedClock()
    invite(sqlite, house, people(3))
    with serving() as server:
        dead = to(server)
    submit(stage(sqlite, house, clock, dead))
    _all_wait(sqlite, 3, needs_person=False)
    clock.turn(timedelta(minutes=16))
    assert submit(stage(sqlite, house, clock, RecordingTransport(clock))).states == {"sent": 3}
    assert {message.attempts for message in rows(sqlite)} == {1}


def _all_wait(database: Database, count: int, *, needs_person: bool) -> None:
    found = rows(database)
    assert {message.state for message in found} <= {MessageState.QUEUED, MessageState.DEFERRED}
    assert ({message.attempts for message in found}, len(found)) == ({0}, count)
    with database.reading() as session:
        account = session.get_one(Account, "smtp")
        assert account.needs_person is needs_person
        said = account_rests(session, make.NOON + timedelta(minutes=1))
    assert ("until a person has looked" in said) is needs_person
    assert said


def test_what_came_back_from_a_resting_account_goes_as_soon_as_a_person_has_looked(database: Database) -> None:
    house, clock = make.house(database), make.TurnedClock()
    invite(database, house, people(3))
    transport = RecordingTransport(clock, refuses=NoSession(Phase.AUTH, "535", Reply(535, "no"), security=False))
    submit(stage(database, house, clock, transport))
    transport.refuses = None
    with database.changing() as session:
        wake(session, clock.now())
    assert submit(stage(database, house, clock, transport)).states == {"sent": 3}


@pytest.mark.shows("F10")
def test_five_different_people_refused_for_policy_in_a_row_are_about_us(sqlite: Database) -> None:
    house, clock = lanes(sqlite, 1), make.TurnedClock()
    invite(sqlite, house, people(12))
    transport = RecordingTransport(clock, outcomes=[REFUSED] * 12)
    app = stage(sqlite, house, clock, transport)
    tally = submit(app)
    # The sixth was on its way behind the fifth.
    assert (tally.states, bool(tally.resting)) == ({"failed": 6}, True)
    assert states(sqlite) == {"failed": 6, "queued": 6}
    clock.turn(timedelta(days=1))
    assert submit(app).submitted == 0, "until a person has looked"


def test_refusals_with_a_success_between_them_are_about_the_recipients(sqlite: Database) -> None:
    house, clock = lanes(sqlite, 1), make.TurnedClock()
    invite(sqlite, house, people(9))
    with serving({"RCPT": InTurn(*["550 5.7.1 no"] * 4, None, *["550 5.7.1 no"] * 4)}) as server:
        assert submit(stage(sqlite, house, clock, to(server))).states == {"failed": 8, "sent": 1}


# What is decided while mails are in flight.


def pause(session: Session, call: Call) -> None:
    pause_call(session, call, now=make.NOON, by="Rosa")


def cancel(session: Session, call: Call) -> None:
    cancel_call(session, call, now=make.NOON, by="Rosa")


def close(session: Session, call: Call) -> None:
    close_call(session, call, now=make.NOON, by="Rosa")


def opt_everybody_out(session: Session, call: Call) -> None:
    for person in session.execute(sa.select(Contact)).scalars():
        opt_out(session, person, scope=EVERYTHING, evidence="one click", now=make.NOON)


@pytest.mark.parametrize(
    ("decide", "rest"),
    [(pause, "queued"), (cancel, "cancelled"), (close, "cancelled"), (opt_everybody_out, "cancelled")],
)
@pytest.mark.shows("F59", "F60")
def test_after_a_decision_is_committed_only_what_is_in_flight_arrives(
    database: Database, decide: Callable[[Session, Call], None], rest: str
) -> None:
    house, gate = lanes(database, 3), Gate()
    call = invite(database, house, people(10))
    app = stage(database, house, make.TurnedClock(), gate)

    async def decide_meanwhile() -> None:
        working = asyncio.create_task(work(app, until_idle=True))
        # One lane is kept free of each domain, so four mails are on two lanes to the only one there is.
        await gate.has_waiting(4)
        with database.changing() as session:
            decide(session, session.get_one(Call, call.id))
        gate.is_open.set()
        await working

    asyncio.run(decide_meanwhile())
    assert states(database) == {"sent": 4, rest: 6}
    assert len(gate.taken) == 4


def test_a_stopped_engine_finishes_what_is_in_flight_and_claims_nothing_more(database: Database) -> None:
    house, gate = lanes(database, 3), Gate()
    invite(database, house, people(10))
    engines: list[Engine] = []

    async def stop_meanwhile() -> None:
        app = stage(database, house, make.TurnedClock(), gate)
        working = asyncio.create_task(work(app, started=engines.append))
        await gate.has_waiting(4)
        engines[0].stop()
        gate.is_open.set()
        await working

    _run(stop_meanwhile())
    assert states(database) == {"sent": 4, "queued": 6}


@pytest.mark.shows("F17", "F18")
def test_a_slow_domain_does_not_hold_up_the_others(sqlite: Database) -> None:
    house, gate = lanes(sqlite, 4), Gate(held_domain="slow.example")
    invite(sqlite, house, [*people(20, "slow.example"), *people(20, "quick.example")])
    app = stage(sqlite, house, make.TurnedClock(), gate)

    async def wait_for_the_quick() -> None:
        working = asyncio.create_task(work(app, until_idle=True))
        await gate.has_taken(20)
        assert {address.partition("@")[2] for address in gate.taken} == {"quick.example"}
        assert len(gate.waiting) == 3 * 2
        gate.is_open.set()
        await working

    asyncio.run(wait_for_the_quick())
    assert states(sqlite) == {"sent": 40}


# Limits.


def most_within_a_minute(messages: list[Message]) -> int:
    """The largest number that was claimed within any sixty seconds."""
    times = sorted(message.claimed_at for message in messages if message.claimed_at)
    return max(sum(start <= time < start + timedelta(minutes=1) for time in times) for start in times)


def test_the_limits_hold_and_the_engine_waits_for_them_instead_of_leaving(sqlite: Database) -> None:
    house, clock = lanes(sqlite, 8, per_minute=10, domain_per_minute=3), make.TurnedClock()
    domains = ("one.example", "two.example", "three.example", "four.example")
    invite(sqlite, house, [address for domain in domains for address in people(7, domain)])
    submit(stage(sqlite, house, clock, RecordingTransport(clock)))
    assert states(sqlite) == {"sent": 28}
    assert most_within_a_minute(rows(sqlite)) == 10
    for domain in domains:
        assert most_within_a_minute(rows(sqlite, Message.domain == domain)) == 3
    assert clock.now() - make.NOON < timedelta(minutes=4)


def test_a_domain_at_its_limit_does_not_hold_up_the_others(sqlite: Database) -> None:
    house, clock = lanes(sqlite, 2, domain_per_minute=2), make.TurnedClock()
    invite(sqlite, house, [*people(6, "full.example"), *people(5, "quay.example"), *people(2, "pier.example")])
    submit(stage(sqlite, house, clock, RecordingTransport(clock)))
    first = {message.domain for message in rows(sqlite) if message.claimed_at == make.NOON}
    assert first == {"full.example", "quay.example", "pier.example"}


def test_a_restart_does_not_double_the_pace(sqlite: Database) -> None:
    house, clock = lanes(sqlite, 2, per_minute=6), make.TurnedClock()
    invite(sqlite, house, people(15))
    later = Declined(Phase.RCPT, Reply(451, "4.7.1 later", "4.7.1"))
    engines: list[Engine] = []

    async def some() -> None:
        gate = RecordingTransport(clock, outcomes=[later] * 2)
        app = stage(sqlite, house, clock, gate)
        working = asyncio.create_task(work(app, started=engines.append))
        await until(lambda: len(gate.sent) >= 5)
        engines[0].stop()
        await working

    asyncio.run(some())
    submit(stage(sqlite, house, clock, RecordingTransport(clock)))
    assert sum(states(sqlite).values()) == 15
    assert most_within_a_minute(rows(sqlite)) <= 6


# When the outcome cannot be written down.


def refusing(database: Database, message_id: int) -> None:
    """From now on the database does not take the outcome of one message."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER no BEFORE UPDATE OF state ON message WHEN OLD.id = {message_id} AND "
            "OLD.state = 'sending' BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END"
        )


@pytest.mark.shows("F30")
def test_an_outcome_that_cannot_be_written_stops_everything_and_is_unknown_after_a_restart(
    sqlite: Database,
) -> None:
    house, clock = lanes(sqlite, 1), make.TurnedClock()
    invite(sqlite, house, people(6))
    refusing(sqlite, 3)
    transport = RecordingTransport(clock)
    with pytest.raises(Refusal, match=r"disk is on fire.*nothing more is submitted"):
        submit(stage(sqlite, house, clock, transport))
    assert len(transport.sent) == 4, "one more was on its way behind it"
    with sqlite.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER no")

    submit(stage(sqlite, house, clock, transport))
    assert states(sqlite) == {"sent": 4, "unknown": 2}
    assert len({sent.envelope.recipient for sent in transport.sent}) == len(transport.sent) == 6


@pytest.mark.shows("F33")
def test_a_database_that_is_busy_makes_the_engine_wait_and_loses_nothing(sqlite: Database) -> None:
    house, gate = lanes(sqlite, 3), Gate()
    invite(sqlite, house, people(6))
    sqlite.close()
    app = stage(sqlite, house, make.TurnedClock(), gate)
    other = open_database(sqlite.engine.url.render_as_string())

    async def hold_the_database() -> None:
        working = asyncio.create_task(work(app, until_idle=True))
        await gate.has_waiting(4)
        with other.changing() as session:
            session.execute(sa.select(1))
            gate.is_open.set()
            await until(lambda: sum(line["event"] == "outcomes wait to be written" for line in logs) >= 3)
            assert len(gate.taken) == 4, "nothing is claimed meanwhile"
        await working

    with listening(sqlite.engine, "connect", _impatient), capture_logs() as logs:
        _run(hold_the_database())
    other.close()
    assert states(sqlite) == {"sent": 6}
    assert len(gate.taken) == 6


def _impatient(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=20")


@pytest.mark.shows("F6", "F37")
def test_a_worker_whose_database_session_was_ended_claims_nothing_more(postgresql: Database) -> None:
    """Its lock is gone, so that another worker may take what it holds for a dead one's."""
    house, gate = lanes(postgresql, 3), Gate()
    invite(postgresql, house, people(10))
    app = stage(postgresql, house, make.TurnedClock(), gate)

    async def cut_the_session() -> None:
        working = asyncio.create_task(work(app, until_idle=True))
        await gate.has_waiting(4)
        with postgresql.engine.connect() as connection:
            # It sends, and does tasks; who claims at this moment holds a lock of another sort.
            holders = f"SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND objid <> {LOCK}"  # noqa: S608
            ended = connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM ({holders}) AS each"))  # noqa: S608
            assert set(ended) == {(True,)}
        gate.is_open.set()
        with pytest.raises(Refusal, match="ended the session"):
            await working

    _run(cut_the_session())
    assert len(gate.taken) == 4
    found = states(postgresql)
    assert found["queued"] == 6
    submit(stage(postgresql, house, make.TurnedClock(), RecordingTransport(make.TurnedClock())))
    assert states(postgresql).get("sending") is None


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))


def test_an_idle_engine_looks_once_for_all_its_lanes(sqlite: Database) -> None:
    house, clock = lanes(sqlite, 8), make.TurnedClock()
    begun: list[object] = []
    engines: list[Engine] = []

    async def idle_for_a_minute() -> None:
        working = asyncio.create_task(
            work(stage(sqlite, house, clock, RecordingTransport(clock)), started=engines.append)
        )
        await until(lambda: clock.now() > make.NOON + timedelta(minutes=1))
        engines[0].stop()
        await working

    with listening(sqlite.engine, "begin", begun.append):
        _run(idle_for_a_minute())
    assert len(begun) < 60


@pytest.mark.shows("F38", "F41")
def test_a_machine_that_slept_after_the_claim_asks_again_before_it_submits(sqlite: Database) -> None:
    house = make.house(sqlite, limits={"connections": 1})
    clock = make.TurnedClock()

    class Sleeping(RecordingTransport):
        """Opening the first session takes so long that the deadline passes."""

        async def open(self) -> MailSession | NoSession:
            if not self.opened:
                self.clock.turn(timedelta(days=60))
            return await super().open()

    transport = Sleeping(clock)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
    submit(stage(sqlite, house, clock, transport))
    clock.turn(timedelta(hours=1))
    submit(stage(sqlite, house, clock, transport))
    assert transport.sent == []
    with sqlite.reading() as session:
        assert [message.state for message in make.messages(session)] == [MessageState.EXPIRED]


def test_a_transport_that_breaks_its_promise_leaves_no_mail_in_doubt(sqlite: Database) -> None:
    house = make.house(sqlite)
    clock = make.TurnedClock()

    class Broken(RecordingTransport):
        async def open(self) -> MailSession | NoSession:
            raise RuntimeError("a defect")

    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        make.launched(session, house)
    submit(stage(sqlite, house, clock, Broken(clock)))
    with sqlite.reading() as session:
        (message,) = make.messages(session)
    assert (message.state, message.attempts) == (MessageState.DEFERRED, 0)
