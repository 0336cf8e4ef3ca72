"""The ledger's thread: the only one that settles and claims, one transaction a turn, never in the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from outreach.domain.judging import Rest
from outreach.domain.pacing import Pacer
from outreach.store.accounts import left_lately, let_rest, resting, wake
from outreach.store.database import Database
from outreach.store.outbox import Claimed, Settlement, claim, next_due, retire_unwanted, settle
from outreach.store.ownership import recover_from_the_dead

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn gave: messages to submit, when the next is due, why the account rests (empty: it does not)."""

    claimed: tuple[Claimed, ...]
    next_due: datetime | None
    resting: str


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
        self,
        settlements: Sequence[Settlement],
        rest: Rest | None,
        *,
        want: int,
        full_domains: Sequence[str],
        now: datetime,
    ) -> Turn:
        """Settle, then claim up to ``want``, in one transaction."""
        with self.database.changing() as session:
            settle(session, settlements, self.owner)
            if rest is not None:
                let_rest(session, rest, now)
                session.flush()
            account = resting(session, now)
            if account is not None:
                return Turn((), account.rests_until, account.reason)
            if any(one.verdict.copy for one in settlements):
                wake(session)
            claimed = (
                claim(
                    session,
                    now=now,
                    owner=self.owner,
                    want=want,
                    rehearsal=self.rehearsal,
                    full_domains=full_domains,
                )
                if want
                else []
            )
            if want and not claimed:
                retire_unwanted(session, now)
            return Turn(tuple(claimed), next_due(session, rehearsal=self.rehearsal), "")

    def recover(self, now: datetime) -> int:
        """What dead owners left behind becomes unknown; how many messages."""
        return recover_from_the_dead(self.database, self.owner, now)

    def remember(self, pacer: Pacer, now: datetime, monotonic: float) -> None:
        """Count in what left before this process began, so that a restart does not double the pace."""
        with self.database.reading() as session:
            for sent_at, domain in left_lately(session, now):
                pacer.count(domain, monotonic - (now - sent_at).total_seconds())

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=True)
