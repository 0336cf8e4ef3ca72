"""The scheduler: APScheduler rings on a short interval and at the next due moment; the clock says what is due."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from outreach.ports.clock import Clock

NEXT_MOMENT = "next due moment"


class Scheduler:
    """Calls ``ring`` every ``seconds``, and once more at the moment that ``ring`` returns as the next due one.

    It keeps no plan of its own: a machine that slept asks the database when it wakes.
    """

    def __init__(self, ring: Callable[[], Awaitable[datetime | None]], clock: Clock, *, seconds: float) -> None:
        self._ring = ring
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(self._on_ring, trigger, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin to ring, at once for the first time."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; a ring that is under way ends by itself."""
        self._scheduler.shutdown(wait=False)

    async def _on_ring(self) -> None:
        due = await self._ring()
        if due is None:
            return
        ahead = max(due - self._clock.now(), timedelta())
        trigger = DateTrigger(datetime.now(UTC) + ahead, timezone=UTC)
        self._scheduler.add_job(self._on_ring, trigger, id=NEXT_MOMENT, replace_existing=True)
