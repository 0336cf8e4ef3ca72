"""Queues a mail that belongs to no call: an opt-out confirmed, an answer to a reply, news for staff."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.kinds import MessageKind
from outreach.store.calls import sender_values
from outreach.store.tables import Contact
from outreach.store.texts import text_for
from outreach.usecases.queue_message import Recipient, add_message


def recipient_of(session: Session, address: str, house: House) -> Recipient:
    """The recipient at an address, as the contact of that address if there is one. InvalidInput: it is none."""
    parsed = parse_address(address)
    digest = address_digest(parsed.key, house.salt)
    person = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    workspace = house.settings.workspace
    if person is None:
        return Recipient(parsed.wire, digest, workspace.language, workspace.time_zone)
    zone = person.time_zone or workspace.time_zone
    language = person.language or workspace.language
    return Recipient(person.address, digest, language, zone, person.id, person.given_name)


def queue_house_message(
    session: Session,
    kind: MessageKind,
    to: Recipient,
    values: dict[str, Any],
    *,
    occurrence: str,
    now: datetime,
    house: House,
    call_id: int | None = None,
) -> bool:
    """Queue the mail; False when that very one (``occurrence``) was queued before."""
    about = {"contact": {"email": to.address, "given_name": to.given_name}, "sender": sender_values(house)}
    return add_message(
        session,
        kind,
        to,
        {**about, **values},
        text=text_for(session, kind, to.language, house, now=now),
        occurrence=occurrence,
        rehearsal=house.rehearsal,
        call_id=call_id,
        now=now,
    )
