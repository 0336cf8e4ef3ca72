"""An official's mail goes on record as the answer it is, with its source and the files that came with it."""

from datetime import date, datetime
from textwrap import shorten

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.answers import LONGEST_LINE, LONGEST_REFERENCE
from outreach.domain.correspondence import AnswerKind
from outreach.domain.names import clean_line
from outreach.domain.officials import Way
from outreach.reading.enclosures import enclosures
from outreach.reading.mail import ReceivedMail, read_mail
from outreach.reading.offices import reference_in
from outreach.store.addressees import day_of
from outreach.store.documents import LARGEST, keep_document
from outreach.store.inbound import content_of
from outreach.store.tables import Addressee, Answer, Document, Letter, Post, Reply
from outreach.usecases.correct_answer import Corrections, correct_answer
from outreach.usecases.log_answer import log_answer
from outreach.usecases.withdraw_answer import withdraw_answer

BY = "mailbox"
LONGEST_SUMMARY = 300
MAIL_TYPE = "message/rfc822"


def answer_from_mail(
    session: Session, reply: Reply, *, addressee: Addressee | None, now: datetime, by: str, house: House
) -> Answer:
    """The answer on record; one that is there already is brought up to the reply's kind, and to its letter.

    ``addressee``: the letter that it answers; None if nobody knows, or if it is known already. The reply must be a
    mail of an office, of a kind that offices write.
    """
    kind = AnswerKind(reply.kind.value)
    known = session.exec(select(Answer).where(Answer.reply_id == reply.id)).first()
    if known is not None:
        moved = addressee if addressee is not None and addressee.id != known.addressee_id else None
        if known.kind is kind and moved is None:
            return known
        return correct_answer(session, known, Corrections(addressee=moved, kind=kind), now=now, by=by, house=house)
    raw = content_of(session, reply.inbound_id or 0)
    mail = read_mail(raw)
    post = session.get_one(Post, reply.post_id)
    received = day_of(reply.at, house)
    return log_answer(
        session,
        post,
        addressee=addressee,
        kind=kind,
        way=Way.MAIL,
        dated=_dated(mail, addressee, reply.at, house),
        received_on=received,
        sender=clean_line(reply.sender_name or reply.sender_address),
        subject=clean_line(reply.subject, LONGEST_LINE),
        reference=clean_line(reference_in(mail, _ours(session, addressee, post)), LONGEST_REFERENCE),
        summary=shorten(reply.new_text, LONGEST_SUMMARY, placeholder=" …"),
        documents=_documents(session, reply, raw, mail, now=now, by=by),
        reply=reply,
        now=now,
        by=by,
        house=house,
    )


def take_back_answer(session: Session, reply: Reply, *, now: datetime, by: str, house: House) -> None:
    """What was put on record because of the reply is no more. Raises Refusal while a letter responds to it."""
    known = session.exec(select(Answer).where(Answer.reply_id == reply.id)).first()
    if known is not None:
        withdraw_answer(session, known, now=now, by=by, house=house)


def _dated(mail: ReceivedMail, addressee: Addressee | None, came: datetime, house: House) -> date:
    """The day that the mail says, if it can be: not after it came, and not before the letter left."""
    received, said = day_of(came, house), day_of(min(mail.date or came, came), house)
    released = addressee.released_at if addressee else None
    earliest = day_of(released, house) if released else date(1990, 1, 1)
    return said if earliest <= said else received


def _ours(session: Session, addressee: Addressee | None, post: Post) -> list[str]:
    """Our own number of the letter, which an office may quote."""
    letter = session.get(Letter, addressee.letter_id) if addressee else None
    return [f"{letter.slug}/{post.slug}", letter.slug] if letter else []


def _documents(
    session: Session, reply: Reply, raw: bytes, mail: ReceivedMail, *, now: datetime, by: str
) -> list[Document]:
    """The mail's source and its files, under names of our own making; what is too large stays in the mailbox."""
    source = [(f"mail-{reply.id}.eml", MAIL_TYPE, raw)]
    files = [(one.name, one.media_type, one.content) for one in enclosures(mail.message)]
    return [
        keep_document(session, name, kind, content, now=now, by=by)
        for name, kind, content in (*source, *files)
        if 0 < len(content) <= LARGEST
    ]
