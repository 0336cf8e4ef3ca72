"""``outreach run``, ``outreach worker`` and ``outreach web``: the engine and the pages, together or each alone."""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer

from outreach.bootstrap import Outreach
from outreach.cli.door import REHEARSAL, in_workspace
from outreach.config.logs import write_logs_to_stderr
from outreach.worker.engine import Engine, Tally
from outreach.worker.work import work

app = typer.Typer(rich_markup_mode=None)

Result = TypeVar("Result")


@app.command("run")
def run(ctx: typer.Context) -> None:
    """Run everything in one process: the public pages, the scheduler, the sending. Ctrl-C ends it."""
    in_workspace(ctx, _run)


@app.command("worker")
def worker(
    ctx: typer.Context,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Submit what is due, then exit; otherwise go on.")
    ] = False,
) -> None:
    """Run the scheduler and the sending. Ctrl-C or SIGTERM finishes what is in flight and ends it."""
    in_workspace(ctx, lambda opened: _worker(opened, until_idle=until_idle))


@app.command("web")
def web(ctx: typer.Context) -> None:
    """Serve the public pages and the console only; a worker beside it does the rest. Ctrl-C or SIGTERM ends it."""
    in_workspace(ctx, _web)


def _worker(opened: Outreach, *, until_idle: bool) -> None:
    write_logs_to_stderr(logging.INFO)
    _say_rehearsal(opened)
    _say_tally(_loop(until_stopped(opened, until_idle=until_idle)))


def _run(opened: Outreach) -> None:
    write_logs_to_stderr(logging.INFO)
    _say_rehearsal(opened)
    _say_where(opened)
    _say_tally(_loop(_with_pages(opened)))


def _web(opened: Outreach) -> None:
    write_logs_to_stderr(logging.INFO)
    _say_rehearsal(opened)
    _say_where(opened)
    _loop(_pages_alone(opened))


async def until_stopped(opened: Outreach, *, until_idle: bool = False) -> Tally:
    """Work until SIGTERM or SIGINT, or until nothing is due; what is in flight is finished."""

    def started(engine: Engine) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, engine.stop)

    return await work(opened, until_idle=until_idle, started=started)


async def _with_pages(opened: Outreach) -> Tally:
    from outreach.web.serve import serve

    stop, engines = asyncio.Event(), list[Engine]()

    def end() -> None:
        stop.set()
        for engine in engines:
            engine.stop()

    def started(engine: Engine) -> None:
        engines.append(engine)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)

    loop = asyncio.get_running_loop()

    def wake() -> None:
        for engine in engines:
            loop.call_soon_threadsafe(engine.wake)

    worker = asyncio.create_task(work(opened, started=started))
    pages = asyncio.create_task(serve(opened, on_change=wake, stop=stop))
    await asyncio.wait([worker, pages], return_when=asyncio.FIRST_COMPLETED)
    end()
    await asyncio.wait([worker, pages])  # if one failed, the other still ends in good order
    tally, _ = await asyncio.gather(worker, pages)
    return tally


async def _pages_alone(opened: Outreach) -> None:
    from outreach.web.serve import serve

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(opened, stop=stop)


def _loop(main: Coroutine[Any, Any, Result]) -> Result:
    import uvloop

    return uvloop.run(main)


def _say_rehearsal(opened: Outreach) -> None:
    if opened.transport.rehearsal:
        typer.echo(REHEARSAL, err=True)


def _say_where(opened: Outreach) -> None:
    settings = opened.house.settings.web
    at = f"http://{settings.host}:{settings.port}"
    typer.echo(f"Public pages on {at}, the console on {at}/console - Ctrl-C ends it.", err=True)


def _say_tally(tally: Tally) -> None:
    states = ", ".join(f"{count} {state}" for state, count in sorted(tally.states.items()))
    attempts = "1 attempt" if tally.submitted == 1 else f"{tally.submitted:,} attempts"
    typer.echo(f"{attempts}: {states}." if states else "Nothing was due.", err=True)
    if tally.resting:
        typer.echo("The account rests, so mails wait: 'outreach outbox show' says why.", err=True)
    if tally.stopped:
        typer.echo(tally.stopped.sentence, err=True)
