"""A person says which call a reply belongs to, and whose it is."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.replies import MatchedBy
from outreach.store.events import record
from outreach.store.tables import Call, Contact, Reply
from outreach.usecases.act_on_reply import act_on, is_answerable, undo_effects
from outreach.usecases.answer_from_mail import take_back_answer


def place_reply(
    session: Session, reply: Reply, call: Call, contact: Contact | None, *, now: datetime, house: House, by: str
) -> Reply:
    """The reply, placed; what was done because of it is undone, and what follows now is done.

    Raises Refusal while a letter responds to the official's answer that it was taken for.
    """
    undo_effects(session, reply, now=now)
    take_back_answer(session, reply, now=now, by=by, house=house)
    reply.post_id = None
    reply.matched_by = MatchedBy.PERSON
    if reply.call_id != call.id or reply.contact_id != (contact.id if contact else None):
        reply.message_id = None  # it was the mail of another call, or to another person
    reply.call_id = call.id
    reply.contact_id = contact.id if contact else None
    reply.organisation_id = contact.organisation_id if contact else None
    answerable = is_answerable(session, reply)
    act_on(session, reply, now=now, house=house, by=by, answerable=answerable)
    record(
        session,
        at=now,
        by=by,
        verb="place_reply",
        subject="reply",
        subject_id=reply.id,
        call=call.id,
        contact=contact.id if contact else None,
    )
    return reply
