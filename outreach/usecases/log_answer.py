"""What an official's office wrote back goes on record, and the clock of the letter that it answers stops."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.answers import (
    LONGEST_LINE,
    LONGEST_REFERENCE,
    LONGEST_SUMMARY,
    REFERENCE,
    SENDER,
    SUBJECT,
    check_days,
    whole_line,
    whole_note,
)
from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.store.addressees import day_of
from outreach.store.answers import lock, must_be_of, take_stock
from outreach.store.events import record
from outreach.store.tables import Addressee, Answer, AnswerDocument, Document, Post, Reply


def log_answer(
    session: Session,
    post: Post,
    *,
    addressee: Addressee | None,
    kind: AnswerKind,
    way: Way,
    dated: date,
    received_on: date,
    sender: str,
    subject: str = "",
    reference: str = "",
    summary: str = "",
    documents: Sequence[Document] = (),
    reply: Reply | None = None,
    now: datetime,
    by: str,
    house: House,
) -> Answer:
    """The answer on record with its documents; the letter that it answers stands as acknowledged or answered.

    ``addressee`` None: nobody knows yet what it answers. A letter that a person has closed stays closed. Days are
    those of the workspace's clocks. Raises InvalidInput for days that cannot be, and for an answer of which there
    is neither a document, nor a mail, nor a word of what it says, or more words than are kept,
    for none is cut; Refusal for a letter to another office, and for a mail that is on record already.
    """
    check_days(dated, received_on, day_of(now, house))
    said = whole_note(summary, LONGEST_SUMMARY)
    if not (said or documents or reply):
        raise InvalidInput("Say in a summary what the answer says, or add the scan: there is no other evidence.")
    _must_be_new(session, reply)
    if addressee is not None:
        must_be_of(post, addressee)
        lock(session, addressee)
    answer = Answer(
        kind=kind,
        post_id=post.id or 0,
        addressee_id=addressee.id if addressee else None,
        reply_id=reply.id if reply else None,
        way=way,
        dated=dated,
        received_on=received_on,
        sender=whole_line(sender, what=SENDER),
        subject=whole_line(subject, LONGEST_LINE, what=SUBJECT),
        reference=whole_line(reference, LONGEST_REFERENCE, what=REFERENCE),
        summary=said,
        by=by,
        at=now,
    )
    session.add(answer)
    session.flush()
    kept = {document.id: document for document in documents}
    session.add_all(AnswerDocument(answer_id=answer.id or 0, document_id=number or 0) for number in kept)
    session.flush()
    if addressee is not None:
        take_stock(session, addressee, house=house)
    record(
        session,
        at=now,
        by=by,
        verb="log_answer",
        subject="answer",
        subject_id=answer.id,
        post=post.id,
        addressee=answer.addressee_id,
        kind=kind.value,
        way=way.value,
        documents=[document.sha256 for document in kept.values()],
    )
    return answer


def _must_be_new(session: Session, reply: Reply | None) -> None:
    if reply is None:
        return
    there = session.exec(select(Answer.id).where(Answer.reply_id == reply.id)).first()
    if there is not None:
        raise Refusal(f"Reply {reply.id} is on record already, as answer {there}.")
