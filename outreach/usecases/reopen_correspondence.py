"""A person opens again what was closed with an official; the letter stands where the record says."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.store.addressees import day_of
from outreach.store.answers import lock, take_stock
from outreach.store.events import record
from outreach.store.tables import Addressee


def reopen_correspondence(session: Session, addressee: Addressee, *, now: datetime, by: str, house: House) -> None:
    """The letter stands as it would if it had never been closed. Raises Refusal when it is not closed."""
    lock(session, addressee)
    if addressee.closed_at is None:
        raise Refusal(f"It is not closed: it is {addressee.state.value}.")
    closed_on = day_of(addressee.closed_at, house)
    addressee.closed_at = None
    take_stock(session, addressee, house=house)
    record(
        session,
        at=now,
        by=by,
        verb="reopen_correspondence",
        subject="addressee",
        subject_id=addressee.id,
        closed_on=closed_on.isoformat(),
        after=addressee.state.value,
    )
