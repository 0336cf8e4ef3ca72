"""``outreach signatures``, the commands that take signatures in: one by one, and as lists."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes
from outreach.cli.lists import REFUSALS_SHOWN, Columns, columns_of, progress
from outreach.cli.options import CallName
from outreach.cli.showing_signatures import app
from outreach.cli.text import sentences
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.entries import Faults, read_entry
from outreach.domain.errors import InvalidInput
from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.store.calls import find_call
from outreach.usecases.add_signature import add_signature

__all__ = ["VISIBILITIES", "Evidence", "app"]

KINDS = ", ".join(SignatureKind)
VISIBILITIES = ", ".join(Visibility)
ORIGINS = ", ".join(one for one in Origin if one not in (Origin.FORM, Origin.REPLY, Origin.IMPORT))

Evidence = Annotated[str, typer.Option(metavar="WORDS", help="How you know: who said so, when, and to whom.")]


@changes(app, "add")
def add(
    desk: Desk,
    call: CallName,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As it shall be printed.")],
    evidence: Evidence,
    visibility: Annotated[Visibility, typer.Option(metavar="WHO", help=f"Who sees the name: {VISIBILITIES}.")],
    kind: Annotated[SignatureKind, typer.Option("--as", metavar="KIND", help=f"As an {KINDS}.")] = (
        SignatureKind.ORGANISATION
    ),
    by_way_of: Annotated[Origin, typer.Option(metavar="WAY", help=f"How it came: {ORIGINS}.")] = Origin.TELEPHONE,
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="Where a receipt goes, if anywhere.")] = "",
    acronym: Annotated[str, typer.Option(metavar="LETTERS", help="An organisation's.")] = "",
    country: Annotated[str, typer.Option(metavar="COUNTRY", help="Its name, or its code in ISO 3166.")] = "",
    signer: Annotated[str, typer.Option(metavar="NAME", help="Who signs for an organisation.")] = "",
    title: Annotated[str, typer.Option(metavar="TITLE", help="The signer's role, or an individual's title.")] = "",
    affiliation: Annotated[str, typer.Option(metavar="NAME", help="Where an individual works.")] = "",
) -> Answer:
    """Add one that came by telephone, by post or in a meeting.

    With a note of how you know.
    """
    given = {
        "name": name,
        "visibility": visibility.value,
        "acronym": acronym,
        "country": country,
        "signer_name": signer,
        "signer_title": title,
        "affiliation": affiliation,
    }
    entry = read_entry(kind, given)
    if isinstance(entry, Faults):
        raise InvalidInput(*map(str, entry.faults))
    if by_way_of not in ORIGINS.split(", "):
        raise InvalidInput(f"--by-way-of must be one of {ORIGINS}, not {by_way_of.value}.")
    done = add_signature(
        desk.session,
        find_call(desk.session, call),
        entry,
        origin=by_way_of,
        evidence=evidence,
        address=address,
        now=desk.now,
        house=desk.house,
        by=desk.by,
    )
    signature = done.signature
    what = "is there already" if done.known else "is added"
    text = f"Signature {signature.id} ({signature.name}) {what}: it is {signature.state.value}."
    return Answer({"signature": signature.id, "state": signature.state.value, "known": done.known}, text)


@changes(app, "import")
def import_list(
    desk: Desk,
    call: CallName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, or a printed list as text.")],
    visibility: Annotated[
        Visibility, typer.Option(metavar="WHO", help=f"Of those of whom the file does not say it: {VISIBILITIES}.")
    ],
    columns: Columns = None,
    kind: Annotated[
        SignatureKind | None, typer.Option("--as", metavar="KIND", help=f"Whatever a row seems to be: {KINDS}.")
    ] = None,
    signed: Annotated[
        str, typer.Option(metavar="WHEN", help="When rows that do not say it were signed; now if not given.")
    ] = "",
    receipts: Annotated[bool, typer.Option("--receipts", help="Send a receipt to those with an address.")] = False,
) -> Answer:
    """Take in a list of those who signed elsewhere.

    A table (of a web form, say), or a list copied out of a printed letter. Good rows go in, every other one is
    named with its reason; whoever has signed already is not added again.
    """
    from outreach.adapters.signature_files import read_signatures
    from outreach.usecases.import_signatures import import_signatures

    found = read_signatures(file, columns_of(columns))
    with progress(found.expected_rows) as bar:
        done = import_signatures(
            desk.session,
            find_call(desk.session, call),
            found.rows,
            found.header,
            file_name=file.name,
            visibility=visibility,
            kind=kind,
            at=parse_wall_clock(signed, desk.house.time_zone).instant() if signed else None,
            receipts=receipts,
            now=desk.now,
            house=desk.house,
            by=desk.by,
            progress=bar,
        )
    refused = list(done.refused_lines())
    lines = [sentences(one) for one in (*found.notices, *done.sentences())]
    lines += [sentences(one, before="  ", then="    ") for one in refused[:REFUSALS_SHOWN]]
    lines += ["  ... --json lists more of them."] if len(refused) > REFUSALS_SHOWN else []
    told = [*(one.sentence for one in done.known_rows if "ATTENTION" in one.sentence)]
    told += [one.sentence for one in done.late_rows[:REFUSALS_SHOWN]]
    lines += [sentences(one, before="  ", then="    ") for one in told]
    lines.append(f"To look at them:  outreach signatures desk {call}")
    return Answer({**asdict(done), "notices": found.notices}, "\n".join(lines))
