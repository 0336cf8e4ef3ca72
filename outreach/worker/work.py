"""The worker: owns the outbox, rings the clock, submits what is due, and does the tasks that people asked for."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import DatabaseError

from outreach.bootstrap import Outreach
from outreach.domain.errors import Refusal, Unreachable
from outreach.ports.mailbox import MailboxTrouble
from outreach.store.leading import Lead
from outreach.store.moments import next_moment
from outreach.store.ownership import holds, owning
from outreach.usecases.begin_work import begin_work
from outreach.usecases.end_work import end_work
from outreach.usecases.follow_zone_rules import follow_zone_rules
from outreach.usecases.ring import ring
from outreach.usecases.track_deliveries import track_deliveries
from outreach.worker.engine import Engine, Tally
from outreach.worker.generations import Generations
from outreach.worker.intake import Intake
from outreach.worker.ledger import Ledger
from outreach.worker.probing import probing
from outreach.worker.reconciling import Reconciler
from outreach.worker.scheduler import Scheduler
from outreach.worker.tasks import Tasks
from outreach.worker.trouble import described

AWAY_SECONDS: Final = 2.0
"""Between two attempts to reach a database server that has gone away."""
HEIR_SECONDS: Final = 2.0
"""So soon the clock is rung by another worker when the one that rang it is gone, however rarely it rings."""

log = structlog.get_logger(__name__)


async def work(
    app: Outreach, *, until_idle: bool = False, started: Callable[[Engine], None] | None = None
) -> Tally:
    """Submit until stopped (``engine.stop()``, handed to ``started``), or until nothing is due; what was done.

    A database server that goes away is waited for; then all begins anew, under another name and with another
    engine, and what was in flight is in doubt. Raises Refusal when another worker owns the outbox.
    """
    engines: list[Engine] = []

    def begun(engine: Engine) -> None:
        if engines and engines[-1].is_stopping:  # it was told while the database was away
            engine.stop()
        engines.append(engine)
        if started:
            started(engine)

    while True:
        try:
            earlier = [engine.ledger.owner for engine in engines]
            return await _work(app, begun, earlier, until_idle=until_idle)
        except Unreachable as trouble:
            if until_idle or not engines or engines[-1].is_stopping:
                raise
            log.error("the database is away, and is waited for", why=described(trouble))  # noqa: TRY400  no traceback: it may quote names
            await app.clock.sleep(AWAY_SECONDS)


async def _work(
    app: Outreach, begun: Callable[[Engine], None], earlier: Collection[str], *, until_idle: bool
) -> Tally:
    with owning(app.database) as owner, Lead(app.database) as lead:
        ledger = Ledger(app.database, owner, rehearsal=app.transport.rehearsal)
        engine = Engine(ledger, app.transport, app.clock, app.house)
        generations = Generations(app)
        ring_once = partial(_ring, app, ledger, engine, lead, Reconciler(app))
        begun(engine)
        try:
            await ledger.run(generations.look)  # before anything is written that a restored backup has not got
            await ledger.run(lambda: ledger.recover(app.clock.now()))
            await ledger.run(lambda: _begin(app, owner, earlier))
            if until_idle:
                await asyncio.to_thread(_take_in_once, app)
                await asyncio.to_thread(Tasks(app, owner).once)
            await ring_once()
            if until_idle:
                await engine.run(until_idle=True)
                await ledger.run(lambda: _note_deliveries(app))
            else:
                await _with_scheduler(app, ledger, engine, ring_once, lead, generations)
            await ledger.run(generations.look)
            await ledger.run(lambda: _end(app, owner))
        except Refusal:
            await ledger.run(lambda: _end_with_nothing_in_flight(app, owner))
            raise
        finally:
            await asyncio.to_thread(ledger.close)
        return engine.tally


def _begin(app: Outreach, owner: str, earlier: Collection[str]) -> None:
    with app.database.changing() as session:
        for name in earlier:  # the database went away under it; this process did not
            end_work(session, name)
        halt = begin_work(session, owner, now=app.clock.now(), house=app.house)
        moved = follow_zone_rules(session, now=app.clock.now(), house=app.house)
    if moved:
        log.warning("the rules of a time zone have changed", calls=moved, why="the log of each call says it")
    if halt is not None:
        log.error("the worker died again and again, so all mail is stopped", why="'outreach outbox show' says it")


def _end(app: Outreach, owner: str) -> None:
    with app.database.changing() as session:
        end_work(session, owner)


def _end_with_nothing_in_flight(app: Outreach, owner: str) -> None:
    """Who says why it ends, and holds no mail, has not crashed; what it cannot write down any more, others find."""
    with suppress(Refusal, DatabaseError), app.database.changing() as session:
        if not holds(session, owner):
            end_work(session, owner)


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


async def _with_scheduler(
    app: Outreach,
    ledger: Ledger,
    engine: Engine,
    ring_once: Callable[[], Awaitable[datetime | None]],
    lead: Lead,
    generations: Generations,
) -> None:
    seconds = app.house.settings.schedule.ring_seconds
    scheduler = Scheduler(ring_once, app.clock, seconds=seconds)
    scheduler.start()
    between = asyncio.create_task(_between_rings(ledger, lead, generations, ring_once))
    try:
        with _taking_in(app, engine), probing(app):
            async with _doing_tasks(app, engine, ledger.owner):
                await engine.run()
    finally:
        between.cancel()
        scheduler.stop()


async def _between_rings(
    ledger: Ledger, lead: Lead, generations: Generations, ring_once: Callable[[], Awaitable[datetime | None]]
) -> None:
    """What does not wait for the next ring: to see that a backup was put back, and that whoever led has gone."""
    while True:
        await asyncio.sleep(HEIR_SECONDS)
        with suppress(Refusal, DatabaseError):  # the engine says it, and ends
            await ledger.run(generations.look_again)
            if not lead.is_known and await ledger.run(lead.held):
                await ring_once()


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


async def _ring(
    app: Outreach, ledger: Ledger, engine: Engine, lead: Lead, reconciler: Reconciler
) -> datetime | None:
    """Do what is due, unless another worker does; the next moment at which something will be."""
    now = app.clock.now()

    def ring_now() -> datetime | None:
        if not lead.held():
            return None
        if not app.database.is_sqlite:  # there a worker beside this one may have died
            ledger.recover(now)
        with app.database.changing() as session:
            rung = ring(session, now=now, house=app.house, heard=heard)
            log.debug("rung", queued=rung.queued, skipped=rung.skipped, closed=rung.closed, released=rung.released)
            return next_moment(session, now)

    heard = await asyncio.to_thread(reconciler.look)  # before anything in doubt may go once more
    due = await ledger.run(ring_now)
    engine.wake()
    return due
