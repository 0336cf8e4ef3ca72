"""The outbox engine: lanes that submit, and a desk where each settles its last message and gets its next."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.judging import PolicyStreak, Rest, Verdict, judge
from outreach.domain.outcomes import NoSession, Outcome, Unsendable
from outreach.domain.pacing import Pace, Pacer
from outreach.ports.clock import Clock
from outreach.ports.transport import MailSession, MailTransport
from outreach.rendering.composing import compose
from outreach.store.outbox import Claimed, Settlement
from outreach.worker.ledger import Ledger, Turn

POLL_SECONDS = 2.0
"""How long an idle engine waits before it asks again: a confirmation queued by the web goes out so soon."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Visit:
    """A lane at the desk: what it settles, and where it is handed its next message (None: nothing for now)."""

    settlement: Settlement | None
    wants: bool
    answer: asyncio.Future[Claimed | None]


@dataclass(slots=True)
class Tally:
    """What an engine has done since it started."""

    submitted: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> None:
        """Count one settled attempt."""
        self.submitted += 1
        self.states[verdict.state.value] = self.states.get(verdict.state.value, 0) + 1


class Engine:
    """Submits what is due through ``transport``, one lane for each connection.

    A lane holds one message at a time: its next is claimed in the transaction that settles its last, so that
    after a crash at most one message for each connection is in doubt.
    """

    def __init__(self, ledger: Ledger, transport: MailTransport, clock: Clock, house: House) -> None:
        self.ledger = ledger
        self.transport = transport
        self.clock = clock
        self.house = house
        self.tally = Tally()
        self.resting = ""
        self._pacer = Pacer(Pace.of(house.settings.limits))
        self._streak = PolicyStreak()
        self._rest: Rest | None = None
        self._visits: asyncio.Queue[Visit] = asyncio.Queue()
        self._wake = asyncio.Event()
        self._stopping = False
        self._busy = 0
        self._last_turn: Turn | None = None
        self._jitter = random.Random()  # noqa: S311  spreads retries, guards nothing

    def stop(self) -> None:
        """Claim nothing more; what is in flight is finished and settled."""
        self._stopping = True
        self._wake.set()

    def wake(self) -> None:
        """Something may have become due: look now."""
        self._wake.set()

    async def run(self, *, until_idle: bool = False) -> None:
        """Submit until stopped, or until nothing is due. Raises Refusal when the ledger cannot be written."""
        now, monotonic = self.clock.now(), self.clock.monotonic()
        await self.ledger.run(lambda: self.ledger.recover(now))
        await self.ledger.run(lambda: self.ledger.remember(self._pacer, now, monotonic))
        connections = self.house.settings.limits.connections
        desk = asyncio.create_task(self._keep_desk())
        lanes = asyncio.gather(*(self._lane(until_idle=until_idle) for _ in range(connections)))
        try:
            # The desk ends only by a failure of the ledger: then nothing more may be submitted.
            either: list[asyncio.Future[Any]] = [desk, lanes]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if desk.done():
                await desk
            await lanes
        finally:
            desk.cancel()
            lanes.cancel()
            await asyncio.gather(desk, lanes, return_exceptions=True)

    async def _lane(self, *, until_idle: bool) -> None:
        session: MailSession | None = None
        settlement: Settlement | None = None
        try:
            while True:
                claimed = await self._visit(settlement, wants=not self._stopping)
                settlement = None
                if claimed is None:
                    await _closed(session)
                    session = None
                    if self._stopping or (until_idle and self._is_idle()):
                        return
                    await self._rest_a_while()
                    continue
                self._busy += 1
                session, outcome = await self._submit(session, claimed)
                settlement = self._settlement(claimed, outcome)
                self._busy -= 1
        finally:
            await _closed(session)

    async def _submit(self, session: MailSession | None, claimed: Claimed) -> tuple[MailSession | None, Outcome]:
        """Render and submit one message over the lane's session, or over a new one."""
        try:
            envelope = compose(claimed.record, self.house).envelope
        except (Refusal, ValueError, LookupError, TypeError) as error:
            return session, Unsendable(f"The mail could not be written: {error}")
        if session is None or not session.usable:
            await _closed(session)
            opened = await self.transport.open()
            if isinstance(opened, NoSession):
                return None, opened
            session = opened
        return session, await session.submit(envelope)

    def _settlement(self, claimed: Claimed, outcome: Outcome) -> Settlement:
        verdict = judge(outcome, claimed.attempts, self.house.policy, self._jitter.random())
        self.tally.count(verdict)
        rest = verdict.rest or self._streak.see(claimed.record.address, verdict)
        if rest is not None:
            self._rest = rest
        log.info(
            "settled",
            message=claimed.id,
            kind=claimed.record.kind.value,
            state=verdict.state.value,
            reason=verdict.reason,
        )
        return Settlement(claimed.id, verdict, self.clock.now())

    async def _visit(self, settlement: Settlement | None, *, wants: bool) -> Claimed | None:
        visit = Visit(settlement, wants, asyncio.get_running_loop().create_future())
        self._visits.put_nowait(visit)
        return await visit.answer

    async def _keep_desk(self) -> None:
        """Serve the lanes: whoever stands at the desk when a turn begins shares its transaction."""
        while True:
            visits = [await self._visits.get()]
            while not self._visits.empty():
                visits.append(self._visits.get_nowait())
            now, monotonic = self.clock.now(), self.clock.monotonic()
            turn = await self._turn(visits, now, monotonic)
            self._last_turn, self.resting = turn, turn.resting
            claimed = list(turn.claimed)
            for visit in visits:
                message = claimed.pop(0) if visit.wants and claimed else None
                if message is not None:
                    self._pacer.count(message.domain, monotonic)
                visit.answer.set_result(message)

    async def _turn(self, visits: list[Visit], now: datetime, monotonic: float) -> Turn:
        settlements = [visit.settlement for visit in visits if visit.settlement is not None]
        want = min(sum(visit.wants for visit in visits), self._pacer.room(monotonic))
        full = self._pacer.full_domains(monotonic)
        rest, self._rest = self._rest, None
        return await self.ledger.run(
            lambda: self.ledger.turn(settlements, rest, want=want, full_domains=full, now=now)
        )

    def _is_idle(self) -> bool:
        """Nothing is in flight and nothing is due, or the account rests."""
        turn = self._last_turn
        if self._busy or turn is None:
            return False
        return bool(turn.resting) or turn.next_due is None or turn.next_due > self.clock.now()

    async def _rest_a_while(self) -> None:
        """Wait until something may be due, somebody wakes us, or it is time to look again."""
        self._wake.clear()
        seconds = POLL_SECONDS
        if (wait := self._pacer.wait(self.clock.monotonic())) > 0:
            seconds = min(seconds, wait)
        waiting = asyncio.create_task(self.clock.sleep(seconds))
        waking = asyncio.create_task(self._wake.wait())
        await asyncio.wait([waiting, waking], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        waking.cancel()


async def _closed(session: MailSession | None) -> None:
    if session is not None:
        await session.close()
