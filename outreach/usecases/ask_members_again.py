"""The draft of a round has changed: every organisation in it is told, and asked for its answer to the new one."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.store.calls import shared_values
from outreach.store.membership import may_be_written_to, members_of
from outreach.store.preflight import values_for
from outreach.store.tables import Call, Contact
from outreach.store.texts import text_for
from outreach.usecases.queue_message import Recipient, add_message


def ask_members_again(session: Session, call: Call, substance: str, *, now: datetime, house: House) -> int:
    """Queue one mail to each contact by whom the round asks; how many.

    Whoever declined is told as well, this once: it is the coalition's letter, and the new text may be one to sign.
    Nobody who opted out, and no dead address, is written to.
    """
    shared = {**shared_values(session, call, house), "amendment": {"text": substance}}
    asked = {member.contact_id for member, _ in members_of(session, call) if member.contact_id}
    contacts = [session.get_one(Contact, number) for number in sorted(asked)]
    return sum(
        _ask(session, call, contact, shared, now=now, house=house)
        for contact in contacts
        if may_be_written_to(session, contact, call)
    )


def _ask(
    session: Session, call: Call, contact: Contact, shared: dict[str, Any], *, now: datetime, house: House
) -> bool:
    kind = MessageKind.LETTER_CHANGED
    to = Recipient(
        contact.address,
        contact.address_digest,
        contact.language,
        contact.time_zone or house.time_zone,
        contact.id,
    )
    return add_message(
        session,
        kind,
        to,
        {**shared, **values_for(session, contact.id or 0)},
        text=text_for(session, kind, contact.language, house, call=call, now=now),
        occurrence=f"{kind.value}:{call.id}:{contact.id}:{call.letter_version}",
        rehearsal=call.rehearsal,
        call_id=call.id,
        now=now,
    )
