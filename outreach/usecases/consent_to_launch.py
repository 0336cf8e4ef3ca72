"""A second person consents to a launch that a colleague asked for, and with that the call is launched."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.store.launch_requests import launch_request
from outreach.store.tables import Call
from outreach.usecases.launch_call import Launched, launch_call


def consent_to_launch(session: Session, call: Call, *, now: datetime, by: str, house: House) -> Launched:
    """Launch the call as who asked would. Raises Refusal if nobody asked, or if the draft is another since then."""
    asked = launch_request(session, call)
    if asked is None:
        raise Refusal(f"Nobody has asked for consent to launch {call.slug}.")
    if not asked.holds:
        raise Refusal(f"The draft of {call.slug} was changed since consent was asked for; ask for it anew.")
    return launch_call(session, call, now=now, by=asked.by, house=house, authorised_by=by)
