"""``outreach signatures``, the commands that only show: the list, the desk before sign-off, a table."""

from dataclasses import asdict
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.lists import Replace, TableFile, write_table
from outreach.cli.options import CallName
from outreach.cli.pages import chapter
from outreach.cli.showing_desk import as_text
from outreach.cli.text import sentences, table, when
from outreach.queries import calls
from outreach.queries.desk import desk
from outreach.queries.export_signatures import export_rows
from outreach.store.calls import find_call

app = chapter("Who has signed, and what staff decide about it before the list is signed off.")


@reads(app, "list")
def list_signatures(desk: Desk, call: CallName) -> Answer:
    """The call's signatures, the oldest first, each with its state.

    For staff only: it may hold names that are not public.
    """
    rows = calls.list_signatures(desk.session, find_call(desk.session, call))
    text = table(
        ("NO.", "SUBMITTED", "STATE", "AS", "SHOWN TO", "NAME"),
        [(r.id, when(r.submitted_at, desk.house.time_zone), r.state, r.kind, r.visibility, r.name) for r in rows],
        empty="Nobody has signed yet.",
    )
    return Answer(calls.as_data(rows), text)


@reads(app, "desk")
def show_desk(desk_: Desk, call: CallName) -> Answer:
    """What to decide before the list is signed off.

    Who waits, what is doubtful, which may be one and the same. For staff only: it may hold names that are not
    public.
    """
    page = desk(desk_.session, find_call(desk_.session, call))
    return Answer(asdict(page), as_text(page, call, desk_.house.time_zone))


@reads(app, "export")
def export(
    desk: Desk,
    call: CallName,
    file: TableFile,
    replace: Replace = False,
    private: Annotated[
        bool, typer.Option("--private", help="With the names that are not public. Keep that file safe.")
    ] = False,
) -> Answer:
    """Write the signatures to a table that can be imported again.

    It holds addresses: keep it safe. Names that are not public are in it with --private only.
    """
    header, rows = export_rows(desk.session, find_call(desk.session, call), private=private)
    count = write_table(file, header, rows, replace=replace)
    text = f"{count:,} rows written to {file}."
    if not private:
        text += "\n" + sentences("Names that are not public are not in it; --private adds them.")
    return Answer({"file": str(file), "rows": count}, text)
