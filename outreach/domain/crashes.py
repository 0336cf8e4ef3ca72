"""When a worker has crashed too often to submit anything before a person has looked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

TOO_MANY: Final = 3
WITHIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Crash:
    """Workers were found to have died: when, and the number of the last attempt that was settled until then."""

    at: datetime
    settled: int


@dataclass(frozen=True, slots=True)
class Runs:
    """Which workers run, by their owner's name, since when; and the crashes that may still become too many."""

    running: Mapping[str, datetime] = field(default_factory=dict)
    crashes: tuple[Crash, ...] = ()

    @property
    def too_many(self) -> bool:
        """Whether nothing may be submitted before a person has looked."""
        return len(self.crashes) >= TOO_MANY

    def begun(self, owner: str, dead: Collection[str], *, now: datetime, settled: int) -> "Runs":
        """A worker starts, and finds that others (``dead``) never ended; ``settled``: the last settled attempt.

        Workers that are found dead together died of one thing. Crashes count together as long as nothing was
        settled between the first of them and now: a crash in the middle of a mailing that goes on is bad luck.
        """
        crashes = tuple(one for one in self.crashes if one.settled >= settled and now - one.at <= WITHIN)
        if dead:
            crashes += (Crash(now, settled),)
        running = {name: since for name, since in self.running.items() if name not in dead}
        return Runs({**running, owner: now}, crashes)

    def ended(self, owner: str) -> "Runs":
        """A worker ended as it should."""
        return replace(self, running={name: since for name, since in self.running.items() if name != owner})

    def looked_into(self) -> "Runs":
        """A person has looked: what crashed before counts no more."""
        return replace(self, crashes=())
