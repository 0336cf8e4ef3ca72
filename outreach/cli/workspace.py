"""``outreach init``: a new workspace in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.adapters.sample import make_workspace
from outreach.bootstrap import open_workspace
from outreach.cli.door import with_refusals
from outreach.cli.pages import Page

app = typer.Typer(rich_markup_mode=None)


@app.command("init", cls=Page)
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Make a new workspace: settings, templates, sample contacts, an empty database."""
    with_refusals(lambda: _init(folder))


def _init(folder: Path) -> None:
    make_workspace(folder)
    opened = open_workspace(folder)
    opened.database.close()
    typer.echo(
        f"A new workspace is in {folder}.\n"
        "It sends nothing: mails are written as .eml files to its outbox/ folder,\n"
        "until you set mail.transport in config.toml to smtp.\n\n"
        "Next:\n"
        f"  cd {folder}\n"
        "  outreach contacts import contacts/contacts.csv\n"
        "  outreach calls create templates/calls/safe-passage.toml\n"
        "  outreach calls launch safe-passage\n\n"
        "To work in the browser, and to let mails go:\n"
        '  outreach users add YOUR-ADDRESS --name "YOUR NAME" --role administrator\n'
        "  outreach run"
    )
