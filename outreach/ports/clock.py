"""The clock, passed in wherever time matters."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Read once at a door; below the doors ``now`` is an argument."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps, for waits and sending limits."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Come back when that many seconds of this clock have passed."""
        ...
