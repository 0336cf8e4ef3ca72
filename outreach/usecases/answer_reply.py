"""A member of staff answers a reply by mail, in its thread."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.names import clean_text
from outreach.domain.replies import REPLIES
from outreach.reading.mail import read_mail
from outreach.store.events import record
from outreach.store.inbound import content_of
from outreach.store.tables import Reply
from outreach.store.wanted import dead_address
from outreach.usecases.finish_reply import finish_reply
from outreach.usecases.queue_house_message import queue_house_message, recipient_of

LONGEST_ANSWER = 20_000


def answer_reply(
    session: Session, reply: Reply, text: str, *, now: datetime, house: House, by: str, subject: str = ""
) -> str:
    """Queue the answer to whoever wrote; the address it goes to. The reply is done then.

    Raises Refusal where there is nobody to answer: a machine wrote it, it did not come by mail, or no mail of ours
    may go to that address any more.
    """
    if REPLIES[reply.kind].automatic:
        raise Refusal(
            f"Reply {reply.id} is {reply.kind.value}: a machine wrote it, and nobody would read an answer."
        )
    if not reply.sender_address:
        raise Refusal(f"Reply {reply.id} did not come by mail; there is no address to answer to.")
    written = clean_text(text, LONGEST_ANSWER)
    if not written:
        raise InvalidInput("The answer is empty.")
    to = recipient_of(session, _answered_at(session, reply), house)
    if session.execute(sa.select(dead_address(to.digest))).scalar():
        raise Refusal(f"Nothing goes to {to.address} any more: it bounced for good, complained, or was erased.")
    about = (subject or reply.subject).strip()
    while about.lower().startswith("re:"):
        about = about[3:].strip()
    queue_house_message(
        session,
        MessageKind.ANSWER,
        to,
        {
            "answer": {"text": written, "subject": about or "…"},
            "answers": [reply.mail_id] if reply.mail_id else [],
        },
        occurrence=f"answer:{reply.id}:{now.isoformat()}",
        now=now,
        house=house,
        call_id=reply.call_id,
    )
    finish_reply(session, reply, now=now, by=by)
    record(session, at=now, by=by, verb="answer_reply", subject="reply", subject_id=reply.id)
    return to.address


def _answered_at(session: Session, reply: Reply) -> str:
    """Where the mail wants its answer: its Reply-To if that is one address (RFC 5322, 3.6.2), or its sender."""
    wanted = read_mail(content_of(session, reply.inbound_id)).reply_to if reply.inbound_id else ""
    try:
        return parse_address(wanted).given
    except InvalidInput:
        return reply.sender_address
