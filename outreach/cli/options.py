"""Arguments and options that several commands take, in the same words."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.domain.kinds import MessageKind

KINDS = ", ".join(MessageKind)

CallName = Annotated[str, typer.Argument(metavar="CALL", help="The call's short name.")]
CallFilePath = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A call's TOML file.")
]
Kind = Annotated[MessageKind, typer.Option(metavar="KIND", help=f"Which mail: {KINDS}.")]
SecondPerson = Annotated[
    str, typer.Option(metavar="NAME", help="The second person who consents, where the workspace asks for one.")
]
Limit = Annotated[int, typer.Option(metavar="NUMBER", min=1, max=1_000_000, help="At most so many.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")]
