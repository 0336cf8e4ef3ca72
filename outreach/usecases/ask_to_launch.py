"""A coordinator asks for the second person's consent to a launch."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.store.events import record
from outreach.store.launch_requests import ASK_TO_LAUNCH, draft_digest
from outreach.store.preflight import preflight
from outreach.store.tables import Call
from outreach.usecases.launch_call import launch_blockers


def ask_to_launch(session: Session, call: Call, *, now: datetime, by: str, house: House) -> None:
    """Put on record that ``by`` would launch the draft as it is now. Raises Refusal with what stands in the way."""
    reasons = launch_blockers(session, call, preflight(session, call, now=now, house=house), now=now, house=house)
    if reasons:
        raise Refusal(*(reason.sentence for reason in reasons))
    record(
        session,
        at=now,
        by=by,
        verb=ASK_TO_LAUNCH,
        subject="call",
        subject_id=call.id,
        draft=draft_digest(session, call),
    )
