"""Previews: the exact mail that a contact would get."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import Refusal
from outreach.domain.kinds import KINDS, MessageKind
from outreach.rendering.composing import Composed, MailRecord, compose
from outreach.store.audiences import members
from outreach.store.calls import shared_values
from outreach.store.preflight import values_for
from outreach.store.tables import Call, Contact
from outreach.store.texts import sample_values, source_for


def contact_for_preview(session: Session, call: Call, address: str, house: House) -> int:
    """The id of the contact with that address, or the first of the call's audience if none is given."""
    if address:
        digest = address_digest(parse_address(address).key, house.salt)
        found = session.exec(select(Contact.id).where(Contact.address_digest == digest)).first()
        if found is None:
            raise Refusal(f"There is no contact with the address {address}.")
        return found
    first = session.execute(members(call, house.salt).order_by(col(Contact.id)).limit(1)).scalar()
    if first is None:
        raise Refusal(f"The audience of {call.slug} is empty; give a contact with --contact ADDRESS.")
    return int(first)


def preview_mail(
    session: Session, call: Call, contact: str | int, kind: MessageKind, *, now: datetime, house: House
) -> Composed:
    """The mail of that kind as it would be for a contact, given by address or id. Its date is now."""
    person = contact if isinstance(contact, int) else contact_for_preview(session, call, contact, house)
    row = session.get_one(Contact, person)
    language, source = source_for(session, kind, row.language, house, call)
    record = MailRecord(
        id=0,
        kind=kind,
        bulk=KINDS[kind].bulk,
        test=False,
        call_id=call.id or 0,
        call_slug=call.slug,
        contact_id=person,
        signature_id=0,
        address=row.address,
        language=language,
        time_zone=row.time_zone or house.time_zone,
        source=source,
        shared=shared_values(session, call, house, **sample_values(call)),
        values={**values_for(session, person), "signature": {"name": row.name or row.address, "kind": ""}},
        date=now,
    )
    return compose(record, house)
