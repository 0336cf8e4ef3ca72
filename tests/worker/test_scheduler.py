"""The scheduler: it rings at once, on an interval and at the next due moment, whatever befalls a ring."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from outreach.domain.errors import Busy
from outreach.worker.scheduler import EVERY, NEXT_MOMENT, Scheduler
from outreach.worker.trouble import described
from tests import make

OFTEN, SELDOM = 0.02, 3600.0


@dataclass
class Bell:
    """Counts its rings; each does the next thing of ``does`` and returns what that returns."""

    does: list[Callable[[], datetime | None]] = field(default_factory=list)
    rung: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self) -> datetime | None:
        self.rung += 1
        self._news.set()
        return self.does.pop(0)() if self.does else None

    async def has_rung(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self.rung < times:
                self._news.clear()
                await self._news.wait()


def ringing(
    bell: Bell,
    seconds: float,
    meanwhile: Callable[[Scheduler], Awaitable[None]],
    clock: make.TurnedClock | None = None,
) -> None:
    """Let a scheduler ring until ``meanwhile`` is over."""

    async def ring() -> None:
        scheduler = Scheduler(bell, clock or make.TurnedClock(), seconds=seconds)
        scheduler.start()
        try:
            await meanwhile(scheduler)
        finally:
            scheduler.stop()

    asyncio.run(ring())


def fails(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_it_rings_at_once() -> None:
    bell = Bell()
    ringing(bell, SELDOM, lambda _: bell.has_rung(1))
    assert bell.rung == 1


def test_it_rings_again_and_again() -> None:
    bell = Bell()
    ringing(bell, OFTEN, lambda _: bell.has_rung(4))
    assert bell.rung >= 4


def test_it_rings_at_the_next_due_moment_as_the_clock_passed_in_says() -> None:
    clock = make.TurnedClock()
    bell = Bell([lambda: clock.now() + timedelta(milliseconds=30)])
    ringing(bell, SELDOM, lambda _: bell.has_rung(2), clock)
    assert bell.rung == 2


def test_a_moment_that_has_passed_rings_now() -> None:
    bell = Bell([lambda: make.NOON - timedelta(days=1)])
    ringing(bell, SELDOM, lambda _: bell.has_rung(2))


def test_a_later_ring_moves_the_next_moment() -> None:
    async def look(scheduler: Scheduler) -> None:
        await bell.has_rung(2)
        await asyncio.sleep(0)
        (job,) = [job for job in scheduler._scheduler.get_jobs() if job.id == NEXT_MOMENT]
        assert job.next_run_time - datetime.now(UTC) > timedelta(hours=1)

    bell = Bell([lambda: make.NOON, lambda: make.NOON + timedelta(hours=2)])
    ringing(bell, SELDOM, look)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Busy("The database is busy: try again."), "The database is busy: try again."),
        (
            IntegrityError(
                "INSERT", {"address": "idris@quay.example"}, Exception("not unique\nDETAIL: idris@quay.example")
            ),
            "The database says: not unique.",
        ),
        (KeyError("idris@quay.example"), "KeyError in test_scheduler.py"),
    ],
    ids=["busy", "driver", "defect"],
)
def test_a_ring_that_fails_is_said_without_names_and_the_next_one_comes(error: Exception, said: str) -> None:
    bell = Bell([fails(error)])
    with capture_logs() as logs:
        ringing(bell, OFTEN, lambda _: bell.has_rung(2))
    (entry,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert said in entry["why"]
    assert "idris" not in str(entry)


@pytest.mark.shows("F41")
def test_a_machine_that_slept_through_many_rings_rings_once_when_it_wakes() -> None:
    async def sleep(scheduler: Scheduler) -> None:
        await bell.has_rung(1)
        long_ago = datetime.now(UTC) - timedelta(days=2)
        scheduler._scheduler.modify_job(EVERY, next_run_time=long_ago)
        await bell.has_rung(2)
        (job,) = scheduler._scheduler.get_jobs()
        assert job.next_run_time > datetime.now(UTC)

    bell = Bell()
    ringing(bell, SELDOM, sleep)
    assert bell.rung == 2


@pytest.mark.shows("F38")
def test_a_wall_clock_that_is_set_back_does_not_silence_it() -> None:
    """What was the next ring lies a day ahead then."""

    async def set_back(scheduler: Scheduler) -> None:
        await bell.has_rung(2)
        scheduler._scheduler.modify_job(EVERY, next_run_time=datetime.now(UTC) + timedelta(days=1))
        rung = bell.rung
        await bell.has_rung(rung + 2)

    bell = Bell()
    ringing(bell, OFTEN, set_back)


def test_it_does_not_ring_when_it_has_been_stopped() -> None:
    async def look() -> None:
        scheduler = Scheduler(bell, make.TurnedClock(), seconds=OFTEN)
        scheduler.start()
        await bell.has_rung(1)
        scheduler.stop()
        rung = bell.rung
        await asyncio.sleep(3 * OFTEN)
        assert bell.rung == rung

    bell = Bell()
    asyncio.run(look())


def test_a_ring_that_is_cut_short_by_the_end_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def ring() -> None:
        begun.set()
        await asyncio.Event().wait()

    async def stop_meanwhile() -> None:
        scheduler = Scheduler(ring, make.TurnedClock(), seconds=SELDOM)
        scheduler.start()
        await begun.wait()
        scheduler.stop()
        await asyncio.sleep(0.01)

    with capture_logs() as logs:
        asyncio.run(stop_meanwhile())
    assert (logs, caplog.records) == ([], [])


def test_an_error_without_a_place_is_named_at_least() -> None:
    assert described(ValueError("idris@quay.example")) == "ValueError."


@pytest.mark.parametrize("steps", range(6))
def test_a_ring_that_is_called_off_before_it_begins_is_no_failure(
    steps: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def stop_after(_: Scheduler) -> None:
        for _step in range(steps):
            await asyncio.sleep(0)

    ringing(Bell(), OFTEN, stop_after)
    assert caplog.records == []
