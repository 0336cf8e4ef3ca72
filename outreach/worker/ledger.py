"""The ledger's thread: the only one that settles and claims, one transaction a turn, never in the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.pacing import Pacer, Rooms
from outreach.domain.states import MessageState
from outreach.store.accounts import left_lately, let_rest, resting, wake
from outreach.store.database import Database
from outreach.store.outbox import Claimed, Settlement, claim, next_due, settle
from outreach.store.ownership import owns, recover_from_the_dead
from outreach.store.stopping import Stopped, stopped

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
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work in the ledger's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def turn(
        self, settlements: Sequence[Settlement], *, lanes: int, room: int, rooms: Rooms, now: datetime
    ) -> Turn:
        """Settle, then claim one message for each of ``lanes``, but ``room`` at most, in one transaction.

        Raises Refusal when the owner has lost its lock: what it did is settled, and it may claim no more.
        """
        with self.database.changing() as session:
            settle(session, settlements, self.owner)
            owned = owns(session, self.owner)
            if owned:
                _open_or_close_breaker(session, settlements, now)
                turn = self._claim(session, lanes=lanes, room=room, rooms=rooms, now=now)
        if not owned:
            raise Refusal("The database has ended the session that showed that this worker is alive")
        return turn

    def _claim(self, session: Session, *, lanes: int, room: int, rooms: Rooms, now: datetime) -> Turn:
        account = resting(session, now)
        if account is not None:
            return Turn((), account.rests_until, account.reason, stopped(session))
        want = min(lanes, room)
        claimed = claim(session, now=now, owner=self.owner, want=want, rehearsal=self.rehearsal, rooms=rooms)
        if lanes and len(claimed) == lanes:
            return Turn(tuple(claimed))
        return Turn(tuple(claimed), next_due(session, rehearsal=self.rehearsal), stopped=stopped(session))

    def recover(self, now: datetime) -> int:
        """What dead owners left behind becomes unknown; how many messages."""
        return recover_from_the_dead(self.database, self.owner, now)

    def remember(self, pacer: Pacer, now: datetime, monotonic: float) -> None:
        """Count in what left before this process began, so that a restart does not double the pace."""
        with self.database.reading() as session:
            for left_at, domain in left_lately(session, now):
                pacer.count(domain, monotonic - (now - left_at).total_seconds())

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=True)


def _open_or_close_breaker(session: Session, settlements: Sequence[Settlement], now: datetime) -> None:
    for one in settlements:
        if one.verdict.rest is not None:
            let_rest(session, one.verdict.rest, now)
    if any(one.verdict.state is MessageState.SENT for one in settlements) and resting(session, now) is None:
        wake(session, now)
