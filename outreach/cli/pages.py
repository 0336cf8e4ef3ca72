"""The help pages of the command line, and what it says of a command that it does not understand."""

from typing import Any

import typer
from typer.core import TyperCommand


class Page(TyperCommand):
    """The page of one command: what it takes in plain words, and never the name of a Python type."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands after the command's name: ``[OPTIONS] CALL``."""
        arguments = [_name(one) for one in self.get_params(ctx) if one.param_type_name == "argument"]
        return ["[OPTIONS]", *arguments]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The arguments that need a word, then the options."""
        params = self.get_params(ctx)
        arguments = [
            (_name(one), one.help)  # type: ignore[attr-defined]
            for one in params
            if one.param_type_name == "argument"
        ]
        options = [_option(one, ctx) for one in params if one.param_type_name == "option"]
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What is left of the arguments; a value that does not fit is said without the words of a library."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


def _name(argument: Any) -> str:
    name: str = argument.metavar or argument.name.upper()
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _option(option: Any, ctx: Any) -> tuple[str, str]:
    names = ", ".join(sorted(option.opts, key=len))
    if not option.is_flag:
        names += f" {option.metavar or option.name.upper()}"
    default = option.get_default(ctx)
    said = f"  [default: {default}]" if option.show_default and default not in (None, "", False, [], ()) else ""
    return names, f"{option.help}{said}" + ("  [required]" if option.required else "")


def chapter(title: str) -> typer.Typer:
    """An empty chapter of that title, for ``door.reads`` and ``door.changes`` to put commands into."""
    return typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False, help=title)
