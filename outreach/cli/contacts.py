"""``outreach contacts``: who may be invited."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.lists import REFUSALS_SHOWN, Columns, Replace, TableFile, columns_of, progress, write_table
from outreach.cli.options import Limit
from outreach.cli.pages import chapter
from outreach.cli.text import sentences, table, when
from outreach.domain.contact_reports import Imported
from outreach.domain.contact_rows import Basis
from outreach.domain.errors import Refusal
from outreach.domain.states import MessageState
from outreach.queries.contacts import ContactCard, MessageLine, contact_card
from outreach.queries.contacts import list_contacts as found_contacts
from outreach.usecases.import_contacts import import_contacts

BASES = ", ".join(Basis)

app = chapter("Who may be invited: import, export, look up.")


@changes(app, "import")
def import_file(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV or XLSX.")],
    columns: Columns = None,
    basis: Annotated[
        Basis | None,
        typer.Option(metavar="BASIS", help=f"Why those may be written to of whom no row says it: {BASES}."),
    ] = None,
    source: Annotated[
        str, typer.Option(metavar="WORDS", help="Where those addresses are from of which no row says it.")
    ] = "",
) -> Answer:
    """Take in the contacts of a table.

    Good rows go in, every other one is named with its reason; opt-outs stay as they are.
    """
    from outreach.adapters.contact_files import read_contacts

    found = read_contacts(file, columns_of(columns))
    with progress(found.expected_rows) as bar:
        done = import_contacts(
            desk.session,
            found.rows,
            found.header,
            now=desk.now,
            by=desk.by,
            house=desk.house,
            source_file=file.name,
            default_basis=basis.value if basis else "",
            default_source=source,
            progress=bar,
        )
    return Answer(
        {**asdict(done), "notices": found.notices}, "\n".join([*map(sentences, found.notices), *_report(done)])
    )


@reads(app, "export")
def export(
    desk: Desk,
    file: TableFile,
    replace: Replace = False,
) -> Answer:
    """Write all contacts to a table that can be imported again.

    It holds personal data: keep it safe.
    """
    from outreach.queries.export_contacts import export_rows

    header, rows = export_rows(desk.session)
    count = write_table(file, header, rows, replace=replace)
    return Answer({"file": str(file), "rows": count}, f"{count:,} rows written to {file}.")


@reads(app, "list")
def list_contacts(
    desk: Desk,
    search: Annotated[str, typer.Argument(metavar="[SEARCH]", help="In name, address, organisation or tag.")] = "",
    limit: Limit = 50,
) -> Answer:
    """The contacts, or those that are searched for."""
    found = found_contacts(desk.session, search, limit=limit)
    lines = [
        (one.address, one.name, one.language or "-", "stopped" if one.suppressed else one.basis or "no basis")
        for one in found.contacts
    ]
    empty = (
        f"No contact has {search!r} in it." if search else "There is no contact yet; 'contacts import' adds some."
    )
    shown = table(("ADDRESS", "NAME", "LANG", "BASIS"), lines, empty=empty, gives_way=1)
    more = found.found - len(found.contacts)
    return Answer(asdict(found), f"{shown}\n... and {more:,} more; --limit shows them." if more else shown)


@reads(app, "show")
def show(desk: Desk, address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]) -> Answer:
    """All that is known about one address, and each mail to it."""
    card = contact_card(desk.session, address, salt=desk.house.salt)
    if card is None:
        raise Refusal(f"Nothing is known about {address}.")
    return Answer(asdict(card), _card(card, desk.house.time_zone))


def _report(done: Imported) -> Iterator[str]:
    yield from done.summary()
    yield from map(sentences, done.sentences())
    problems = list(done.refused_lines())
    yield from (sentences(told, before="  ", then="    ") for told in problems[:REFUSALS_SHOWN])
    if len(problems) > REFUSALS_SHOWN or done.refused > len(done.refusals):
        yield "  ... --json lists more of them."


def _card(card: ContactCard, zone: str) -> str:
    facts = (
        ("Address", card.address + ("" if card.known else " (no contact any more)")),
        ("Name", card.name),
        ("Speaks for", "; ".join(card.organisations)),
        ("Role", card.role),
        ("Country", card.country),
        ("Language", card.language),
        ("Time zone", card.time_zone),
        ("Tags", "; ".join(card.tags)),
        ("Source", card.source),
        ("Basis", card.basis or ("none: cannot be invited" if card.known else "")),
        *((f"custom.{key}", value) for key, value in card.custom.items()),
        *(("No mail", f"{one.reason}, {one.scope}, {when(one.at, zone)}") for one in card.suppressions),
    )
    lines = [f"{name + ':':<14} {value}" for name, value in facts if value]
    mails = [
        (when(one.sent_at or one.queued_at, zone), one.call, one.kind, one.state, _why(one))
        for one in card.messages
    ]
    return "\n".join(
        [*lines, "", table(("WHEN", "CALL", "MAIL", "STATE", "WHY"), mails, empty="No mail has been queued to it.")]
    )


def _why(mail: MessageLine) -> str:
    """What a server said of a mail that it took is no news."""
    return "" if mail.state == MessageState.SENT else mail.detail or mail.reason
