"""What follows from a mail of an official's office: it goes on record, if anything proves that it is theirs."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.replies import OFFICIALS, PROVEN, ReplyKind
from outreach.store.offices import office_of
from outreach.store.tables import Addressee, Message, Post, Reply
from outreach.usecases.answer_from_mail import answer_from_mail


def hear_office(session: Session, reply: Reply, *, now: datetime, by: str, house: House) -> str:
    """A sentence for the person who must look at it; "" when nothing is left open.

    An office is nobody's contact: no signature is proposed and no address taken out, whatever it writes.
    """
    if reply.kind is ReplyKind.OPT_OUT:
        return "An official's office wants no more mail. Nothing was stopped: decide what becomes of its letters."
    if reply.kind not in OFFICIALS:
        return ""
    post = session.get_one(Post, reply.post_id)
    if reply.matched_by not in PROVEN:
        return (
            f"Nothing proves that {post.slug} wrote it, so nothing was put on record; "
            f"'outreach replies place {reply.id} --official {post.slug}' does that."
        )
    office = office_of(session, session.get(Message, reply.message_id) if reply.message_id else None)
    letter = session.get(Addressee, office.addressee_id) if office and office.addressee_id else None
    answer_from_mail(session, reply, addressee=letter, now=now, by=by, house=house)
    return ""
