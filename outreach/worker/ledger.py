"""The ledger's thread: the only one that settles and claims, one transaction a turn, never in the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlmodel import Session

from outreach.domain.errors import Unreachable
from outreach.domain.pacing import Crowd, Pacer, Rooms
from outreach.domain.states import MessageState
from outreach.store.accounts import Breaker, left_lately, let_rest, look_at, wake
from outreach.store.database import Database
from outreach.store.frozen import Frozen
from outreach.store.outbox import Claimed, claim, next_due
from outreach.store.ownership import crowd_of, owns, recover_from_the_dead
from outreach.store.settling import Settlement, settle
from outreach.store.standing import StandingConnection
from outreach.store.stopping import Stopped, stopped

LOST: Final = "The database has ended the session that showed that this worker is alive."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn gave: messages to submit, and why there are no more.

    ``next_due`` is when the next may be claimed (None: nothing waits), ``resting`` why the account rests (empty:
    it does not), ``stopped`` the panic stop that stands; none is looked up while there is a message for every lane.
    """

    claimed: tuple[Claimed, ...] = ()
    next_due: datetime | None = None
    resting: str = ""
    stopped: Stopped | None = None


class Ledger:
    """Settles what is ready and claims what may go, together, for one owner."""

    def __init__(self, database: Database, owner: str, *, rehearsal: bool) -> None:
        self.database = database
        self.owner = owner
        self.rehearsal = rehearsal
        self._frozen = Frozen()
        self._standing = StandingConnection(database)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work in the ledger's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def turn(
        self, settlements: Sequence[Settlement], *, lanes: int, room: int, rooms: Rooms, now: datetime
    ) -> Turn:
        """Settle, then claim one message for each of ``lanes``, but ``room`` at most, in one transaction.

        Raises Unreachable when the owner has lost its lock: what it did is settled, and it may claim no more.
        """
        with self._standing.changing() as session:
            settle(session, settlements, self.owner)
            owned = owns(session, self.owner)
            if owned:
                account = _after(session, settlements, now)
                turn = self._claim(session, account, lanes=lanes, room=room, rooms=rooms, now=now)
        if not owned:
            raise Unreachable(LOST)
        return turn

    def prove(self) -> None:
        """Raises Unreachable when the owner has lost its lock: what it claimed may be another's by now."""
        with self.database.reading() as session:
            owned = owns(session, self.owner)
        if not owned:
            raise Unreachable(LOST)

    def _claim(
        self, session: Session, account: Breaker, *, lanes: int, room: int, rooms: Rooms, now: datetime
    ) -> Turn:
        if account.rests(now):
            return Turn((), account.rests_until, account.reason, stopped(session))
        claimed = claim(
            session,
            now=now,
            owner=self.owner,
            want=min(lanes, room),
            rehearsal=self.rehearsal,
            rooms=rooms,
            frozen=self._frozen,
        )
        if lanes and len(claimed) == lanes:
            return Turn(tuple(claimed))
        return Turn(tuple(claimed), next_due(session, rehearsal=self.rehearsal), stopped=stopped(session))

    def recover(self, now: datetime) -> int:
        """What dead owners left behind becomes unknown; how many messages."""
        return recover_from_the_dead(self.database, self.owner, now)

    def crowd(self) -> Crowd:
        """How many workers share the limits at the moment, and this one's place among them."""
        with self.database.reading() as session:
            return crowd_of(session, self.owner)

    def remember(self, pacer: Pacer, now: datetime, monotonic: float) -> None:
        """Count in what left before, whoever submitted it, so that a restart does not double the pace."""
        with self.database.reading() as session:
            for left_at, domain, many in left_lately(session, now, self.owner):
                pacer.remember(domain, monotonic - (now - left_at).total_seconds(), many)

    def close(self) -> None:
        """End the thread, and let go of its connection."""
        self._thread.shutdown(wait=True)
        self._standing.close()


def _after(session: Session, settlements: Sequence[Settlement], now: datetime) -> Breaker:
    """The account after these: a refusal lets it rest, and a success ends a rest whose time is over."""
    for one in settlements:
        if one.verdict.rest is not None:
            let_rest(session, one.verdict.rest, now)
    account = look_at(session)
    sent = any(one.verdict.state is MessageState.SENT for one in settlements)
    if sent and account.has_rested(now):
        wake(session, now)
        return Breaker()
    return account
