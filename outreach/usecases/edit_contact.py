"""A coordinator corrects what is known about one contact."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.contact_entries import read_bodies, read_entry
from outreach.domain.contact_merging import TEXTS
from outreach.domain.contact_rows import Field
from outreach.store.events import record
from outreach.store.organisations import find_or_add
from outreach.store.tables import Affiliation, Contact, ContactTag


def edit_contact(
    session: Session,
    contact: Contact,
    said: Mapping[Field, str],
    organisations: Sequence[str],
    *,
    now: datetime,
    by: str,
) -> bool:
    """Set the contact to what the form says, what it leaves empty too; False when it says what is known.

    Mails name the first organisation. The address is who the contact is, and is never changed: another address is
    another contact. Raises InvalidInput for what cannot be understood; then nothing is changed.
    """
    row, bodies = read_entry(contact.address, said), read_bodies(organisations)
    changed = [text for text in TEXTS if getattr(contact, text) != getattr(row, text)]
    for text in changed:
        setattr(contact, text, getattr(row, text))
    if set_bodies(session, contact, bodies, now=now):
        changed.append("organisations")
    if set_tags(session, contact, row.tags):
        changed.append("tags")
    if not changed:
        return False
    contact.updated_at = now
    session.add(contact)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="edit_contact",
        subject="contact",
        subject_id=contact.id,
        fields=sorted(changed),
    )
    return True


def set_bodies(session: Session, contact: Contact, names: Sequence[str], *, now: datetime) -> bool:
    """Let the contact speak for exactly these organisations, new ones added; whether that is a change."""
    wanted = list(dict.fromkeys(find_or_add(session, name, now=now).id or 0 for name in names))
    speaks_for = select(Affiliation).where(Affiliation.contact_id == contact.id)
    known = {one.organisation_id: one for one in session.exec(speaks_for)}
    first = wanted[0] if wanted else None
    if set(wanted) == set(known) and contact.organisation_id == first:
        return False
    contact.organisation_id = first
    session.add(contact)
    session.flush()
    for number in set(known) - set(wanted):
        session.delete(known[number])
    session.add_all(
        Affiliation(contact_id=contact.id or 0, organisation_id=one) for one in wanted if one not in known
    )
    session.flush()
    return True


def set_tags(session: Session, contact: Contact, tags: Sequence[str]) -> bool:
    """Give the contact exactly these tags; whether that is a change."""
    known = {one.tag: one for one in session.exec(select(ContactTag).where(ContactTag.contact_id == contact.id))}
    if set(known) == set(tags):
        return False
    for tag in set(known) - set(tags):
        session.delete(known[tag])
    session.add_all(ContactTag(contact_id=contact.id or 0, tag=tag) for tag in tags if tag not in known)
    session.flush()
    return True
