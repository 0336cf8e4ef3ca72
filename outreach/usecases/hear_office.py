"""What follows from a mail that answers a letter to an official: it goes on record, if it is surely theirs."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.replies import OFFICIALS, PROVEN, MatchedBy, ReplyKind
from outreach.store.offices import Office, is_of_the_office, office_of
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
    office = office_of(session, session.get(Message, reply.message_id) if reply.message_id else None)
    doubt = _doubt(session, reply, post, office, house)
    if doubt:
        return f"{doubt} 'outreach replies place {reply.id} --official {post.slug}' puts it on record."
    letter = session.get(Addressee, office.addressee_id) if office and office.addressee_id else None
    answer_from_mail(session, reply, addressee=letter, now=now, by=by, house=house)
    return ""


def _doubt(session: Session, reply: Reply, post: Post, office: Office | None, house: House) -> str:
    """Why it is not certain that the office wrote it; "" if it is, or if a person says so.

    A mail that is passed on is answered by anybody with its token, and a copy by whoever got one.
    """
    if reply.matched_by is MatchedBy.PERSON:
        return ""
    if reply.matched_by not in PROVEN:
        return f"Nothing proves that {post.slug} wrote it, so nothing was put on record."
    if office is not None and office.copied:
        return f"It answers a copy of our letter to {post.slug}: see who wrote it."
    if not is_of_the_office(session, post, reply, house.salt):
        return f"It has the token of our letter to {post.slug}, but comes from elsewhere: see who wrote it."
    return ""
