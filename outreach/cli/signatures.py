"""``outreach signatures``: who has signed, and what becomes of a signature that a reply proposes."""

from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes, reads
from outreach.cli.options import CallName
from outreach.cli.pages import chapter
from outreach.cli.text import table, when
from outreach.domain.states import SignatureState
from outreach.queries import calls
from outreach.store.calls import find_call
from outreach.usecases.accept_signature import accept_signature, reject_signature

app = chapter("Who has signed, and who is proposed by a reply.")

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The signature's number, as the list shows it.")]


@reads(app, "list")
def list_signatures(desk: Desk, call: CallName) -> Answer:
    """The call's signatures, the oldest first, each with its state.

    For staff only: it may hold names that are not public.
    """
    rows = calls.list_signatures(desk.session, find_call(desk.session, call))
    text = table(
        ("NO.", "SUBMITTED", "STATE", "AS", "NAME"),
        [(r.id, when(r.submitted_at, desk.house.time_zone), r.state, r.kind, r.name) for r in rows],
        empty="Nobody has signed yet.",
    )
    return Answer(calls.as_data(rows), text)


@changes(app, "accept")
def accept(desk: Desk, number: Number) -> Answer:
    """Accept a signature that a reply proposes.

    It counts at once where the mail proves that it came from that mailbox; otherwise the mailbox is asked.
    """
    signature = calls.find_signature(desk.session, number)
    state = accept_signature(desk.session, signature, now=desk.now, house=desk.house, by=desk.by)
    asked = "The mailbox is asked to confirm it." if state is SignatureState.PENDING else "A receipt is queued."
    text = f"Signature {number} ({signature.name}) is {state.value} now. {asked}"
    return Answer({"signature": number, "state": state.value}, text)


@changes(app, "reject")
def reject(desk: Desk, number: Number) -> Answer:
    """Reject a signature that a reply proposes."""
    signature = calls.find_signature(desk.session, number)
    reject_signature(desk.session, signature, now=desk.now, by=desk.by)
    return Answer({"signature": number, "state": "rejected"}, f"Signature {number} ({signature.name}) is rejected.")
