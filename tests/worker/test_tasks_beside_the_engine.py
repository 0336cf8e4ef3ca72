"""Tasks are done while the engine works, begin as soon as somebody asks, and never hold the event loop."""

import asyncio
import threading
import time

import pytest

from outreach.domain.errors import Busy
from outreach.domain.tasks import TaskState, TaskVerb
from outreach.store.database import Database
from outreach.worker import tasks as tasks_module
from outreach.worker.engine import Engine
from outreach.worker.work import work
from tests import make, tasks
from tests.stage import RecordingTransport, stage
from tests.worker.setting import until


def state(database: Database, number: int) -> TaskState:
    return tasks.seen(database, number).state


def test_a_task_begins_at_once_when_a_page_says_that_something_changed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks_module, "LOOK_SECONDS", 600.0)  # only the word from the page can begin it
    rosa, house, clock = tasks.rosa(database), make.house(database), make.TurnedClock()
    app = stage(database, house, clock, RecordingTransport(clock))

    async def worked() -> None:
        engines: list[Engine] = []
        working = asyncio.create_task(work(app, started=engines.append))
        await until(lambda: bool(engines))
        await asyncio.sleep(0.5)  # the thread has looked, and rests
        number = await asyncio.to_thread(
            tasks.asked, database, TaskVerb.IMPORT_CONTACTS, rosa, file=("p.csv", tasks.people(3))
        )
        engines[0].wake()
        await until(lambda: state(database, number) is TaskState.DONE)
        engines[0].stop()
        await working

    asyncio.run(worked())


def test_after_a_look_that_failed_the_next_one_comes_soon(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks_module, "LOOK_SECONDS", 600.0)
    rosa, house, clock = tasks.rosa(database), make.house(database), make.TurnedClock()
    number = tasks.asked(database, TaskVerb.IMPORT_CONTACTS, rosa, file=("p.csv", tasks.people(3)))
    doing = tasks_module.Tasks(stage(database, house, clock, RecordingTransport(clock)), "worker:1:a")
    looks, once = [Busy("another writes"), Busy("another writes")], doing.once

    def busy_twice() -> int:
        if looks:
            raise looks.pop()
        return once()

    monkeypatch.setattr(doing, "once", busy_twice)
    thread = threading.Thread(target=doing.run)
    thread.start()
    try:
        asyncio.run(until(lambda: state(database, number) is TaskState.DONE))
    finally:
        doing.stop()
        thread.join()
    assert not looks


def test_the_event_loop_turns_while_a_task_is_done(sqlite: Database) -> None:
    rosa, house, clock = tasks.rosa(sqlite), make.house(sqlite), make.TurnedClock()
    app = stage(sqlite, house, clock, RecordingTransport(clock))
    tasks.asked(sqlite, TaskVerb.IMPORT_CONTACTS, rosa, file=("p.csv", tasks.people(6000)))

    async def longest_pause() -> float:
        engines: list[Engine] = []
        working = asyncio.create_task(work(app, started=engines.append))
        longest, last = 0.0, time.monotonic()
        while not engines or await asyncio.to_thread(state, sqlite, 1) is not TaskState.DONE:
            await asyncio.sleep(0.01)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        engines[0].stop()
        await working
        return longest

    assert asyncio.run(longest_pause()) < 2


def test_who_is_told_to_stop_leaves_soon_and_the_task_waits(sqlite: Database) -> None:
    rosa, house, clock = tasks.rosa(sqlite), make.house(sqlite), make.TurnedClock()
    app = stage(sqlite, house, clock, RecordingTransport(clock))
    number = tasks.asked(sqlite, TaskVerb.IMPORT_CONTACTS, rosa, file=("p.csv", tasks.people(20_000)))

    async def stopped() -> None:
        engines: list[Engine] = []
        working = asyncio.create_task(work(app, started=engines.append))
        await until(lambda: tasks.seen(sqlite, number).step.stage != "")
        engines[0].stop()
        await asyncio.wait_for(working, 10)

    asyncio.run(stopped())
    assert state(sqlite, number) is TaskState.WAITING
