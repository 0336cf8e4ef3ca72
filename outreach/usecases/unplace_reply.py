"""A person says that a reply does not belong where it was placed."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.replies import MatchedBy
from outreach.store.events import record
from outreach.store.tables import Reply
from outreach.usecases.act_on_reply import act_on, is_answerable, undo_effects
from outreach.usecases.answer_from_mail import take_back_answer


def unplace_reply(session: Session, reply: Reply, *, now: datetime, house: House, by: str) -> Reply:
    """The reply, of no call and nobody's; what was done because of it is undone, and its guesses stand again.

    Raises Refusal when it has no place, and while a letter responds to the official's answer that it was taken for.
    """
    if reply.call_id is None and reply.post_id is None and reply.contact_id is None:
        raise Refusal(f"Reply {reply.id} belongs to no call; there is nothing to take back.")
    undo_effects(session, reply, now=now)
    take_back_answer(session, reply, now=now, by=by, house=house)
    before = reply.call_id
    reply.call_id = reply.contact_id = reply.organisation_id = reply.post_id = reply.message_id = None
    reply.matched_by = MatchedBy.NOTHING
    act_on(session, reply, now=now, house=house, by=by, answerable=is_answerable(session, reply))
    record(session, at=now, by=by, verb="unplace_reply", subject="reply", subject_id=reply.id, call=before)
    return reply
