"""An answer that was logged by mistake leaves the record; the log says that it stood there."""

from datetime import datetime

from sqlmodel import Session, delete, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.states import REPLY_MOVES, ReplyState, move
from outreach.store.answers import documents_of, forget_document, lock, take_stock
from outreach.store.events import record
from outreach.store.tables import Addressee, Answer, AnswerDocument, Letter, Reply, ResponseLetter


def withdraw_answer(session: Session, answer: Answer, *, now: datetime, by: str, house: House) -> None:
    """The answer and its files are gone; its letter stands as if it had never come.

    The mail that it was made of stays, and waits for a person again. Raises Refusal while a letter responds to it.
    """
    _must_stand_alone(session, answer)
    number, facts = answer.id, {"post": answer.post_id, "addressee": answer.addressee_id, "kind": answer.kind.value}
    letter = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    if letter is not None:
        lock(session, letter)
    documents = documents_of(session, answer)
    _ask_about_the_mail(session, answer)
    session.exec(delete(AnswerDocument).where(AnswerDocument.answer_id == number))  # type: ignore[arg-type]
    session.delete(answer)
    session.flush()
    digests = [document.sha256 for document in documents]
    for document in documents:
        forget_document(session, document)
    if letter is not None:
        take_stock(session, letter, house=house, forgotten=answer.reference)
    record(
        session,
        at=now,
        by=by,
        verb="withdraw_answer",
        subject="answer",
        subject_id=number,
        documents=digests,
        **facts,
    )


def _must_stand_alone(session: Session, answer: Answer) -> None:
    responses = session.exec(
        select(Letter.slug).join(ResponseLetter).where(ResponseLetter.answer_id == answer.id).order_by(Letter.slug)
    ).all()
    if responses:
        raise Refusal(
            f"The letter {responses[0]} responds to answer {answer.id}; correct the answer instead "
            "('outreach correspondence correct')."
        )


def _ask_about_the_mail(session: Session, answer: Answer) -> None:
    reply = session.get(Reply, answer.reply_id) if answer.reply_id else None
    if reply is not None and reply.state is ReplyState.DONE:
        reply.state = move(reply.state, ReplyState.WAITING, REPLY_MOVES)
        session.add(reply)
