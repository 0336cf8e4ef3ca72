"""``outreach calls``, the commands that change something: from the draft to the end of signing."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from outreach.adapters.call_files import read_call
from outreach.cli.door import Answer, Desk, changes, only_shown
from outreach.cli.options import KINDS, CallFilePath, CallName, Kind, SecondPerson, Yes
from outreach.cli.preflight import as_data, as_text
from outreach.cli.showing_calls import app
from outreach.cli.text import mails, people
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState
from outreach.queries.previews import contact_for_preview, preview_mail
from outreach.store.calls import find_call
from outreach.store.preflight import preflight
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.create_call import create_call
from outreach.usecases.edit_call import edit_call
from outreach.usecases.extend_call import extend_call
from outreach.usecases.issue_erratum import issue_erratum
from outreach.usecases.launch_call import launch_blockers, launch_call
from outreach.usecases.pause_call import pause_call
from outreach.usecases.queue_message import queue_test
from outreach.usecases.release_call import release_call
from outreach.usecases.resume_call import resume_call

__all__ = ["app"]


@changes(app, "create")
def create(desk: Desk, file: CallFilePath) -> Answer:
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
        f"Look at a mail:  outreach calls preview {call.slug}\n"
        f"Then launch it:  outreach calls launch {call.slug}"
    )
    return Answer({"call": call.slug, "state": call.state.value}, text)


@changes(app, "edit")
def edit(desk: Desk, call: CallName, file: CallFilePath, authorised_by: SecondPerson = "") -> Answer:
    """Take over what the call's files say now.

    In a draft all of it; once the call is open the mail templates only, for the mails that have not left.
    """
    found = find_call(desk.session, call)
    edited = edit_call(
        desk.session,
        found,
        read_call(file, desk.app.folder / "templates"),
        now=desk.now,
        by=desk.by,
        house=desk.house,
        authorised_by=authorised_by,
    )
    templates = "1 mail template" if edited.texts == 1 else f"{edited.texts} mail templates"
    whole = f"The draft of {call}, with its letter, is as its files say now. "
    draft = whole if found.state is CallState.DRAFT else ""
    text = f"{draft}{templates} of {call} changed."
    if edited.messages:
        text += f" What waits goes with the new text: {mails(edited.messages)}."
    return Answer({"texts": edited.texts, "messages": edited.messages}, text)


@changes(app, "test")
def try_out(
    desk: Desk,
    call: CallName,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where to: your own address.")],
    kind: Kind = MessageKind.INVITATION,
    contact: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Filled in as for this contact; the first of the audience if none."),
    ] = "",
) -> Answer:
    """Queue a test of a mail to yourself; its links do nothing."""
    found = find_call(desk.session, call)
    person = contact_for_preview(desk.session, found, contact, desk.house)
    queue_test(desk.session, found, kind, address, as_contact=person, now=desk.now, house=desk.house)
    leaves = "write it as a file" if desk.house.rehearsal else "submit it"
    text = f"A test of the {kind.value} to {address} is queued.\nTo {leaves} now:  outreach worker --until-idle"
    return Answer({"queued": 1}, text)


@changes(app, "launch")
def launch(desk: Desk, call: CallName, yes: Yes = False, authorised_by: SecondPerson = "") -> Answer:
    """Show what a launch will do, and with --yes do it."""
    return launching(desk, call, yes=yes, authorised_by=authorised_by, command=f"outreach calls launch {call}")


def launching(
    desk: Desk, call: str, *, yes: bool, authorised_by: str, command: str, notes: Sequence[str] = ()
) -> Answer:
    """The pre-flight, and with ``yes`` the launch; ``command`` does it, ``notes`` are lines that stand below."""
    found = find_call(desk.session, call)
    facts = preflight(desk.session, found, now=desk.now, house=desk.house)
    reasons = [one.sentence for one in launch_blockers(desk.session, found, facts, now=desk.now, house=desk.house)]
    samples = [
        preview_mail(desk.session, found, person, MessageKind.INVITATION, now=desk.now, house=desk.house)
        for person in facts.samples
        if not reasons
    ]
    shown, data = as_text(found, facts, samples, house=desk.house), as_data(facts, samples)
    shown = "\n".join([shown, *(["", *notes] if notes else [])])
    if reasons:
        refused = ("The call cannot be launched:", *(f"- {reason}" for reason in reasons))
        return Answer({**data, "launched": False, "reasons": reasons}, shown, refused)
    if not yes:
        again = f"\n\nNothing has been done. To launch it:  {command} --yes"
        return Answer({**data, "launched": False}, shown + again)
    done = launch_call(desk.session, found, now=desk.now, by=desk.by, house=desk.house, authorised_by=authorised_by)
    text = f"{shown}\n\nLaunched: {mails(done.invitations)} queued. 'outreach run' lets them go."
    return Answer({**data, "launched": True, "queued": done.invitations, "rehearsal": done.rehearsal}, text)


@changes(app, "pause")
def pause(desk: Desk, call: CallName) -> Answer:
    """Stop the call's mails at once; signing goes on."""
    pause_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    text = f"{call} is paused: no mail of it leaves.\nTo go on:  outreach calls resume {call}"
    return Answer({"paused": True}, text)


@changes(app, "resume")
def resume(desk: Desk, call: CallName) -> Answer:
    """Let a paused call's mails go on."""
    resume_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    return Answer({"paused": False}, f"{call} goes on.")


@changes(app, "extend")
def extend(
    desk: Desk,
    call: CallName,
    deadline: Annotated[str, typer.Argument(metavar="WHEN", help='The new deadline: "YYYY-MM-DD HH:MM [ZONE]".')],
    release: Annotated[str, typer.Option(metavar="WHEN", help="A new release time as well.")] = "",
) -> Answer:
    """Move the deadline later, and tell those it concerns.

    The reminders are planned anew. WHEN is on the clocks of the call's own zone unless it names another one.
    """
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
        f"The deadline of {call} is {found.deadline} now.\n"
        f"  Told of it:    {people(moved.told)}\n"
        f"  Invited anew:  {people(moved.invited)}\n"
        f"  Cancelled:     {mails(moved.cancelled)} of the old deadline"
    )
    if moved.in_time:
        text += f"\n  In time now:   {people(moved.in_time)} who had signed too late"
    data = {
        "deadline": found.deadline,
        "told": moved.told,
        "cancelled": moved.cancelled,
        "invited": moved.invited,
        "in_time": moved.in_time,
    }
    return Answer(data, text)


@changes(app, "erratum")
def erratum(
    desk: Desk,
    call: CallName,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What was wrong and what is right; - reads it from the keyboard.")
    ],
    corrects: Annotated[
        MessageKind, typer.Option(metavar="KIND", help=f"Which mailing was wrong: {KINDS}.")
    ] = MessageKind.INVITATION,
    authorised_by: SecondPerson = "",
) -> Answer:
    """Send a correction to those who already got a mailing.

    What has not left is held, until you let it go.
    """
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
    said = f"The correction goes to {people(done.told)}. Held: {mails(done.held)}."
    if done.held:
        said += f"\nMend the text with 'calls edit', then:  outreach outbox retry {call} --state held"
    return Answer({"told": done.told, "held": done.held}, said)


@changes(app, "close")
def close(desk: Desk, call: CallName) -> Answer:
    """End signing now, before the deadline."""
    cancelled = close_call(desk.session, find_call(desk.session, call), now=desk.now, by=desk.by)
    return Answer({"cancelled": cancelled}, f"{call} is closed. Cancelled: {mails(cancelled)} that waited.")


@changes(app, "release")
def release(desk: Desk, call: CallName, yes: Yes = False) -> Answer:
    """Release a closed call now, and tell those who signed.

    At its release time it is done without you. There is no way back.
    """
    found = find_call(desk.session, call)
    told = release_call(desk.session, found, now=desk.now, by=desk.by, house=desk.house)
    if not yes and not desk.dry_run:
        would = f"This tells {people(told)} that the letter is out."
        return only_shown({"told": told}, would, f"outreach calls release {found.slug}")
    return Answer({"told": told, "done": True}, f"{call} is released. Told of it: {people(told)}.")


@changes(app, "cancel")
def cancel(desk: Desk, call: CallName, yes: Yes = False) -> Answer:
    """Give a call up: nothing of it is sent any more.

    There is no way back.
    """
    found = find_call(desk.session, call)
    cancelled = cancel_call(desk.session, found, now=desk.now, by=desk.by)
    if not yes and not desk.dry_run:
        would = f"This ends {found.slug} for good. Mails that would be cancelled: {cancelled:,}."
        return only_shown({"cancelled": cancelled}, would, f"outreach calls cancel {found.slug}")
    return Answer(
        {"cancelled": cancelled, "done": True}, f"{call} is cancelled. Cancelled: {mails(cancelled)} that waited."
    )
