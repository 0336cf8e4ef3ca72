"""``outreach outbox``: every mail, who got it, who did not, and why."""

from dataclasses import asdict
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.options import KINDS, Limit
from outreach.cli.pages import chapter
from outreach.cli.text import mails, sentences, table, when
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.queries import outbox
from outreach.queries.audit import Audited
from outreach.queries.audit import audit as audit_outbox
from outreach.store.accounts import wake
from outreach.store.calls import find_call
from outreach.store.events import record
from outreach.store.stopping import Stopped, stopped
from outreach.usecases.retry_messages import retry_messages
from outreach.usecases.start_mail import start_mail
from outreach.usecases.stop_mail import stop_mail

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
    halt = stopped(desk.session)
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
        {"stopped": stopped_data(halt), "resting": rests, "counts": outbox.as_data(rows)},
        "\n\n".join(filter(None, (_said_of_stop(halt), _said(rests), text))),
    )


EMPTY = "No mail has been queued yet; a launch queues the invitations."


def _said(rests: str) -> str:
    return sentences(f"{rests.rstrip('.')}. When that is mended:  outreach outbox resume") if rests else ""


def _said_of_stop(halt: Stopped | None) -> str:
    return sentences(f"{halt.sentence} When it may leave again:  outreach outbox start") if halt else ""


def stopped_data(halt: Stopped | None) -> dict[str, str] | None:
    """The stop for --json; null while mail may leave."""
    return {"by": halt.by, "at": halt.at.isoformat(), "reason": halt.reason} if halt else None


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


@reads(app, "audit")
def audit(desk: Desk) -> Answer:
    """Reckon every count anew from the history, and check the database.

    Where they disagree: a sentence for each disagreement, and exit code 1.
    """
    found = audit_outbox(desk.session, desk.now)
    said = tuple(one.sentence for one in found.disagreements)
    return Answer({"agrees": not said, **asdict(found)}, _verdict(found), refused=said)


def _verdict(found: Audited) -> str:
    attempts = "1 attempt" if found.attempts == 1 else f"{found.attempts:,} attempts"
    looked = f"{mails(found.messages)} and {attempts} were looked at"
    if not found.disagreements:
        return sentences(f"All agrees: {looked}, and the database is whole.")
    return sentences(f"{looked}; what disagrees:")


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


@changes(app, "stop")
def stop(
    desk: Desk,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, in one line; everybody here sees it.")] = "",
) -> Answer:
    """Panic: stop all mail at once, confirmations and receipts too.

    Nothing is lost: what waits leaves after 'outbox start', unless it is too late by then.
    """
    halt = stop_mail(desk.session, reason=reason, now=desk.now, by=desk.by)
    mine = (halt.at, halt.by) == (desk.now, desk.by)
    text = STOPPED if mine else f"It was stopped already. {halt.sentence}"
    return Answer({"stopped": stopped_data(halt)}, sentences(text))


STOPPED = (
    "All mail is stopped, confirmations and receipts too; what is in flight, a mail for each connection, ends. "
    "Signing goes on, and nothing is lost. When mail may leave again:  outreach outbox start"
)


@changes(app, "start")
def start(desk: Desk) -> Answer:
    """Let mail leave again after 'outbox stop'."""
    over = start_mail(desk.session, now=desk.now, by=desk.by)
    return Answer(
        {"started": over is not None},
        "Mail leaves again." if over else "Mail was not stopped; nothing was changed.",
    )
