"""A coordinator adds one contact."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, flood_key
from outreach.domain.contact_entries import read_bodies, read_entry
from outreach.domain.contact_rows import Field
from outreach.domain.errors import Refusal
from outreach.store.events import record
from outreach.store.tables import Contact, Suppression, SuppressionReason
from outreach.usecases.edit_contact import set_bodies, set_tags
from outreach.usecases.import_contacts import ERASED, OURS


def add_contact(
    session: Session,
    address: str,
    said: Mapping[Field, str],
    organisations: Sequence[str] = (),
    *,
    now: datetime,
    by: str,
    house: House,
) -> Contact:
    """The new contact. A suppression of the address stays as it is.

    Raises InvalidInput for what cannot be understood, Refusal for an address that is a contact's already, that is
    our own, or that was erased at the person's request.
    """
    row, bodies = read_entry(address, said), read_bodies(organisations)
    digest = address_digest(row.address.key, house.salt)
    if flood_key(row.address) in house.own_mailboxes:
        raise Refusal(f"{row.address.given} {OURS}.")
    if session.exec(select(Contact.id).where(Contact.address_digest == digest)).first() is not None:
        raise Refusal(f"{row.address.given} is a contact already.")
    erased = select(Suppression.id).where(
        Suppression.address_digest == digest, Suppression.reason == SuppressionReason.ERASURE
    )
    if session.exec(erased).first() is not None:
        raise Refusal(f"{row.address.given} {ERASED}.")
    contact = Contact(
        address=row.address.given,
        address_digest=digest,
        domain=row.address.domain,
        name=row.name,
        given_name=row.given_name,
        role=row.role,
        country=row.country,
        language=row.language,
        time_zone=row.time_zone or row.inferred_zone,
        source=row.source,
        basis=row.basis,
        created_at=now,
        updated_at=now,
    )
    session.add(contact)
    session.flush()
    set_bodies(session, contact, bodies, now=now)
    set_tags(session, contact, row.tags)
    session.flush()
    record(session, at=now, by=by, verb="add_contact", subject="contact", subject_id=contact.id)
    return contact
