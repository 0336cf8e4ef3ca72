"""A coordinator lets a paused call's mails go on."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.store.events import record
from outreach.store.tables import Call


def resume_call(session: Session, call: Call, *, now: datetime, by: str) -> None:
    """What waited may be claimed again, unless it has become senseless. Raises Refusal when it is not paused."""
    if call.paused_at is None:
        raise Refusal(f"The call {call.slug} is not paused.")
    call.paused_at = None
    session.add(call)
    record(session, at=now, by=by, verb="resume_call", subject="call", subject_id=call.id)
