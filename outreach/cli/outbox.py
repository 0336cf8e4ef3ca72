"""``outreach outbox``: every mail, who got it, who did not, and why."""

from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.text import mails, table, when
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.queries import outbox
from outreach.store.accounts import wake
from outreach.store.calls import find_call
from outreach.store.events import record
from outreach.usecases.retry_messages import retry_messages

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Every mail: who got it, who did not, and why.",
)


@reads(app, "show")
def show(desk: Desk, call: Annotated[str, typer.Argument(metavar="[CALL]")] = "") -> Answer:
    """How the mails stand, counted by mailing, state and reason."""
    if call:
        find_call(desk.session, call)
    rows = outbox.counts(desk.session, call)
    rests = outbox.account_rests(desk.session, desk.now)
    text = table(
        ("CALL", "MAILING", "STATE", "MAILS", "WHY"),
        [(r.call, f"{r.kind} {_which(r.occurrence)}".strip(), r.state, r.messages, r.reason) for r in rows],
    )
    return Answer({"resting": rests, "counts": outbox.as_data(rows)}, "\n".join(filter(None, (rests, text))))


def _which(occurrence: str) -> str:
    return "" if "@" in occurrence else occurrence


@reads(app, "list")
def list_messages(
    desk: Desk,
    call: Annotated[str, typer.Option(help="Of this call only.")] = "",
    state: Annotated[MessageState | None, typer.Option(help="In this state only.")] = None,
    kind: Annotated[MessageKind | None, typer.Option(help="Of this kind only.")] = None,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="To this person only.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 50,
) -> Answer:
    """The mails one by one, for a call, a mailing or a person."""
    rows = outbox.lines(
        desk.session,
        call=call,
        state=state,
        kind=kind.value if kind else "",
        address=to,
        salt=desk.house.salt,
        limit=limit,
    )
    zone = desk.house.time_zone
    text = table(
        ("WHEN", "MAIL", "TO", "STATE", "WHY"),
        [(when(r.settled_at or r.due_at, zone), r.kind, r.address, r.state, r.detail or r.reason) for r in rows],
    )
    return Answer(outbox.as_data(rows), text)


@changes(app, "retry")
def retry(
    desk: Desk,
    call: Annotated[str, typer.Argument(metavar="CALL")],
    state: Annotated[MessageState, typer.Option(help="Which: failed, held or unknown.")] = MessageState.FAILED,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="Only to this person; may be repeated.")
    ] = None,
) -> Answer:
    """Let chosen mails go once more; opt-outs and the deadline are checked again."""
    count = retry_messages(
        desk.session, find_call(desk.session, call), state=state, now=desk.now, by=desk.by, addresses=to or ()
    )
    return Answer({"queued": count}, f"{mails(count)} queued again.")


@changes(app, "resume")
def resume(desk: Desk) -> Answer:
    """Let the account try again after it was refused and somebody has looked."""
    woken = wake(desk.session)
    record(desk.session, at=desk.now, by=desk.by, verb="resume_account", subject="account", subject_id=0)
    return Answer({"resumed": woken}, "Mails may leave again." if woken else "The account was not resting.")
