"""``outreach signatures``: who has signed."""

from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.text import table, when
from outreach.queries import calls
from outreach.store.calls import find_call

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Who has signed.")


@reads(app, "list")
def list_signatures(desk: Desk, call: Annotated[str, typer.Argument(metavar="CALL")]) -> Answer:
    """The call's signatures, oldest first, with their state. For staff: it may hold names that are not public."""
    rows = calls.list_signatures(desk.session, find_call(desk.session, call))
    text = table(
        ("SUBMITTED", "STATE", "AS", "NAME"),
        [(when(r.submitted_at, desk.house.time_zone), r.state, r.kind, r.name) for r in rows],
    )
    return Answer(calls.as_data(rows), text)


@app.callback()
def chapter() -> None:
    """Who has signed."""
