"""The worker looks every ten minutes, or when asked, and keeps what it found where every page sees it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from outreach.adapters.probes.together import Probes
from outreach.bootstrap import Outreach
from outreach.domain.health import Check, Level
from outreach.domain.judging import Rest
from outreach.domain.mail_health import LogIn, Records, SenderRecords
from outreach.queries.health import Probing, last_probing
from outreach.store.accounts import let_rest
from outreach.store.database import Database
from outreach.usecases.ask_for_probing import ask_for_probing
from outreach.worker.engine import Engine
from outreach.worker.probing import SETTLING_LOOKS, Prober, probe
from outreach.worker.work import work
from tests import make
from tests.stage import RecordingTransport, stage
from tests.worker.setting import until


@dataclass
class Seen:
    """What the probes see, and how often they looked."""

    smtp: LogIn = field(default_factory=lambda: LogIn("mx.example:587"))
    free: int = 10**12
    log_ins: int = 0

    async def look_at_smtp(self) -> LogIn:
        self.log_ins += 1
        return self.smtp

    async def look_at_dns(self) -> SenderRecords:
        none = Records("lanterncoast.coop")
        return SenderRecords(none, (none,), (none,))

    def probes(self) -> Probes:
        dns: Callable[[], Awaitable[SenderRecords]] = self.look_at_dns
        return Probes(lambda: self.free, self.look_at_smtp, lambda: LogIn("imap.example", trouble="No."), dns)


def workspace(database: Database, seen: Seen, clock: make.TurnedClock) -> Outreach:
    house = make.house(database)
    return replace(stage(database, house, clock, RecordingTransport(clock)), probes=seen.probes)


def kept(database: Database) -> Probing:
    with database.reading() as session:
        found = last_probing(session)
    assert found is not None
    return found


def test_what_was_found_is_kept_with_its_time_and_looked_at_anew_after_ten_minutes(database: Database) -> None:
    seen, clock = Seen(), make.TurnedClock()
    prober = Prober(workspace(database, seen, clock))
    assert prober.once()
    assert not prober.once()
    first = kept(database)
    assert first.at == make.NOON
    assert {one.check for one in first.findings} >= {
        Check.SMTP,
        Check.MAILBOX,
        Check.SPF,
        Check.DISK,
        Check.INTEGRITY,
    }
    seen.free = 0
    clock.turn(timedelta(minutes=10))
    assert prober.once()
    assert [one.level for one in kept(database).findings if one.check is Check.DISK] == [Level.FAULT]


def test_who_asks_gets_a_look_at_once_and_only_one(database: Database) -> None:
    seen, clock = Seen(), make.TurnedClock()
    prober = Prober(workspace(database, seen, clock))
    prober.once()
    clock.turn(timedelta(seconds=30))
    with database.changing() as session:
        ask_for_probing(session, now=clock.now())
    clock.turn(timedelta(seconds=2))
    assert prober.once()
    assert not prober.once()


def test_the_whole_database_is_checked_once_a_day_and_what_was_found_stays_said(database: Database) -> None:
    clock = make.TurnedClock()
    prober = Prober(workspace(database, Seen(), clock))
    prober.once()
    clock.turn(timedelta(hours=1))
    prober.once()
    assert kept(database).whole_at == make.NOON
    assert Check.INTEGRITY in {one.check for one in kept(database).findings}
    clock.turn(timedelta(hours=23))
    prober.once()
    assert kept(database).whole_at == clock.now()


def test_an_account_that_waits_for_a_person_is_tried_only_by_one(database: Database) -> None:
    """A provider locks who comes again and again with a wrong password."""
    seen, clock = Seen(), make.TurnedClock()
    with database.changing() as session:
        let_rest(session, Rest(None, "wrong password"), make.NOON)
    prober = Prober(workspace(database, seen, clock))
    prober.once()
    assert seen.log_ins == 0
    clock.turn(timedelta(seconds=30))
    with database.changing() as session:
        ask_for_probing(session, now=clock.now())
    clock.turn(timedelta(seconds=2))
    prober.once()
    assert seen.log_ins == 1


def test_offline_nobody_outside_is_asked(database: Database) -> None:
    seen = Seen()
    found = asyncio.run(probe(workspace(database, seen, make.TurnedClock()), offline=True))
    assert {one.check for one in found} == {Check.DISK, Check.INTEGRITY}
    assert seen.log_ins == 0


def test_a_look_that_fails_does_not_end_the_looking(database: Database) -> None:
    seen, clock, rests = Seen(), make.TurnedClock(), list[float]()
    app = workspace(database, seen, clock)

    def broken() -> Probes:
        raise OSError("no such file")

    prober = Prober(replace(app, probes=broken))
    prober.run(lambda: len(rests) == 2, rests.append)
    assert len(rests) == 2


def test_a_new_worker_sends_what_waits_before_it_takes_a_connection_to_look(database: Database) -> None:
    seen, rests = Seen(), list[float]()
    prober = Prober(workspace(database, seen, make.TurnedClock()))
    prober.run(lambda: len(rests) == SETTLING_LOOKS, rests.append)
    assert seen.log_ins == 0
    rests.clear()
    prober.run(lambda: len(rests) == SETTLING_LOOKS + 1, rests.append)
    assert seen.log_ins == 1


def test_a_staying_worker_probes_beside_its_work_and_ends_with_it(database: Database) -> None:
    seen, clock = Seen(), make.TurnedClock()
    engines: list[Engine] = []
    with database.changing() as session:
        ask_for_probing(session, now=clock.now())

    async def stay() -> None:
        working = asyncio.create_task(work(workspace(database, seen, clock), started=engines.append))
        await until(lambda: seen.log_ins == 1)
        engines[0].stop()
        await working

    asyncio.run(asyncio.wait_for(stay(), 30))
    assert kept(database).findings
    assert "prober" not in {thread.name for thread in threading.enumerate()}
