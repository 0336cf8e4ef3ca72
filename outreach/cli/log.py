"""``outreach log``: who did what, when, what stood there before and after, and whether anything was altered."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.harmless import harmless
from outreach.cli.options import Limit
from outreach.cli.pages import chapter
from outreach.cli.text import sentences, when
from outreach.queries.log import PAGE, Change, LogLine, about_call, as_data, log_page
from outreach.queries.log_verifying import Verified
from outreach.queries.log_verifying import verify as verify_log
from outreach.store.calls import find_call

app = chapter("Who did what, when; verify that nothing was altered.")

INDENT = " " * 4


@reads(app, "list")
def list_lines(
    desk: Desk,
    call: Annotated[
        str, typer.Option(metavar="CALL", help="Only about this call, its letter, mailings, signatures, replies.")
    ] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Only what this person did, or the scheduler.")] = "",
    verb: Annotated[str, typer.Option(metavar="VERB", help="Only this, as the log calls it: edit_call.")] = "",
    limit: Limit = PAGE,
) -> Answer:
    """Who did what, when, the newest first.

    Below each line stands what it says besides, and what it changed: before -> after.
    """
    if call:
        lines = about_call(desk.session, find_call(desk.session, call), by=by, verb=verb, limit=limit)
    else:
        lines = log_page(desk.session, by=by, verb=verb, limit=limit)
    text = "\n\n".join(_shown(line, desk.house.time_zone) for line in lines)
    return Answer(as_data(lines), text or "Nothing was recorded that fits.")


def _shown(line: LogLine, zone: str) -> str:
    head = f"{line.number:,}  {when(line.at, zone)}  {line.by}: {line.verb}, {line.subject} {line.subject_id or ''}"
    said = "; ".join(f"{name} {_words(value)}" for name, value in line.facts.items())
    below = [said, *(_changed(change) for change in line.changes)]
    if line.erased:
        below.append("What it changed was erased.")
    return "\n".join(
        [sentences(harmless(head.rstrip()), then=INDENT)]
        + [sentences(harmless(one), before=INDENT, then=2 * INDENT) for one in below if one]
    )


def _changed(change: Change) -> str:
    return f"{change.table} {change.row}, {change.column}: {_words(change.before)} -> {_words(change.after)}"


def _words(value: Any) -> str:
    """A value before or after, as a person reads it."""
    match value:
        case None | "":
            return "-"
        case str():
            return " ".join(value.split())
        case {"secret": True}:
            return "(secret)"
        case {"characters": int(count), "sha256": str(digest)}:
            return f"{count:,} characters ({digest[:8]})"
        case _:
            return json.dumps(value, ensure_ascii=False)


@reads(app, "verify")
def verify(
    desk: Desk,
    anchor: Annotated[
        str,
        typer.Option(metavar="NUMBER:DIGEST", help="A line that you kept, from a digest mail: is it still there?"),
    ] = "",
) -> Answer:
    """Look at every line, whether it is as it was recorded.

    If one was removed, edited, reordered or put in: a sentence for each place, and exit code 1.
    """
    found = verify_log(desk.session, noted=anchor)
    data = {"whole": not found.faults, **asdict(found)}
    return Answer(data, _verdict(found, noted=bool(anchor)), refused=found.faults)


def _verdict(found: Verified, *, noted: bool) -> str:
    lines = "1 line" if found.lines == 1 else f"{found.lines:,} lines"
    said = [f"The log is broken; it has {lines}."]
    if not found.faults:
        said = [f"The log is whole: {lines}, each as it was recorded."]
        said += ["The line that you kept is there."] if noted else []
        said += [f"The newest line is {found.newest}; keep that elsewhere."] if found.newest else []
    if found.erased:
        first = ", ".join(f"{number:,}" for number in found.erased_lines)
        more = " ..." if found.erased > len(found.erased_lines) else ""
        said.append(f"What these lines changed was erased, which breaks nothing: {first}{more}.")
    return "\n".join(sentences(one) for one in said)
