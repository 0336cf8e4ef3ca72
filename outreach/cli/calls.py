"""``outreach calls``: sign-on calls, from the draft to the release."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from outreach.adapters.call_files import read_call, write_call
from outreach.cli.door import REHEARSAL, Answer, Desk, changes, reads
from outreach.cli.preflight import as_data, as_text
from outreach.cli.text import mails, people, table, when
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.queries import calls as reading
from outreach.queries.previews import contact_for_preview, preview_mail
from outreach.store.calls import export_call, find_call
from outreach.store.preflight import people_left_out, preflight
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.create_call import create_call
from outreach.usecases.edit_call import edit_call
from outreach.usecases.extend_call import extend_call
from outreach.usecases.issue_erratum import issue_erratum
from outreach.usecases.launch_call import launch_blockers, launch_call
from outreach.usecases.pause_call import pause_call
from outreach.usecases.queue_message import queue_test
from outreach.usecases.resume_call import resume_call

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Sign-on calls: create, preview, launch, extend, close."
)

CallName = Annotated[str, typer.Argument(metavar="CALL", help="The call's short name.")]
File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A call's TOML file.")]
SecondPerson = Annotated[
    str, typer.Option(metavar="NAME", help="The second person who consents, where the workspace asks for one.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")]


@reads(app, "list")
def list_calls(desk: Desk) -> Answer:
    """All calls, the nearest deadline first."""
    rows = reading.list_calls(desk.session)
    text = table(
        ("CALL", "STATE", "SIGNED", "DEADLINE"), [(r.slug, _state(r), r.confirmed, r.deadline) for r in rows]
    )
    return Answer(reading.as_data(rows), text)


def _state(line: reading.CallLine) -> str:
    words = [line.state]
    if line.paused:
        words.append("paused")
    if line.rehearsal:
        words.append("rehearsal")
    return ", ".join(words)


@changes(app, "create")
def create(desk: Desk, file: File) -> Answer:
    """Make a call from a TOML file, its letter and the mail templates."""
    call = create_call(
        desk.session,
        read_call(file, desk.app.folder / "templates"),
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    text = (
        f"The call {call.slug} is a draft now, and owns its letter and its mails.\n"
        f"Look at a mail:  outreach calls preview {call.slug} --contact ADDRESS\n"
        f"Then launch it:  outreach calls launch {call.slug}"
    )
    return Answer({"call": call.slug, "state": call.state.value}, text)


@changes(app, "edit")
def edit(desk: Desk, call: CallName, file: File, authorised_by: SecondPerson = "") -> Answer:
    """Take over what the call's files say now: all of it in a draft, the mails to come in an open call."""
    edited = edit_call(
        desk.session,
        find_call(desk.session, call),
        read_call(file, desk.app.folder / "templates"),
        now=desk.now,
        by=desk.by,
        house=desk.house,
        authorised_by=authorised_by,
    )
    waiting = f"; {mails(edited.messages)} that wait will go with them" if edited.messages else ""
    return Answer(
        {"texts": edited.texts, "messages": edited.messages}, f"{edited.texts} texts of {call} changed{waiting}."
    )


@reads(app, "export")
def export(
    desk: Desk,
    call: CallName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to write to; made if missing.")],
) -> Answer:
    """Write the call back into files: its TOML, its letter, its mails. 'calls edit' reads them again."""
    path = write_call(export_call(desk.session, find_call(desk.session, call)), folder)
    return Answer({"file": str(path)}, f"Written to {path}.")


@reads(app, "show")
def show(
    desk: Desk,
    call: CallName,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="List who is in the filter but gets no mail, and why.")
    ] = False,
) -> Answer:
    """Where a call stands: deadline, signatures, and every mailing with its time."""
    found = find_call(desk.session, call)
    line, planned = reading.call_line(desk.session, found), reading.mailings(desk.session, found)
    zone = desk.house.time_zone
    out = people_left_out(desk.session, found, desk.house) if left_out else []
    head = [
        f"{line.title} ({line.slug}): {_state(line)}",
        f"Deadline  {line.deadline} ({when(line.deadline_at, zone)} {zone})",
        f"Release   {line.release or 'none'}",
        f"Signed    {line.confirmed}, and {line.pending} not yet confirmed",
        "",
        table(
            ("FROM", "MAILING", "STATE", "MAILS", "WHY"),
            [
                (when(m.earliest_at, zone), f"{m.kind} {m.occurrence}".strip(), m.state, m.messages, m.reason)
                for m in planned
            ],
        ),
    ]
    if left_out:
        head += ["", table(("LEFT OUT", "WHY"), out)]
    data = {"call": reading.as_data([line])[0], "mailings": reading.as_data(planned), "left_out": out}
    return Answer(data, "\n".join(head))


@reads(app, "preview")
def preview(
    desk: Desk,
    call: CallName,
    contact: Annotated[str, typer.Option(metavar="ADDRESS", help="As this contact would get it.")],
    kind: Annotated[MessageKind, typer.Option(help="Which mail.")] = MessageKind.INVITATION,
    part: Annotated[str, typer.Option(help="text, html or raw.")] = "text",
) -> Answer:
    """Show the exact mail that a contact would get, as text, HTML or raw bytes."""
    composed = preview_mail(
        desk.session, find_call(desk.session, call), contact, kind, now=desk.now, house=desk.house
    )
    raw = composed.envelope.content.decode("utf-8")
    content = composed.content
    parts = {"text": f"Subject: {content.subject}\n\n{content.text}", "html": content.html, "raw": raw}
    if part not in parts:
        raise Refusal(f"--part is {part!r}; allowed are text, html and raw.")
    data = {"subject": content.subject, "text": content.text, "html": content.html, "raw": raw}
    return Answer(data, parts[part])


@changes(app, "test")
def try_out(
    desk: Desk,
    call: CallName,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where to: your own address.")],
    kind: Annotated[MessageKind, typer.Option(help="Which mail.")] = MessageKind.INVITATION,
    contact: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Filled in as for this contact; the first if not given.")
    ] = "",
) -> Answer:
    """Queue a test of a mail to yourself; its links do nothing."""
    found = find_call(desk.session, call)
    person = contact_for_preview(desk.session, found, contact, desk.house)
    queue_test(desk.session, found, kind, address, as_contact=person, now=desk.now, house=desk.house)
    leaves = "The worker writes it as a file" if desk.house.rehearsal else "The worker submits it"
    return Answer(
        {"queued": 1}, f"A test of the {kind.value} to {address} is queued. {leaves}: outreach worker --until-idle"
    )


@changes(app, "launch")
def launch(desk: Desk, call: CallName, yes: Yes = False, authorised_by: SecondPerson = "") -> Answer:
    """Show what a launch will do, and with --yes do it."""
    found = find_call(desk.session, call)
    facts = preflight(desk.session, found, now=desk.now, house=desk.house)
    reasons = launch_blockers(desk.session, found, facts, now=desk.now, house=desk.house)
    samples = [
        preview_mail(desk.session, found, person, MessageKind.INVITATION, now=desk.now, house=desk.house)
        for person in facts.samples
        if not reasons
    ]
    shown = as_text(found, facts, samples, house=desk.house)
    if reasons:
        typer.echo(shown)
        raise Refusal("The call cannot be launched:", *(f"- {reason}" for reason in reasons))
    data = as_data(facts, samples)
    if not yes:
        again = f"\nNothing has been done. To launch it:  outreach calls launch {call} --yes"
        return Answer({**data, "launched": False}, shown + again)
    done = launch_call(desk.session, found, now=desk.now, by=desk.by, house=desk.house, authorised_by=authorised_by)
    text = f"{shown}\nLaunched: {mails(done.invitations)} queued."
    if done.rehearsal:
        text += f"\n{REHEARSAL}"
    return Answer({**data, "launched": True, "queued": done.invitations, "rehearsal": done.rehearsal}, text)


@changes(app, "pause")
def pause(desk: Desk, call: CallName) -> Answer:
    """Stop the call's mails at once; signing goes on."""
    pause_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    return Answer({"paused": True}, f"{call} is paused: no mail of it leaves. 'outreach calls resume' goes on.")


@changes(app, "resume")
def resume(desk: Desk, call: CallName) -> Answer:
    """Let a paused call's mails go on."""
    resume_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    return Answer({"paused": False}, f"{call} goes on.")


@changes(app, "extend")
def extend(
    desk: Desk,
    call: CallName,
    deadline: Annotated[str, typer.Argument(metavar='"YYYY-MM-DD HH:MM [ZONE]"', help="The new deadline.")],
    release: Annotated[str, typer.Option(metavar="WHEN", help="A new release time as well.")] = "",
) -> Answer:
    """Move the deadline later, plan the reminders anew, and tell those it concerns."""
    found = find_call(desk.session, call)
    zone = parse_wall_clock(found.deadline).zone
    moved = extend_call(
        desk.session,
        found,
        parse_wall_clock(deadline, zone),
        release=parse_wall_clock(release, zone) if release else None,
        now=desk.now,
        by=desk.by,
        house=desk.house,
    )
    text = (
        f"The deadline of {call} is {found.deadline} now. {people(moved.told)} are told; "
        f"{mails(moved.cancelled)} of the old deadline cancelled; {people(moved.invited)} invited anew."
    )
    return Answer(
        {
            "deadline": found.deadline,
            "told": moved.told,
            "cancelled": moved.cancelled,
            "invited": moved.invited,
        },
        text,
    )


@changes(app, "close")
def close(desk: Desk, call: CallName) -> Answer:
    """End signing now, before the deadline."""
    cancelled = close_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    return Answer({"cancelled": cancelled}, f"{call} is closed; {mails(cancelled)} that waited cancelled.")


@changes(app, "cancel")
def cancel(desk: Desk, call: CallName, yes: Yes = False) -> Answer:
    """Give a call up: nothing of it is sent any more. There is no way back."""
    if not yes and not desk.dry_run:
        raise Refusal(f"This ends {call} for good. To do it:  outreach calls cancel {call} --yes")
    cancelled = cancel_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    return Answer({"cancelled": cancelled}, f"{call} is cancelled; {mails(cancelled)} that waited cancelled.")


@changes(app, "erratum")
def erratum(
    desk: Desk,
    call: CallName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was wrong and what is right; - reads it.")],
    corrects: Annotated[MessageKind, typer.Option(help="Which mailing.")] = MessageKind.INVITATION,
    authorised_by: SecondPerson = "",
) -> Answer:
    """Send a correction to those who already got a mailing; what has not left is held."""
    done = issue_erratum(
        desk.session,
        find_call(desk.session, call),
        sys.stdin.read() if text == "-" else text,
        corrects=corrects,
        now=desk.now,
        by=desk.by,
        house=desk.house,
        authorised_by=authorised_by,
    )
    said = f"{people(done.told)} get the correction; {mails(done.held)} are held."
    if done.held:
        said += f"\nMend the text with 'calls edit', then:  outreach outbox retry {call} --state held"
    return Answer({"told": done.told, "held": done.held}, said)
