"""The scheduler: APScheduler rings on a short interval and at the next due moment; the clock says what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from outreach.ports.clock import Clock
from outreach.worker.trouble import described

EVERY, NEXT_MOMENT = "every interval", "next due moment"

log = structlog.get_logger(__name__)


class _Failures(logging.Filter):
    """Lets APScheduler say what failed, but not that a ring was called off before it began, as at the end."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


_FAILURES = _Failures()


class Scheduler:
    """Calls ``ring`` every ``seconds``, and once more at the moment that ``ring`` returns as the next due one.

    It keeps no plan of its own: a machine that slept asks the database when it wakes. A ring that fails is
    logged, and the next one comes all the same.
    """

    def __init__(self, ring: Callable[[], Awaitable[datetime | None]], clock: Clock, *, seconds: float) -> None:
        self._ring = ring
        self._clock = clock
        self._seconds = seconds
        self._rang = False
        self._watch: asyncio.Task[None] | None = None
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a ring that outlasts the interval is no news
        logging.getLogger("apscheduler.executors.default").addFilter(_FAILURES)
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        self._ring_from_now_on()

    def start(self) -> None:
        """Begin to ring, at once for the first time."""
        self._scheduler.start()
        self._watch = asyncio.create_task(self._keep_watch())

    def stop(self) -> None:
        """Ring no more; what a ring has begun to write ends by itself."""
        if self._watch:
            self._watch.cancel()
        self._scheduler.shutdown(wait=False)

    def _ring_from_now_on(self) -> None:
        trigger, now = IntervalTrigger(seconds=self._seconds, timezone=UTC), datetime.now(UTC)
        self._scheduler.add_job(self._on_ring, trigger, id=EVERY, next_run_time=now, replace_existing=True)

    async def _keep_watch(self) -> None:
        """APScheduler goes by the wall clock: when that was set back, it would be silent until then comes again."""
        while True:
            self._rang = False
            await asyncio.sleep(2 * self._seconds)
            if not self._rang:
                self._ring_from_now_on()

    async def _on_ring(self) -> None:
        self._rang = True
        try:
            due = await self._ring()
        except asyncio.CancelledError:  # stopped meanwhile: APScheduler would take that for a failure
            return
        except Exception as error:  # noqa: BLE001  whatever it was, the next ring may go better
            log.error("the ring failed, and comes again", why=described(error))  # noqa: TRY400  no traceback: it may quote names
            return
        if due is None:
            return
        ahead = max(due - self._clock.now(), timedelta())
        trigger = DateTrigger(datetime.now(UTC) + ahead, timezone=UTC)
        self._scheduler.add_job(self._on_ring, trigger, id=NEXT_MOMENT, replace_existing=True)
