"""A coordinator pauses a call's mails; signing goes on meanwhile."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.states import CallState
from outreach.store.events import record
from outreach.store.tables import Call


def pause_call(session: Session, call: Call, *, now: datetime, by: str) -> None:
    """From the commit on no bulk mail of the call is claimed; confirmations and receipts go on.

    Raises Refusal when it is paused already, or when nothing of it is under way.
    """
    if call.state in (CallState.DRAFT, CallState.CANCELLED):
        raise Refusal(
            f"Nothing of the call {call.slug} is under way (it is {call.state.value}): there is nothing to pause."
        )
    if call.paused_at is not None:
        raise Refusal(f"The call {call.slug} has been paused since {call.paused_at:%Y-%m-%d %H:%M} UTC.")
    call.paused_at = now
    session.add(call)
    record(session, at=now, by=by, verb="pause_call", subject="call", subject_id=call.id)
