"""``outreach signatures``: who has signed."""

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.options import CallName
from outreach.cli.pages import chapter
from outreach.cli.text import table, when
from outreach.queries import calls
from outreach.store.calls import find_call

app = chapter("Who has signed.")


@reads(app, "list")
def list_signatures(desk: Desk, call: CallName) -> Answer:
    """The call's signatures, the oldest first, each with its state.

    For staff only: it may hold names that are not public.
    """
    rows = calls.list_signatures(desk.session, find_call(desk.session, call))
    text = table(
        ("SUBMITTED", "STATE", "AS", "NAME"),
        [(when(r.submitted_at, desk.house.time_zone), r.state, r.kind, r.name) for r in rows],
        empty="Nobody has signed yet.",
    )
    return Answer(calls.as_data(rows), text)
