"""The worker: owns the outbox, rings the clock, submits what is due, and does the tasks that people asked for."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import structlog

from outreach.bootstrap import Outreach
from outreach.ports.mailbox import MailboxTrouble
from outreach.store.moments import next_moment
from outreach.store.ownership import owning
from outreach.usecases.ring import ring
from outreach.usecases.track_deliveries import track_deliveries
from outreach.worker.engine import Engine, Tally
from outreach.worker.intake import Intake
from outreach.worker.ledger import Ledger
from outreach.worker.probing import probing
from outreach.worker.scheduler import Scheduler
from outreach.worker.tasks import Tasks

log = structlog.get_logger(__name__)


async def work(
    app: Outreach, *, until_idle: bool = False, started: Callable[[Engine], None] | None = None
) -> Tally:
    """Submit until stopped (``engine.stop()``, handed to ``started``), or until nothing is due; what was done.

    Raises Refusal when another worker owns the outbox.
    """
    with owning(app.database) as owner:
        ledger = Ledger(app.database, owner, rehearsal=app.transport.rehearsal)
        engine = Engine(ledger, app.transport, app.clock, app.house)
        if started:
            started(engine)
        try:
            await ledger.run(lambda: ledger.recover(app.clock.now()))
            if until_idle:
                await asyncio.to_thread(_take_in_once, app)
                await asyncio.to_thread(Tasks(app, owner).once)
            await _ring(app, ledger, engine)
            if until_idle:
                await engine.run(until_idle=True)
                await ledger.run(lambda: _note_deliveries(app))
            else:
                await _with_scheduler(app, ledger, engine)
        finally:
            await asyncio.to_thread(ledger.close)
        return engine.tally


def _note_deliveries(app: Outreach) -> None:
    """No ring follows that would bring the letters on whose mails have left."""
    with app.database.changing() as session:
        track_deliveries(session, now=app.clock.now(), house=app.house)


def _take_in_once(app: Outreach) -> None:
    if app.mailbox is None:
        return
    try:
        Intake(app, app.mailbox).once()
    except MailboxTrouble as trouble:
        log.warning("the mailbox cannot be read", why=str(trouble))


async def _with_scheduler(app: Outreach, ledger: Ledger, engine: Engine) -> None:
    seconds = app.house.settings.schedule.ring_seconds
    scheduler = Scheduler(lambda: _ring(app, ledger, engine), app.clock, seconds=seconds)
    scheduler.start()
    try:
        with _taking_in(app, engine), probing(app):
            async with _doing_tasks(app, engine, ledger.owner):
                await engine.run()
    finally:
        scheduler.stop()


@contextmanager
def _taking_in(app: Outreach, engine: Engine) -> Iterator[None]:
    """The intake at work beside the engine, in a thread of its own: mailboxes are read by waiting for them."""
    if app.mailbox is None:
        yield
        return
    loop, stop = asyncio.get_running_loop(), threading.Event()
    intake = Intake(app, app.mailbox, lambda: loop.call_soon_threadsafe(engine.wake))
    thread = threading.Thread(target=intake.run, args=(stop.is_set, stop.wait), name="intake")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@asynccontextmanager
async def _doing_tasks(app: Outreach, engine: Engine, owner: str) -> AsyncIterator[None]:
    """What people asked for is done beside the engine, in a thread of its own: it may take minutes."""
    loop = asyncio.get_running_loop()
    tasks = Tasks(app, owner, lambda: loop.call_soon_threadsafe(engine.wake))
    engine.on_wake = tasks.wake
    thread = threading.Thread(target=tasks.run, name="tasks")
    thread.start()
    try:
        yield
    finally:
        tasks.stop()
        await asyncio.to_thread(thread.join)


async def _ring(app: Outreach, ledger: Ledger, engine: Engine) -> datetime | None:
    """Do what is due; the next moment at which something will be."""
    now = app.clock.now()

    def ring_now() -> datetime | None:
        if not app.database.is_sqlite:  # there a worker beside this one may have died
            ledger.recover(now)
        with app.database.changing() as session:
            rung = ring(session, now=now, house=app.house)
            log.debug("rung", queued=rung.queued, skipped=rung.skipped, closed=rung.closed, released=rung.released)
            return next_moment(session, now)

    due = await ledger.run(ring_now)
    engine.wake()
    return due
