"""The machine's clock keeps the promises of the Clock port."""

import asyncio
import datetime as dt

from outreach.adapters.clock import SystemClock
from outreach.ports.clock import Clock
from tests.parts import run

CLOCK: Clock = SystemClock()


def test_now_is_aware_and_in_utc() -> None:
    before = dt.datetime.now(dt.UTC)
    assert before <= CLOCK.now() <= dt.datetime.now(dt.UTC)
    assert CLOCK.now().utcoffset() == dt.timedelta(0)


def test_the_monotonic_clock_never_goes_back() -> None:
    seen = [CLOCK.monotonic() for _ in range(100)]
    assert seen == sorted(seen)


def test_a_sleep_of_nothing_or_less_lets_the_others_have_a_turn() -> None:
    async def turns() -> bool:
        other = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(other.set_result, None)
        await CLOCK.sleep(-5)
        return other.done()

    assert run(turns())


def test_a_sleep_lasts_as_long_as_it_says() -> None:
    before = CLOCK.monotonic()
    run(CLOCK.sleep(0.01))
    assert CLOCK.monotonic() - before >= 0.01
