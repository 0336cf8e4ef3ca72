"""The door of the command line: opens the workspace, reads the clock once, holds one transaction, says refusals."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from sqlmodel import Session

from outreach.bootstrap import Outreach, open_workspace
from outreach.cli.harmless import harmless, json_text
from outreach.cli.pages import Page
from outreach.cli.text import sentences
from outreach.config.house import House
from outreach.config.logs import write_logs_to_stderr
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.row_numbers import LARGEST_NUMBER

REFUSED, NOT_UNDERSTOOD = 1, 2
REHEARSAL = "Rehearsal: this workspace writes .eml files and sends nothing (mail.transport in config.toml)."


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: the opened workspace, one transaction, the time, and who gives the command."""

    app: Outreach
    session: Session
    now: datetime
    by: str
    dry_run: bool = False

    @property
    def house(self) -> House:
        """The workspace's settings and secrets."""
        return self.app.house


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: ``data`` for programs (--json), ``text`` for people.

    ``refused`` are the reasons why nothing was done, or what is wrong, although there is something to show.
    ``only_shown``: nobody said --yes, so that nothing of it is kept.
    """

    data: Any
    text: str
    refused: tuple[str, ...] = ()
    only_shown: bool = False


def only_shown(data: dict[str, Any], text: str, again: str) -> Answer:
    """What a command would do that waits for --yes, and how to have it done: ``again`` is the command as it was."""
    would = "\n".join(map(sentences, text.split("\n")))
    shown = f"{would}\n\nNothing has been done. To do it:  {again} --yes"
    return Answer({**data, "done": False}, shown, only_shown=True)


JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON value for programs.")]
DryRunFlag = Annotated[bool, typer.Option("--dry-run", help="Do everything, show it, and undo it.")]


def reads(app: typer.Typer, name: str) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a function that reads into a command: it gets a Desk, and the command gets ``--json``."""

    def decorate(function: Callable[..., Answer]) -> Callable[..., None]:
        def command(*, ctx: typer.Context, as_json: bool, **arguments: Any) -> None:
            with _workspace(ctx) as opened, opened.database.reading() as session:
                answer = function(_desk(ctx, opened, session), **arguments)
            say(answer, as_json=as_json)
            if answer.refused:
                raise Refusal(*answer.refused)

        return _register(app, name, function, command, as_json=JsonFlag)

    return decorate


def changes(app: typer.Typer, name: str) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a function that changes something into a command: one transaction, and ``--dry-run`` undoes it."""

    def decorate(function: Callable[..., Answer]) -> Callable[..., None]:
        def command(*, ctx: typer.Context, dry_run: bool, as_json: bool, **arguments: Any) -> None:
            with _workspace(ctx) as opened, opened.database.changing(dry_run=dry_run) as session:
                answer = function(_desk(ctx, opened, session, dry_run=dry_run), **arguments)
                if answer.refused:
                    say(answer, as_json=as_json)
                    raise Refusal(*answer.refused)
                if answer.only_shown:
                    session.rollback()
            say(answer, as_json=as_json)
            if dry_run:
                typer.echo("Dry run: nothing was changed.", err=True)

        return _register(app, name, function, command, dry_run=DryRunFlag, as_json=JsonFlag)

    return decorate


def _register(
    app: typer.Typer, name: str, function: Callable[..., Answer], command: Callable[..., None], **flags: Any
) -> Callable[..., None]:
    """Register ``command`` under the signature of ``function``, its Desk left out and the flags added."""
    hints = get_type_hints(function, include_extras=True)
    own = [
        parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    ]
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    added = [
        inspect.Parameter(flag, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for flag, kind in flags.items()
    ]

    @wraps(function)
    def said_plainly(**arguments: Any) -> None:
        with_refusals(lambda: _run(command, arguments))

    parameters = [context, *own, *added]
    said_plainly.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    said_plainly.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del said_plainly.__wrapped__
    app.command(name, cls=Page)(said_plainly)
    return said_plainly


def _run(command: Callable[..., None], arguments: dict[str, Any]) -> None:
    _can_be_looked_up(arguments.values())
    command(**arguments)


def _can_be_looked_up(given: Iterable[Any]) -> None:
    """Raises InvalidInput for what no database can be asked for: a text that is none, a number beyond its own."""
    for one in given:
        match one:
            case list():
                _can_be_looked_up(one)
            case str() if any("\ud800" <= letter <= "\udfff" for letter in one):
                raise InvalidInput(
                    f'"{harmless(one)}" is not UTF-8 text: your terminal writes in another encoding.'
                )
            case int() if abs(one) > LARGEST_NUMBER:
                raise InvalidInput(f"{one} is larger than any number here.")


def with_refusals(work: Callable[[], None]) -> None:
    """Do ``work``; a refusal becomes sentences on standard error and exit code 1, what is not understood 2."""
    write_logs_to_stderr()
    try:
        work()
    except Refusal as refusal:
        for reason in refusal.reasons:
            # A terminal would break words; programs and logs get one line for each reason.
            typer.echo(sentences(reason) if sys.stderr.isatty() else reason, err=True)
        raise typer.Exit(NOT_UNDERSTOOD if isinstance(refusal, InvalidInput) else REFUSED) from None


def in_workspace(ctx: typer.Context, work: Callable[[Outreach], None]) -> None:
    """Do ``work`` with the command's workspace, as ``with_refusals`` does it."""
    with_refusals(lambda: _in_workspace(ctx, work))


def _in_workspace(ctx: typer.Context, work: Callable[[Outreach], None]) -> None:
    with _workspace(ctx) as opened:
        work(opened)


@contextmanager
def _workspace(ctx: typer.Context) -> Iterator[Outreach]:
    """The command's workspace; what it holds of the database ends with the command."""
    folder: Path = ctx.obj["workspace"]
    opened = open_workspace(folder)
    try:
        yield opened
    finally:
        opened.database.close()


def _desk(ctx: typer.Context, opened: Outreach, session: Session, *, dry_run: bool = False) -> Desk:
    return Desk(opened, session, opened.clock.now(), ctx.obj["by"], dry_run)


def say(answer: Answer, *, as_json: bool) -> None:
    """Print what a command says, for people or as one JSON value."""
    if as_json:
        typer.echo(json_text(answer.data, indent=2))
    elif answer.text:
        typer.echo(answer.text)
