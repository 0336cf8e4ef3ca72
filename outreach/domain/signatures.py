"""As what one signs, and when a signature counts."""

from datetime import datetime
from enum import StrEnum

from outreach.domain.states import SignatureState


class SignatureKind(StrEnum):
    """As what one signs."""

    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"


def confirmed_state(submitted_at: datetime, deadline_at: datetime) -> SignatureState:
    """What a signature becomes when its mailbox confirms it: in time counts, later is kept as late for staff."""
    return SignatureState.CONFIRMED if submitted_at <= deadline_at else SignatureState.LATE
