"""The outbox engine: lanes that submit, and a desk where each slot settles its last message and gets its next."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog

from outreach.config.house import House
from outreach.domain.errors import Busy, Refusal, Unreachable
from outreach.domain.judging import PolicyStreak, Verdict, judge
from outreach.domain.outcomes import Lost, NoSession, Outcome, Phase, Unsendable
from outreach.domain.pacing import MANY, Crowd, Pace, Pacer, Rooms
from outreach.domain.states import MessageState
from outreach.ports.clock import Clock
from outreach.ports.transport import MailTransport
from outreach.rendering.composing import compose
from outreach.store.outbox import Claimed
from outreach.store.settling import Settlement
from outreach.store.stopping import Stopped
from outreach.worker.lanes import SLOTS, Lane
from outreach.worker.ledger import Ledger, Turn
from outreach.worker.trouble import described

POLL_SECONDS = 2.0
"""How long an idle engine waits before it asks again: a confirmation queued by the web goes out so soon."""
CLAIM_IS_STALE = timedelta(minutes=30)
"""A machine that slept after a claim asks again before it submits: the deadline may have passed meanwhile."""

SHORTEST_WAIT = 0.01
MORE_MAY_COME = 8
"""Turns of the event loop before a turn of the ledger begins, which costs as much for one mail as for ten."""
OWNED_LATELY = timedelta(seconds=3)
"""So long ago the ledger may have said that the claims are ours; turns of it are rarely further apart."""
CROWD_SECONDS = 1.0
"""So old is at most what a worker knows of how many others share the limits with it."""

NO_MEMORY = (
    b"There is not enough memory, so nothing more is submitted. Start the worker again when there is more; mails "
    b"that were in flight are shown as unknown then.\n"
)

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Visit:
    """A slot at the desk: what it settles, and where it is handed its next message (None: nothing for now)."""

    lane: Lane
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
    """Submits what is due through ``transport``, over one lane for each connection.

    A lane has two slots with a message each: while one waits for the answer to its final dot, the other's is on
    its way (RFC 2920). A slot's next message is claimed in the transaction that settles its last, and no text is
    written before what came of the mail before it is on disk: after a crash at most two messages for each
    connection are in doubt, and at most one of them was past its dot.
    """

    def __init__(self, ledger: Ledger, transport: MailTransport, clock: Clock, house: House) -> None:
        self.ledger = ledger
        self.transport = transport
        self.clock = clock
        self.house = house
        self.tally = Tally()
        self.on_wake: Callable[[], object] = _nothing
        self._lanes = [Lane(transport) for _ in range(house.settings.limits.connections)]
        self._pacer = Pacer(Pace.of(house.settings.limits))
        self._policy = house.policy
        self._counted_at = 0.0
        self._streak = PolicyStreak()
        self._visits: asyncio.Queue[Visit] = asyncio.Queue()
        self._owned_at = clock.now()
        self._proof: asyncio.Future[None] | None = None
        self._group = asyncio.TaskGroup()
        self._in_flight: dict[int, tuple[Lane, str]] = {}  # until what came of it is on disk
        self._last_turn = Turn()
        self._stopping = False
        self._wake = asyncio.Event()
        self._pause: asyncio.Task[None] | None = None
        self._jitter = random.Random()  # noqa: S311  spreads retries, guards nothing

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping

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
        await self._join_the_crowd()
        loop = asyncio.get_running_loop()
        before = loop.get_exception_handler()
        loop.set_exception_handler(_on_failed_callback)
        try:
            async with self._group:
                # The desk ends only by a failure of the ledger, and takes the slots with it.
                desk = self._group.create_task(self._keep_desk())
                slots = [
                    self._group.create_task(self._slot(lane, until_idle=until_idle))
                    for _ in range(SLOTS)
                    for lane in self._lanes
                ]
                await asyncio.wait(slots)
                desk.cancel()
        except BaseExceptionGroup as failures:
            first = failures.exceptions[0]
            _end_without_memory(first)
            raise first from failures
        finally:
            loop.set_exception_handler(before)
            if self._pause:
                self._pause.cancel()

    # A slot of a lane.

    async def _slot(self, lane: Lane, *, until_idle: bool) -> None:
        settlement: Settlement | None = None
        written_down = asyncio.get_running_loop().create_future()
        lane.enter()
        try:
            while True:
                claimed = await self._visit(lane, settlement)
                written_down.set_result(None)
                written_down, settlement = asyncio.get_running_loop().create_future(), None
                if claimed is not None:
                    settlement = self._settlement(claimed, await self._submit(lane, claimed, written_down))
                    continue
                await lane.leave()
                try:
                    if self._stopping or (until_idle and self._is_idle()):
                        self.wake()  # the other slots need not wait to find that out
                        return
                    await self._rest_a_while()
                finally:
                    lane.enter()
        finally:
            await lane.leave()

    async def _submit(self, lane: Lane, claimed: Claimed, written_down: asyncio.Future[None]) -> Outcome:
        """Render and submit one message over the lane's session, or over a new one."""
        try:
            envelope = compose(claimed.record, self.house).envelope
        except MemoryError:  # the next mails would fare no better
            raise
        except Exception as error:  # noqa: BLE001  one mail that cannot be written must not stop the others
            return Unsendable(f"The mail could not be written: {error}")
        session = lane.session or await lane.open()
        if isinstance(session, NoSession):
            return session
        if self.clock.now() - claimed.record.date > CLAIM_IS_STALE:
            return Lost(Phase.CONNECT, "it was claimed too long ago; it waits for a new claim")
        return await lane.submit(session, envelope, written_down, self._certainty)

    def _settlement(self, claimed: Claimed, outcome: Outcome) -> Settlement:
        verdict = judge(outcome, claimed.attempts, self._policy, self._jitter.random())
        rest = self._streak.see(claimed.record.address, verdict)
        if rest is not None and verdict.rest is None:
            verdict = replace(verdict, rest=rest)
        self.tally.count(verdict)
        # The ledger tells of every mail; a line for each that was taken would cost more than submitting it.
        if verdict.state is not MessageState.SENT:
            log.info(
                "settled",
                message=claimed.id,
                kind=claimed.record.kind.value,
                state=verdict.state.value,
                reason=verdict.reason,
            )
        return Settlement(claimed.id, verdict, self.clock.now())

    def _certainty(self) -> asyncio.Future[None] | None:
        """What a text waits for in a process that may have stood still: whether its claims are its own.

        Whoever was stopped, and whose session with the database was cut meanwhile, has been taken for dead, and
        what it claimed may have left by another's hand. A mail costs this no more than a look at the clock.
        """
        if self.ledger.database.is_sqlite or self.clock.now() - self._owned_at <= OWNED_LATELY:
            return None
        if self._proof is None or self._proof.done():
            self._proof = asyncio.get_running_loop().create_future()
            self._group.create_task(self._prove(self._proof))
        return self._proof

    async def _prove(self, proof: asyncio.Future[None]) -> None:
        """Ask the ledger; where the claims are lost, all ends, and the proof never comes."""
        now = self.clock.now()
        await self.ledger.run(self.ledger.prove)
        self._owned_at = now
        proof.set_result(None)

    async def _visit(self, lane: Lane, settlement: Settlement | None) -> Claimed | None:
        visit = Visit(lane, settlement, asyncio.get_running_loop().create_future())
        self._visits.put_nowait(visit)
        return await visit.answer

    def _is_idle(self) -> bool:
        """Nothing is in flight and nothing is due, or the account rests."""
        turn = self._last_turn
        if self._in_flight:
            return False
        return bool(turn.resting) or turn.next_due is None or turn.next_due > self.clock.now()

    async def _rest_a_while(self) -> None:
        """Wait until something may be due, all idle slots together, so that they share a turn when they look."""
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
        """Serve the slots: whoever stands at the desk when a turn begins shares its transaction."""
        while True:
            visits = [await self._visits.get()]
            for _ in range(min(MORE_MAY_COME, len(self._in_flight))):
                await asyncio.sleep(0)  # whose answer is arriving shares this turn instead of waiting for its end
            while not self._visits.empty():
                visits.append(self._visits.get_nowait())
            turn = await self._turn(visits)
            self._note(turn)
            for visit, message in self._handed_out(visits, turn.claimed):
                if message is not None:
                    self._pacer.count(message.domain, self.clock.monotonic())
                visit.answer.set_result(message)

    def _handed_out(
        self, visits: list[Visit], claimed: tuple[Claimed, ...]
    ) -> Iterator[tuple[Visit, Claimed | None]]:
        """To which slot each message goes: a domain that is on all lanes but one keeps to those (see _rooms)."""
        free = dict.fromkeys(visits)
        for message in claimed:
            domain = message.domain
            crowded = sum(domain in lane.domains for lane in self._lanes) >= self._lanes_for_one()
            visit = next((each for each in free if domain in each.lane.domains), None) if crowded else None
            visit = visit or next(iter(free))
            del free[visit]
            self._in_flight[message.id] = visit.lane, domain
            visit.lane.domains[domain] += 1
            yield visit, message
        yield from ((visit, None) for visit in free)

    def _lanes_for_one(self) -> int:
        """One lane is kept free of each domain: a server that is slow for one must not hold up all the others."""
        return max(len(self._lanes) - 1, 1)

    def _rooms(self, visits: list[Visit], monotonic: float) -> Rooms:
        """How many may go to each domain: on lanes where it is already, and on as many others as it may take."""
        carrying = Counter(domain for lane in self._lanes for domain in lane.domains)
        waiting = Counter(visit.lane for visit in visits)
        most = self._lanes_for_one()

        def at_once(domain: str) -> int:
            others = most - carrying[domain]
            if len(waiting) <= others:
                return MANY
            there = sum(slots for lane, slots in waiting.items() if domain in lane.domains)
            elsewhere = sorted(slots for lane, slots in waiting.items() if domain not in lane.domains)
            return there + sum(elsewhere[-others:] if others > 0 else ())

        return self._pacer.rooms(monotonic, in_flight=carrying.keys(), at_once=at_once)

    async def _turn(self, visits: list[Visit]) -> Turn:
        settlements = [visit.settlement for visit in visits if visit.settlement is not None]
        for settled in settlements:
            lane, domain = self._in_flight[settled.message_id]
            lane.take_off(domain)
        while True:
            try:
                turn = await self._attempt_turn(settlements, visits)
            except Busy as busy:  # nothing was written, and nothing is lost by waiting
                log.warning("outcomes wait to be written", mails=len(settlements), why=str(busy))
            except Unreachable:
                raise
            except Exception as error:
                raise Refusal(
                    f"{described(error)} What came of the last mails could not be written down, so nothing more "
                    "is submitted. Start the worker again when that is mended; mails that were in flight are "
                    "shown as unknown then."
                ) from error
            else:
                for settled in settlements:
                    del self._in_flight[settled.message_id]
                return turn

    async def _attempt_turn(self, settlements: list[Settlement], visits: list[Visit]) -> Turn:
        now, monotonic = self.clock.now(), self.clock.monotonic()
        if monotonic - self._counted_at > CROWD_SECONDS and not self.ledger.database.is_sqlite:
            await self._share_limits(await self._count_the_crowd())
        room, slots = self._pacer.room(monotonic), 0 if self._stopping else len(visits)
        rooms = self._rooms(visits, monotonic)
        turn = await self.ledger.run(
            lambda: self.ledger.turn(settlements, lanes=slots, room=room, rooms=rooms, now=now)
        )
        self._owned_at = now
        return turn

    # The limits, which all workers share.

    async def _join_the_crowd(self) -> None:
        """Begin to share: only after everybody else has noticed that there is one more."""
        crowd = await self._count_the_crowd()
        if crowd.workers > 1:
            await self.clock.sleep(2 * CROWD_SECONDS)
            crowd = await self._count_the_crowd()
        self._pacer = await self._knowing(crowd)

    async def _share_limits(self, crowd: Crowd) -> None:
        """When a worker has come or gone, what all have submitted until now counts for each of them."""
        if crowd != self._pacer.crowd:
            log.info("the limits are shared anew", workers=crowd.workers)
            self._pacer = await self._knowing(crowd)
            for _, domain in self._in_flight.values():
                self._pacer.count(domain, self.clock.monotonic())

    async def _count_the_crowd(self) -> Crowd:
        self._counted_at = self.clock.monotonic()
        return await self.ledger.run(self.ledger.crowd)

    async def _knowing(self, crowd: Crowd) -> Pacer:
        """A pacer that knows what has left lately."""
        pacer, now, monotonic = Pacer(self._pacer.pace, crowd), self.clock.now(), self.clock.monotonic()
        await self.ledger.run(lambda: self.ledger.remember(pacer, now, monotonic))
        return pacer

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


def _on_failed_callback(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What fails outside every task: where bytes come in, and where a held text is let go."""
    _end_without_memory(context.get("exception"))
    loop.default_exception_handler(context)


def _end_without_memory(failure: BaseException | None) -> None:
    """End the process at once if memory has run out: nothing orderly can be done, not even a thread be ended."""
    if isinstance(failure, MemoryError):
        os.write(2, NO_MEMORY)
        os._exit(1)


def _nothing() -> None:
    """Nobody else looks when the engine does."""
