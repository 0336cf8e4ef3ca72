"""``outreach demo``: a whole sign-on call, weeks in a minute, with invented people; then its console stays open."""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.door import REFUSED, with_refusals
from outreach.cli.text import sentences, table
from outreach.demo.sequel import play_on
from outreach.demo.stage import SIGNING_DAYS, Stage, staged, story_start
from outreach.demo.story import Scene, play
from outreach.demo.verdict import Verdict, judge_story
from outreach.worker.engine import Engine
from outreach.worker.work import work

app = typer.Typer(rich_markup_mode=None)
SECONDS = 45.0
"""How long the story takes for somebody who watches."""

DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY")
SAID = {
    "sent: accepted": "arrived at its server",
    "failed: person": "refused: no such address",
    "failed: policy": "refused: the server takes no such mail",
    "failed: gave up": "given up: the server always said later",
    "cancelled: opted out": "not sent: opted out",
    "cancelled: has answered": "not sent: has answered",
}


@app.command("demo")
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play without waiting, print the ledger and exit.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: the ledger as one JSON object.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the console in a browser at the end.")] = False,
) -> None:
    """Play a whole call on this machine: invitations, signatures, opt-outs, reminders, deadline, release.

    Then the console stays open, until Ctrl-C, for whoever logs in with the name and password that are shown.
    """
    once = once or as_json
    if once and open_:
        raise typer.BadParameter("With --once everything has ended before a browser could open.")
    with tempfile.TemporaryDirectory(prefix="outreach-demo-") as folder:
        workspace = Path(folder) / "workspace"
        with_refusals(lambda: _perform(workspace, once=once, as_json=as_json, open_=open_))


def _perform(folder: Path, *, once: bool, as_json: bool, open_: bool) -> None:
    with staged(folder, story_start()) as stage:
        if not once:
            _announce(stage)
        asyncio.run(_play(stage, watched=not once))
        verdict = judge_story(stage)
        if as_json:
            json.dump(verdict.as_data(), sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
        else:
            typer.echo(_ledger(verdict))
        if not once:
            _keep_running(stage, open_=open_)
        if verdict.broken:
            raise typer.Exit(REFUSED)


async def _play(stage: Stage, *, watched: bool) -> None:
    if not watched:
        await play(stage, shown=lambda _scene: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        days = SIGNING_DAYS + 5
        task = progress.add_task("", total=days * 86400, said="")
        start = stage.launched_at

        def show(scene: Scene) -> None:
            gone = (scene.now - start).total_seconds()
            progress.update(
                task,
                completed=gone,
                description=f"{scene.now:%a %d %b %H:%M}",
                said=f"{scene.mails} mails, {scene.acts} acts, call {scene.state.value}",
            )
            time.sleep(max(0.0, min(gone / (days * 86400) * SECONDS - progress.get_time() + began, 1.0)))

        began = progress.get_time()
        await play(stage, shown=show)
        progress.update(task, completed=days * 86400)


def _announce(stage: Stage) -> None:
    typer.echo(
        f"A coalition invites {stage.launched.invitations} invented people to sign a letter.\n"
        f"  Everybody's mailbox   {stage.mailboxes_url}\n"
        f"  The letter            {stage.base_url}/letters/{stage.call.slug}\n"
        f"  The workspace         {stage.app.folder}\n"
        "Seven weeks pass in about a minute. Nothing leaves this machine.\n"
    )


def _ledger(verdict: Verdict) -> str:
    states = ("sent", "failed", "cancelled", "expired")
    rows = [(kind, *(counts.get(state, 0) or "-" for state in states)) for kind, counts in verdict.messages.items()]
    reasons = [(SAID.get(reason, reason), count) for reason, count in sorted(verdict.reasons.items())]
    signed = ", ".join(f"{count} {state}" for state, count in sorted(verdict.signatures.items()))
    came_back = ", ".join(f"{count} {kind}" for kind, count in sorted(verdict.replies.items()))
    parts = [
        "",
        f"The call is {verdict.state}. Signatures: {signed}.",
        "",
        table(("MAILS", *(state.upper() for state in states)), rows),
        "",
        table(("WHY", "MAILS"), reasons),
        "",
        f"{verdict.arrived} mails arrived; {verdict.opted_out} people opted out and were left in peace.",
        sentences(f"Came back and was understood: {came_back}."),
    ]
    if verdict.broken:
        parts += ["", "The story did not come out right:", *(f"- {promise}" for promise in verdict.broken)]
    else:
        parts += [
            "Nobody got a mail twice, nobody who had signed or opted out was asked",
            "again, and nothing that asks for a signature came after the deadline.",
        ]
    return "\n".join(parts)


def _this_command() -> str:
    """How the reader can call this program from where she stands."""
    called = Path(sys.argv[0])
    return os.path.relpath(called) if called.name == "outreach" else "outreach"


def _keep_running(stage: Stage, *, open_: bool) -> None:
    typer.echo("\nTwo weeks more: the letter goes to the missions, the next call is opened ...", err=True)
    asyncio.run(play_on(stage))
    typer.echo(way_in(stage))
    stage.clock.let_run()
    if open_ and not opened_in_a_browser(stage.console_url):
        typer.echo("No browser could be opened from here: open the console's address in one.", err=True)
    asyncio.run(_until_stopped(stage))


def way_in(stage: Stage) -> str:
    """Where everything is to be looked at, and who may log in to the console with which password."""
    return (
        f"\nThe console is open, and everything goes on running:\n\n"
        f"  Console     {stage.console_url}\n"
        f"  Log in as   {stage.staff.coordinator}   Rosa, coordinator\n"
        f"         or   {stage.staff.administrator}    Darnell, administrator\n"
        f"  Password    {stage.staff.password}\n\n"
        f"  Mailboxes   {stage.mailboxes_url}\n"
        f"  The letter  {stage.base_url}/letters/{stage.call.slug}\n"
        f"  The ledger  {_this_command()} -w {stage.app.folder} outbox show\n\n"
        "The password holds for both, on this machine, until Ctrl-C ends the demo and\n"
        "takes everything away."
    )


def opened_in_a_browser(url: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser shows the page. Without a desktop none is tried: it would take the terminal."""
    desktop = sys.platform in ("darwin", "win32") or any(environ.get(name) for name in DESKTOP)
    try:
        return desktop and webbrowser.open(url)
    except webbrowser.Error:
        return False


async def _until_stopped(stage: Stage) -> None:
    """Work on, as ``outreach run`` does, until Ctrl-C."""
    loop = asyncio.get_running_loop()

    def started(engine: Engine) -> None:
        stage.doorbell.wake = lambda: loop.call_soon_threadsafe(engine.wake)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, engine.stop)

    await work(stage.app, started=started)
