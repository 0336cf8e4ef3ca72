"""A coordinator puts a tag on a contact, or takes one off."""

from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.contact_entries import read_entry
from outreach.domain.contact_rows import Field
from outreach.domain.errors import InvalidInput
from outreach.store.events import record
from outreach.store.tables import Contact, ContactTag
from outreach.usecases.edit_contact import set_tags


def tag_contact(
    session: Session, contact: Contact, words: str, *, off: bool = False, now: datetime, by: str
) -> bool:
    """Put the tags on that the words name, or take them off; False when it was so already."""
    tags = read_entry(contact.address, {Field.TAGS: words}).tags
    if not tags:
        raise InvalidInput("Write a tag first.")
    known = list(session.exec(select(ContactTag.tag).where(ContactTag.contact_id == contact.id)))
    wanted = [tag for tag in known if tag not in tags] if off else [*known, *tags]
    # As many as a table may give.
    read_entry(contact.address, {Field.TAGS: ";".join(dict.fromkeys(wanted))})
    if not set_tags(session, contact, list(dict.fromkeys(wanted))):
        return False
    record(session, at=now, by=by, verb="tag_contact", subject="contact", subject_id=contact.id, off=off)
    return True
