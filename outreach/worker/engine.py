"""The outbox engine: lanes that submit, and a desk where each settles its last message and gets its next."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import zip_longest

import structlog

from outreach.config.house import House
from outreach.domain.errors import Busy, Refusal
from outreach.domain.judging import PolicyStreak, Verdict, judge
from outreach.domain.outcomes import Lost, NoSession, Outcome, Phase, Unsendable
from outreach.domain.pacing import Pace, Pacer
from outreach.ports.clock import Clock
from outreach.ports.transport import Envelope, MailSession, MailTransport
from outreach.rendering.composing import compose
from outreach.store.outbox import Claimed, Settlement
from outreach.store.stopping import Stopped
from outreach.worker.ledger import Ledger, Turn
from outreach.worker.trouble import described

POLL_SECONDS = 2.0
"""How long an idle engine waits before it asks again: a confirmation queued by the web goes out so soon."""
CLAIM_IS_STALE = timedelta(minutes=30)
"""A machine that slept after a claim asks again before it submits: the deadline may have passed meanwhile."""

SHORTEST_WAIT = 0.01

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Visit:
    """A lane at the desk: what it settles, and where it is handed its next message (None: nothing for now)."""

    settlement: Settlement | None
    answer: asyncio.Future[Claimed | None]


@dataclass(slots=True)
class Tally:
    """What an engine has done since it started.

    ``resting``: why the account rests at the moment; ``stopped``: the panic stop that stands.
    """

    submitted: int = 0
    states: dict[str, int] = field(default_factory=dict)
    resting: str = ""
    stopped: Stopped | None = None

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
        self.on_wake: Callable[[], object] = _nothing
        self._lanes = house.settings.limits.connections
        self._pacer = Pacer(Pace.of(house.settings.limits))
        self._streak = PolicyStreak()
        self._visits: asyncio.Queue[Visit] = asyncio.Queue()
        self._in_flight: dict[int, str] = {}
        self._last_turn = Turn()
        self._stopping = False
        self._wake = asyncio.Event()
        self._pause: asyncio.Task[None] | None = None
        self._jitter = random.Random()  # noqa: S311  spreads retries, guards nothing

    def stop(self) -> None:
        """Claim nothing more; what is in flight is finished and settled."""
        self._stopping = True
        self._wake.set()

    def wake(self) -> None:
        """Something may have become due: look now."""
        self._wake.set()
        self.on_wake()

    async def run(self, *, until_idle: bool = False) -> None:
        """Submit until stopped, or until nothing is due. Raises Refusal when the ledger cannot be written."""
        now, monotonic = self.clock.now(), self.clock.monotonic()
        await self.ledger.run(lambda: self.ledger.remember(self._pacer, now, monotonic))
        try:
            async with asyncio.TaskGroup() as group:
                # The desk ends only by a failure of the ledger, and takes the lanes with it.
                desk = group.create_task(self._keep_desk())
                lanes = [group.create_task(self._lane(until_idle=until_idle)) for _ in range(self._lanes)]
                await asyncio.wait(lanes)
                desk.cancel()
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        finally:
            if self._pause:
                self._pause.cancel()

    # A lane.

    async def _lane(self, *, until_idle: bool) -> None:
        session: MailSession | None = None
        settlement: Settlement | None = None
        try:
            while True:
                claimed = await self._visit(settlement)
                settlement = None
                if claimed is not None:
                    session, outcome = await self._submit(session, claimed)
                    settlement = self._settlement(claimed, outcome)
                    continue
                await _closed(session)
                session = None
                if self._stopping or (until_idle and self._is_idle()):
                    self.wake()  # the other lanes need not wait to find that out
                    return
                await self._rest_a_while()
        finally:
            await _closed(session)

    async def _submit(self, session: MailSession | None, claimed: Claimed) -> tuple[MailSession | None, Outcome]:
        """Render and submit one message over the lane's session, or over a new one."""
        try:
            envelope = compose(claimed.record, self.house).envelope
        except Exception as error:  # noqa: BLE001  one mail that cannot be written must not stop the others
            return session, Unsendable(f"The mail could not be written: {error}")
        if session is None or not session.usable:
            await _closed(session)
            opened = await _opened(self.transport)
            if isinstance(opened, NoSession):
                return None, opened
            session = opened
        if self.clock.now() - claimed.record.date > CLAIM_IS_STALE:
            return session, Lost(Phase.CONNECT, "it was claimed too long ago; it waits for a new claim")
        return session, await _submitted(session, envelope)

    def _settlement(self, claimed: Claimed, outcome: Outcome) -> Settlement:
        verdict = judge(outcome, claimed.attempts, self.house.policy, self._jitter.random())
        verdict = replace(verdict, rest=verdict.rest or self._streak.see(claimed.record.address, verdict))
        self.tally.count(verdict)
        log.info(
            "settled",
            message=claimed.id,
            kind=claimed.record.kind.value,
            state=verdict.state.value,
            reason=verdict.reason,
        )
        return Settlement(claimed.id, verdict, self.clock.now())

    async def _visit(self, settlement: Settlement | None) -> Claimed | None:
        visit = Visit(settlement, asyncio.get_running_loop().create_future())
        self._visits.put_nowait(visit)
        return await visit.answer

    def _is_idle(self) -> bool:
        """Nothing is in flight and nothing is due, or the account rests."""
        turn = self._last_turn
        if self._in_flight:
            return False
        return bool(turn.resting) or turn.next_due is None or turn.next_due > self.clock.now()

    async def _rest_a_while(self) -> None:
        """Wait until something may be due, all idle lanes together, so that they share a turn when they look."""
        if self._pause is None or self._pause.done():
            self._wake.clear()
            self._pause = asyncio.create_task(self._until_next_look())
        await asyncio.wait([self._pause])

    async def _until_next_look(self) -> None:
        wait = self._pacer.wait(self.clock.monotonic()) or POLL_SECONDS
        waiting = asyncio.create_task(self.clock.sleep(min(max(wait, SHORTEST_WAIT), POLL_SECONDS)))
        waking = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait([waiting, waking], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            waking.cancel()

    # The desk.

    async def _keep_desk(self) -> None:
        """Serve the lanes: whoever stands at the desk when a turn begins shares its transaction."""
        while True:
            visits = [await self._visits.get()]
            while not self._visits.empty():
                visits.append(self._visits.get_nowait())
            settlements = [visit.settlement for visit in visits if visit.settlement is not None]
            turn = await self._turn(settlements, len(visits))
            for settled in settlements:
                self._in_flight.pop(settled.message_id)
            self._note(turn)
            for visit, message in zip_longest(visits, turn.claimed):
                if message is not None:
                    self._in_flight[message.id] = message.domain
                    self._pacer.count(message.domain, self.clock.monotonic())
                visit.answer.set_result(message)

    async def _turn(self, settlements: list[Settlement], visitors: int) -> Turn:
        while True:
            try:
                return await self._attempt_turn(settlements, visitors)
            except Busy as busy:  # nothing was written, and nothing is lost by waiting
                log.warning("outcomes wait to be written", mails=len(settlements), why=str(busy))
            except Exception as error:
                raise Refusal(
                    f"{described(error)} What came of the last mails could not be written down, so nothing more "
                    "is submitted. Start the worker again when that is mended; mails that were in flight are "
                    "shown as unknown then."
                ) from error

    async def _attempt_turn(self, settlements: list[Settlement], visitors: int) -> Turn:
        now, monotonic = self.clock.now(), self.clock.monotonic()
        landed = {settlement.message_id for settlement in settlements}
        in_flight = Counter(domain for found, domain in self._in_flight.items() if found not in landed)
        # One lane is kept free of each domain: a server that is slow for one must not hold up all the others.
        rooms = self._pacer.rooms(monotonic, in_flight=in_flight, at_once=max(self._lanes - 1, 1))
        room, lanes = self._pacer.room(monotonic), 0 if self._stopping else visitors
        return await self.ledger.run(
            lambda: self.ledger.turn(settlements, lanes=lanes, room=room, rooms=rooms, now=now)
        )

    def _note(self, turn: Turn) -> None:
        if turn.resting and not self.tally.resting:
            log.error("the account rests", why="'outreach outbox show' says it")
        if turn.stopped and not self.tally.stopped:
            since = f"{turn.stopped.at:%Y-%m-%d %H:%M} UTC"
            log.warning(
                "all mail is stopped", since=since, why="'outreach outbox show' says it, and who stopped it"
            )
        elif self.tally.stopped and not turn.stopped:
            log.warning("mail may leave again")
        self._last_turn, self.tally.resting, self.tally.stopped = turn, turn.resting, turn.stopped


def _nothing() -> None:
    """Nobody else looks when the engine does."""


async def _opened(transport: MailTransport) -> MailSession | NoSession:
    try:
        return await transport.open()
    except Exception as error:  # noqa: BLE001  the port promises a value; nothing has been said to anybody yet
        return NoSession(Phase.CONNECT, described(error))


async def _submitted(session: MailSession, envelope: Envelope) -> Outcome:
    try:
        return await session.submit(envelope)
    except Exception as error:  # noqa: BLE001  the port promises a value; whoever breaks that leaves a doubt
        await session.close()
        return Lost(Phase.DOT, described(error))


async def _closed(session: MailSession | None) -> None:
    if session is not None:
        await session.close()
