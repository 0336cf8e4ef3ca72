"""A person says that nothing more is expected of an official, or done, about a letter."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.answers import whole_note
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.names import NAME_LIMIT, clean_line
from outreach.domain.states import AddresseeState
from outreach.store.addressees import advance
from outreach.store.answers import lock
from outreach.store.events import record
from outreach.store.tables import Addressee


def close_correspondence(
    session: Session, addressee: Addressee, reason: str, *, now: datetime, by: str, house: House
) -> None:
    """The letter is closed with this official: no clock runs, and nothing is asked.

    What still comes goes on record all the same. Raises InvalidInput without a reason, Refusal when it is closed.
    """
    said = clean_line(whole_note(reason, NAME_LIMIT))
    if not said:
        raise InvalidInput("Say why it is closed.")
    lock(session, addressee)
    if addressee.closed_at is not None:
        raise Refusal(f"It is closed since {addressee.closed_at:%Y-%m-%d}: {addressee.reason}")
    before = addressee.state
    advance(session, addressee, AddresseeState.CLOSED, at=now, house=house, reason=said)
    record(
        session,
        at=now,
        by=by,
        verb="close_correspondence",
        subject="addressee",
        subject_id=addressee.id,
        before=before.value,
    )
