"""The demo's clock: it stands still while people and servers are at work, and is turned when they are done."""

import asyncio
import time
from datetime import datetime, timedelta


class StoryClock:
    """A Clock at some moment of the story. ``let_run`` makes it tick like any other from there on."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._seconds = 0.0
        self._ticking_since: float | None = None

    def now(self) -> datetime:
        """The moment the story has come to."""
        return self._now + timedelta(seconds=self._ticked())

    def monotonic(self) -> float:
        """Seconds of story since it began."""
        return self._seconds + self._ticked()

    async def sleep(self, seconds: float) -> None:
        """Turn the clock, after whoever else is ready had a turn; or really wait once it ticks."""
        if self._ticking_since is not None:
            await asyncio.sleep(seconds)
            return
        await asyncio.sleep(0)
        self.turn_to(self._now + timedelta(seconds=seconds))

    def turn_to(self, moment: datetime) -> None:
        """Turn the clock forward; never back."""
        ahead = max((moment - self._now).total_seconds(), 0.0)
        self._now += timedelta(seconds=ahead)
        self._seconds += ahead

    def let_run(self) -> None:
        """From now on the clock ticks with the machine's."""
        self._ticking_since = time.monotonic()

    def _ticked(self) -> float:
        return time.monotonic() - self._ticking_since if self._ticking_since is not None else 0.0
