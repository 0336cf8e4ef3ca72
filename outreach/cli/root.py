"""The table of contents of the command line; each chapter is read only when it is opened."""

import os
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import outreach
from outreach.domain.names import clean_line

CHAPTERS: dict[str, dict[str, str]] = {
    "Start here": {
        "init": "Make a new workspace in a folder.",
        "demo": "Play a whole sign-on call, weeks in a minute, with invented people.",
    },
    "The work": {
        "contacts": "Who may be invited: import, export, look up.",
        "calls": "Sign-on calls: create, preview, launch, extend, close.",
        "signatures": "Who has signed, and the desk before the list is signed off.",
        "letters": "The letter with its list: amend it, sign it off, publish it.",
        "correspondence": "With officials: their answers, who is overdue, who is asked.",
        "officials": "Whom letters go to: posts, their holders, facts on States.",
        "replies": "What came back: bounces, opt-outs, sign-ons, questions.",
        "outbox": "Every mail: who got it, who did not, and why.",
        "log": "Who did what, when; verify that nothing was altered.",
    },
    "The engine": {
        "run": "Run everything: the pages, the console, the scheduler, the sending.",
        "worker": "Run the scheduler and the sending only.",
        "web": "Serve the pages and the console only, beside a worker.",
        "users": "Who may come to the console, and as what.",
        "tasks": "Long work that people asked for: how far it is.",
        "doctor": "Look whether everything works, and what to do where not.",
    },
}
MODULES = {name: f"outreach.cli.{name}" for chapter in CHAPTERS.values() for name in chapter}
MODULES["init"] = "outreach.cli.workspace"
MODULES["letters"] = "outreach.cli.letters_chapter"
MODULES["worker"] = MODULES["web"] = "outreach.cli.run"


class Contents(TyperGroup):
    """Lists the chapters without importing them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the framework's signature
        """The names of all chapters, in their order."""
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The chapter of that name, imported now; None if there is none."""
        if cmd_name not in MODULES:
            return None
        group = typer.main.get_group(import_module(MODULES[cmd_name]).app)
        group.name = cmd_name
        return group.commands.get(cmd_name, group)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The chapter that the first word names; for a misspelt one, what may be meant."""
        if args and not args[0].startswith("-") and args[0] not in MODULES:
            close = get_close_matches(args[0], MODULES, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(MODULES)}."
            ctx.fail(f"There is no command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The chapters, then the options."""
        for title, chapter in CHAPTERS.items():
            with formatter.section(title):
                formatter.write_dl(list(chapter.items()))
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Nothing: the chapters stand above."""


app = typer.Typer(
    cls=Contents,
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a defect's traceback must not show what the variables held
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"outreach {outreach.__version__}")
        raise typer.Exit


@app.callback()
def contents(
    ctx: typer.Context,
    workspace: Annotated[
        Path,
        typer.Option(
            "--workspace",
            "-w",
            envvar="OUTREACH_WORKSPACE",
            metavar="DIR",
            show_default="the current one",
            help="The workspace's folder.",
        ),
    ] = Path(),
    by: Annotated[str, typer.Option(envvar="OUTREACH_BY", metavar="NAME", help="Who you are, for the log.")] = "",
    version: Annotated[  # noqa: ARG001  handled by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Sign-on letters, from the first invitation to the official's answer."""
    who = clean_line(by or os.environ.get("USER", ""))
    ctx.obj = {"workspace": workspace, "by": who or "somebody"}


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 refused, 2 not understood."""
    app(prog_name="outreach")
