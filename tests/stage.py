"""Sets a workspace going in a test: time is turned, everything else is real or passed in."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.domain.outcomes import Accepted, NoSession, Outcome, Reply
from outreach.ports.transport import Envelope, Hold, MailSession, MailTransport
from outreach.store.database import Database
from outreach.store.moments import next_moment
from outreach.store.outbox import next_due
from outreach.worker.engine import Tally
from outreach.worker.work import work
from tests.make import TurnedClock


@dataclass
class Sent:
    """What a recording session was given: when by the test's clock, and what."""

    at: datetime
    envelope: Envelope


@dataclass
class RecordingTransport:
    """Accepts everything and remembers it; ``outcomes`` are given first, one for each mail."""

    clock: TurnedClock
    rehearsal: bool = False
    sent: list[Sent] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    refuses: NoSession | None = None
    opened: int = 0

    async def open(self) -> MailSession | NoSession:
        if self.refuses is not None:
            return self.refuses
        self.opened += 1
        return RecordingSession(self)


@dataclass
class RecordingSession:
    """One session of a RecordingTransport."""

    transport: RecordingTransport
    usable: bool = True

    async def submit(self, envelope: Envelope, _hold: Hold | None = None) -> Outcome:
        await asyncio.sleep(0)
        self.transport.sent.append(Sent(self.transport.clock.now(), envelope))
        return self.transport.outcomes.pop(0) if self.transport.outcomes else Accepted(Reply(250, "taken"))

    async def close(self) -> None:
        self.usable = False


def stage(database: Database, house: House, clock: TurnedClock, transport: MailTransport) -> Outreach:
    """A workspace around what the test passes in."""
    return Outreach(Path(), house, database, transport, clock)


def submit(app: Outreach) -> Tally:
    """Ring once, then submit what is due."""
    return asyncio.run(work(app, until_idle=True))


def play_until(app: Outreach, clock: TurnedClock, end: datetime) -> None:
    """Turn the clock from one due moment to the next, submitting at each, until ``end``."""
    while True:
        submit(app)
        now = clock.now()
        with app.database.reading() as session:
            moments = [next_moment(session, now), next_due(session, rehearsal=app.transport.rehearsal)]
        ahead = [moment for moment in moments if moment is not None and moment > now]
        if not ahead or min(ahead) > end:
            clock.turn(max(end - now, timedelta()))
            submit(app)
            return
        clock.turn(min(ahead) - now)
