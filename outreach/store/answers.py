"""Officials' answers in the database: finding them, and how far a letter has come by what is on record of it."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, delete, select

from outreach.config.house import House
from outreach.domain.answers import Steps, reached
from outreach.domain.correspondence import AnswerKind, DeliveryKind
from outreach.domain.errors import Refusal
from outreach.store.addressees import advance, day_of
from outreach.store.tables import Addressee, Answer, AnswerDocument, Delivery, Document, DocumentContent, Post

NOON = time(12)
_DOCUMENT_ID = SQLModel.metadata.tables["document"].c.id


def find_answer(session: Session, number: int) -> Answer:
    """The answer of that number. Raises Refusal when there is none."""
    answer = session.get(Answer, number)
    if answer is None:
        raise Refusal(f"There is no answer {number}; 'outreach correspondence thread' shows their numbers.")
    return answer


def answers_to(session: Session, addressee: Addressee) -> list[Answer]:
    """What the office wrote back to this letter, the first to come first."""
    statement = select(Answer).where(Answer.addressee_id == addressee.id)
    return list(session.exec(statement.order_by(col(Answer.received_on), col(Answer.id))))


def documents_of(session: Session, answer: Answer) -> list[Document]:
    """The files that came with an answer."""
    statement = select(Document).join(AnswerDocument, col(AnswerDocument.document_id) == col(Document.id))
    return list(session.exec(statement.where(AnswerDocument.answer_id == answer.id).order_by(col(Document.id))))


def must_be_of(post: Post, addressee: Addressee) -> None:
    """Raises Refusal for a letter that went to another office."""
    if addressee.post_id != post.id:
        raise Refusal(f"That letter was not for {post.slug}: an office answers what was addressed to it.")


def lock(session: Session, addressee: Addressee) -> None:
    """Nobody else changes what is on record of this letter until the transaction ends."""
    session.flush()
    session.refresh(addressee, with_for_update=True)


def take_stock(session: Session, addressee: Addressee, *, house: House, forgotten: str = "") -> None:
    """Set how far the letter has come, its clock and its reference by the deliveries and answers on record.

    A letter that a person has closed stays closed. ``forgotten`` is the reference of an answer that is this
    letter's no more.
    """
    answers = answers_to(session, addressee)
    references = [answer.reference for answer in answers if answer.reference]
    if references:
        addressee.reference = references[-1]
    elif forgotten and addressee.reference == forgotten:
        addressee.reference = ""
    session.add(addressee)
    if addressee.closed_at is None:
        _move(session, addressee, _steps(session, addressee, answers, house), house)
    session.flush()


def _move(session: Session, addressee: Addressee, steps: Steps, house: House) -> None:
    state, since = reached(steps)
    addressee.acknowledged_at = min(steps.acknowledged, default=None)
    addressee.answered_at = min(steps.answered, default=None)
    advance(session, addressee, state, at=since or addressee.added_at, house=house)


def _steps(session: Session, addressee: Addressee, answers: list[Answer], house: House) -> Steps:
    enquiries = session.exec(
        select(Delivery.at).where(
            Delivery.addressee_id == addressee.id,
            Delivery.kind == DeliveryKind.ENQUIRY,
            col(Delivery.failed_at).is_(None),
        )
    )
    came = [(answer.kind, _came_at(answer, house)) for answer in answers]
    return Steps(
        sent_at=addressee.sent_at,
        delivered_at=addressee.delivered_at,
        acknowledged=[at for kind, at in came if kind is AnswerKind.ACKNOWLEDGEMENT],
        answered=[at for kind, at in came if kind is AnswerKind.ANSWER],
        asked=list(enquiries),
    )


def _came_at(answer: Answer, house: House) -> datetime:
    """The moment for the day on which it came: when it was logged, if that was the same day, otherwise noon."""
    if day_of(answer.at, house) == answer.received_on:
        return answer.at
    zone = ZoneInfo(house.time_zone)
    return datetime.combine(answer.received_on, NOON, zone).astimezone(ZoneInfo("UTC"))


def forget_document(session: Session, document: Document) -> None:
    """Delete a file, unless something else on record holds it."""
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if table.name != DocumentContent.__tablename__ and column.references(_DOCUMENT_ID):
                held = sa.select(sa.literal(1)).where(column == document.id).limit(1)
                if session.execute(held).first():
                    return
    session.exec(delete(DocumentContent).where(col(DocumentContent.document_id) == document.id))
    session.delete(document)
    session.flush()
