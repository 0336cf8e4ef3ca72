"""``outreach calls``, the commands that read: what calls there are, where one stands, what its mails say."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from outreach.adapters.call_files import write_call
from outreach.cli.door import Answer, Desk, reads
from outreach.cli.options import CallName, Kind
from outreach.cli.pages import chapter
from outreach.cli.text import deadline_lines, sentences, table, when
from outreach.domain.correspondence import RoundKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState
from outreach.queries import calls as reading
from outreach.queries.previews import contact_for_preview, preview_mail
from outreach.store.calls import export_call, find_call
from outreach.store.preflight import people_left_out
from outreach.store.stopping import stopped

app = chapter("Sign-on calls: create, preview, launch, extend, close.")


class Part(StrEnum):
    """A way to look at a mail."""

    TEXT = "text"
    HTML = "html"
    RAW = "raw"


@reads(app, "list")
def list_calls(desk: Desk) -> Answer:
    """All calls, the nearest deadline first."""
    rows = reading.list_calls(desk.session)
    text = table(
        ("CALL", "STATE", "SIGNED", "DEADLINE"),
        [(r.slug, _state(r), r.confirmed, r.deadline) for r in rows],
        empty="There is no call yet; 'outreach calls create FILE' makes one.",
    )
    return Answer(reading.as_data(rows), text)


def _state(line: reading.CallLine) -> str:
    words = [line.state]
    if line.round == RoundKind.APPROVAL:
        words.append("round of approval")
    if line.paused:
        words.append("paused")
    if line.rehearsal:
        words.append("rehearsal")
    return ", ".join(words)


@reads(app, "show")
def show(
    desk: Desk,
    call: CallName,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the mailings that an extension replaced.")
    ] = False,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Also who is in the filter but gets no mail, and why.")
    ] = False,
) -> Answer:
    """Where a call stands: deadline, signatures, every mailing."""
    found = find_call(desk.session, call)
    line = reading.call_line(desk.session, found)
    planned = reading.mailings(desk.session, found, desk.house.salt)
    zone = desk.house.time_zone
    out = people_left_out(desk.session, found, desk.house) if left_out else []
    halt = stopped(desk.session)
    lines = [
        f"{line.title} ({line.slug}): {_state(line)}",
        *deadline_lines(line.deadline, line.deadline_at, zone),
        f"Release   {line.release or 'not settled yet'}",
        f"Signed    {line.confirmed:,} confirmed, {line.pending:,} waiting for their mailbox to confirm",
        *_list_of(line),
        *_replies(line),
        *([sentences(halt.sentence, before="Stopped   ", then="          ")] if halt else []),
        "",
        _mailings(planned, line, zone, everything=everything),
    ]
    if left_out:
        lines += ["", table(("LEFT OUT", "WHY"), out, empty="Nobody is left out.")]
    data = {
        "call": reading.as_data([line])[0],
        "mailings": reading.as_data(planned),
        "left_out": out,
        "stopped": halt is not None,
    }
    return Answer(data, "\n".join(lines))


def _list_of(line: reading.CallLine) -> list[str]:
    """Whether the list is signed off, once signing has ended; and what came too late."""
    lines = [f"Late      {line.late:,} to decide:  outreach signatures desk {line.slug}"] if line.late else []
    if line.edition:
        lines.append(f"List      edition {line.edition} is signed off")
    elif line.state == CallState.CLOSED:
        lines.append(f"List      not signed off, the release waits:  outreach letters sign-off {line.slug}")
    return lines


def _replies(line: reading.CallLine) -> list[str]:
    """What came back and waits for a person, if anything does."""
    lines = []
    if line.proposed:
        lines.append(f"Proposed  {line.proposed:,} by reply:  outreach signatures list {line.slug}")
    if line.waiting:
        lines.append(f"Replies   {line.waiting:,} waiting:  outreach replies list --call {line.slug}")
    return lines


def _mailings(planned: list[reading.MailingLine], line: reading.CallLine, zone: str, *, everything: bool) -> str:
    """The mailings in the order of time, without those that an extension replaced unless ``everything``."""
    hidden = not everything and line.state != CallState.CANCELLED
    shown = [one for one in planned if not (hidden and one.state == MailingState.CANCELLED)]
    text = table(
        ("FROM", "MAILING", "STATE", "MAILS", "WHY"),
        [
            (when(m.earliest_at, zone), f"{m.kind} {m.occurrence}".strip(), m.progress, m.messages, m.why)
            for m in shown
        ],
        empty="No mailing is planned yet; a launch plans them." if line.state == CallState.DRAFT else "No mailing.",
    )
    more = len(planned) - len(shown)
    return f"{text}\n... and {more} that an extension replaced; --all shows them." if more else text


@reads(app, "preview")
def preview(
    desk: Desk,
    call: CallName,
    contact: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="As this contact would get it; the first of the audience if none."),
    ] = "",
    kind: Kind = MessageKind.INVITATION,
    part: Annotated[Part, typer.Option(metavar="PART", help="text, html or raw.")] = Part.TEXT,
) -> Answer:
    """Show the exact mail that a contact would get.

    As text, as HTML, or raw: the very bytes with all their headers.
    """
    found = find_call(desk.session, call)
    person = contact_for_preview(desk.session, found, contact, desk.house)
    composed = preview_mail(desk.session, found, person, kind, now=desk.now, house=desk.house)
    content, raw = composed.content, composed.envelope.content.decode("utf-8")
    data = {"subject": content.subject, "text": content.text, "html": content.html, "raw": raw}
    shown = {
        Part.TEXT: f"To: {composed.envelope.recipient}\nSubject: {content.subject}\n\n{content.text}",
        Part.HTML: content.html,
        Part.RAW: raw,
    }
    return Answer(data, shown[part])


@reads(app, "export")
def export(
    desk: Desk,
    call: CallName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to write to; made if missing.")],
    replace: Annotated[bool, typer.Option("--replace", help="Write over what is in the folder.")] = False,
) -> Answer:
    """Write the call back into files: its TOML, its letter, its mails.

    'calls edit' reads them again.
    """
    if not replace and folder.is_dir() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty; take another folder, or write over what is in it with --replace.")
    path = write_call(export_call(desk.session, find_call(desk.session, call)), folder)
    return Answer({"file": str(path)}, f"Written to {path}, with its letter and its mails beside it.")
