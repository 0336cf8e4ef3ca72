"""``outreach outbox``: every mail, who got it, who did not, and why."""

from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.options import KINDS, Limit
from outreach.cli.pages import chapter
from outreach.cli.text import mails, sentences, table, when
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.queries import outbox
from outreach.store.accounts import wake
from outreach.store.calls import find_call
from outreach.store.events import record
from outreach.usecases.retry_messages import retry_messages

app = chapter("Every mail: who got it, who did not, and why.")


STATES = ", ".join(MessageState)
PLAINLY = {
    "person": "person: no such address",
    "mailbox": "mailbox: it is full",
    "policy": "policy: refused by a rule of their server",
}
"""What the classes of a refusal mean; programs get the bare word."""
RETRIED = "failed, held or unknown"


@reads(app, "show")
def show(
    desk: Desk, call: Annotated[str, typer.Argument(metavar="[CALL]", help="Of this call only.")] = ""
) -> Answer:
    """How the mails stand, counted by mailing, state and reason."""
    slug = find_call(desk.session, call).slug if call else ""
    rows = outbox.counts(desk.session, slug)
    rests = outbox.account_rests(desk.session, desk.now)
    text = table(
        ("CALL", "MAILING", "STATE", "MAILS", "WHY"),
        [
            (
                r.call,
                f"{r.kind} {_which(r.occurrence)}".strip(),
                r.state,
                r.messages,
                PLAINLY.get(r.reason, r.reason),
            )
            for r in rows
        ],
        empty=EMPTY,
    )
    return Answer(
        {"resting": rests, "counts": outbox.as_data(rows)}, "\n\n".join(filter(None, (_said(rests), text)))
    )


EMPTY = "No mail has been queued yet; a launch queues the invitations."


def _said(rests: str) -> str:
    return sentences(f"{rests.rstrip('.')}. When that is mended:  outreach outbox resume") if rests else ""


def _which(occurrence: str) -> str:
    return "" if "@" in occurrence else occurrence


@reads(app, "list")
def list_messages(
    desk: Desk,
    call: Annotated[str, typer.Option(metavar="CALL", help="Of this call only.")] = "",
    state: Annotated[
        MessageState | None, typer.Option(metavar="STATE", help=f"In this state only: {STATES}.")
    ] = None,
    kind: Annotated[MessageKind | None, typer.Option(metavar="KIND", help=f"Of this kind only: {KINDS}.")] = None,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="To this person only.")] = "",
    limit: Limit = 50,
) -> Answer:
    """The mails one by one, the newest first."""
    rows = outbox.lines(
        desk.session,
        call=find_call(desk.session, call).slug if call else "",
        state=state,
        kind=kind.value if kind else "",
        address=to,
        salt=desk.house.salt,
        limit=limit,
    )
    text = table(
        ("WHEN", "MAIL", "CALL" if to else "TO", "STATE", "WHY"),
        [_row(row, desk.house.time_zone, to_one=bool(to)) for row in rows],
        empty="There is no such mail.",
    )
    return Answer(outbox.as_data(rows), text)


def _row(line: outbox.Line, zone: str, *, to_one: bool) -> tuple[str, ...]:
    """One mail; what a server said of one that it took is no news."""
    why = line.came_back if line.state == MessageState.SENT else line.detail or line.reason
    mail = f"{line.kind}, test" if line.test else line.kind
    return when(line.settled_at or line.due_at, zone), mail, line.call if to_one else line.address, line.state, why


@changes(app, "retry")
def retry(
    desk: Desk,
    call: Annotated[
        str, typer.Argument(metavar="[CALL]", help="Of this call; without one, the mails that belong to none.")
    ] = "",
    state: Annotated[
        MessageState, typer.Option(metavar="STATE", help=f"Those that are {RETRIED}.")
    ] = MessageState.FAILED,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="Only to this person; may be repeated.")
    ] = None,
) -> Answer:
    """Let chosen mails go once more.

    Opt-outs and the deadline are checked again, and nobody gets a third copy.
    """
    found = find_call(desk.session, call) if call else None
    count = retry_messages(desk.session, found, state=state, now=desk.now, by=desk.by, addresses=to or ())
    return Answer({"queued": count}, f"Queued again: {mails(count)}.")


@changes(app, "resume")
def resume(desk: Desk) -> Answer:
    """Let mails leave again after the mail server refused the account."""
    woken = wake(desk.session, desk.now)
    record(desk.session, at=desk.now, by=desk.by, verb="resume_account", subject="account", subject_id=0)
    return Answer({"resumed": woken}, "Mails may leave again." if woken else "The account was not resting.")
