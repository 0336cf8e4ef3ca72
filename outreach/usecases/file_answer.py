"""A person says which official's office a mail is from, and which letter it answers."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.replies import OFFICIALS, REPLIES, MatchedBy, ReplyKind
from outreach.reading.mail import read_mail
from outreach.reading.offices import from_an_office
from outreach.reading.rules import Understood
from outreach.store.events import record
from outreach.store.inbound import content_of
from outreach.store.offices import letters_out, office_of
from outreach.store.tables import Addressee, Answer, Message, Post, Reply
from outreach.usecases.act_on_reply import act_on, undo_effects
from outreach.usecases.answer_from_mail import answer_from_mail, take_back_answer
from outreach.usecases.finish_reply import finish_reply

NO_ANSWER = (ReplyKind.BOUNCE, ReplyKind.COMPLAINT, ReplyKind.DELIVERY_NOTICE, ReplyKind.RECEIPT)


def file_answer(
    session: Session, reply: Reply, post: Post, addressee: Addressee | None, *, now: datetime, house: House, by: str
) -> Answer:
    """The answer on record; what had been done because of the reply is undone, and nothing waits because of it.

    Without ``addressee`` it answers the one letter that is out to the post, if there is just one. Raises Refusal
    for what is no mail, for a report that a machine wrote, and while a letter responds to the answer it was.
    """
    if reply.inbound_id is None:
        raise Refusal(f"Reply {reply.id} did not come by mail; 'outreach correspondence log' puts it on record.")
    if reply.kind in NO_ANSWER:
        raise Refusal(f"Reply {reply.id} is {reply.kind.value}: a machine wrote it, and it answers no letter.")
    undo_effects(session, reply, now=now)
    if reply.post_id != post.id:
        take_back_answer(session, reply, now=now, by=by, house=house)
    letter = addressee or _only_letter(session, reply, post)
    office = office_of(session, session.get(Message, reply.message_id) if reply.message_id else None)
    if office is None or letter is None or office.addressee_id != letter.id:
        reply.message_id = None  # it was the mail of another letter, or of a call
    reply.call_id = reply.contact_id = reply.organisation_id = None
    reply.post_id, reply.matched_by = post.id, MatchedBy.PERSON
    reply.kind = _kind(session, reply)
    session.add(reply)
    session.flush()
    answer = answer_from_mail(session, reply, addressee=letter, now=now, by=by, house=house)
    act_on(session, reply, now=now, house=house, by=by, answerable=False)
    finish_reply(session, reply, now=now, by=by)
    record(
        session,
        at=now,
        by=by,
        verb="file_answer",
        subject="reply",
        subject_id=reply.id,
        post=post.id,
        addressee=answer.addressee_id,
        answer=answer.id,
    )
    return answer


def _only_letter(session: Session, reply: Reply, post: Post) -> Addressee | None:
    out = letters_out(session, {post.id or 0}, by=reply.at)
    return out[0] if len(out) == 1 else None


def _kind(session: Session, reply: Reply) -> ReplyKind:
    """What it says, now that an office wrote it; a person has said that it is one of the two."""
    understood = Understood(reply.kind, reply.rule, reply.confidence)
    heard = from_an_office(read_mail(content_of(session, reply.inbound_id or 0)), understood).kind
    if heard in OFFICIALS:
        return heard
    return ReplyKind.ACKNOWLEDGEMENT if REPLIES[heard].automatic else ReplyKind.ANSWER
