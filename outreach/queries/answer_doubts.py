"""What looks wrong about an answer that is being logged, for a person to confirm."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import AnswerKind
from outreach.store.addressees import day_of
from outreach.store.answers import documents_of
from outreach.store.tables import Addressee, Answer, AnswerDocument, Document, Letter


def answer_doubts(session: Session, answer: Answer, house: House) -> list[str]:
    """Sentences on what a person should look at again; empty when nothing is odd."""
    addressee = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    about_the_letter = _about_the_letter(session, answer, addressee, house) if addressee else ()
    return [*about_the_letter, *_logged_before(session, answer)]


def _about_the_letter(session: Session, answer: Answer, addressee: Addressee, house: House) -> Iterator[str]:
    slug = session.get_one(Letter, addressee.letter_id).slug
    released = day_of(addressee.released_at, house) if addressee.released_at else None
    if released is None:
        yield f"{slug} was never released to that office, so it can hardly be answered."
    elif answer.dated < released:
        yield f"It is dated {answer.dated}, and {slug} was released to that office on {released}."
    if addressee.closed_at is not None:
        yield f"{slug} is closed with that office ({addressee.reason}), and stays so until somebody opens it again."
    if answer.kind is AnswerKind.ACKNOWLEDGEMENT and addressee.answered_at is not None:
        yield f"That office has answered {slug} already, on {day_of(addressee.answered_at, house)}."


def _logged_before(session: Session, answer: Answer) -> Iterator[str]:
    others = select(Answer.id).where(Answer.post_id == answer.post_id, Answer.id != answer.id)
    digests = [document.sha256 for document in documents_of(session, answer)]
    same_file = (
        select(AnswerDocument.answer_id)
        .join(Document, col(Document.id) == col(AnswerDocument.document_id))
        .where(col(Document.sha256).in_(digests), AnswerDocument.answer_id != answer.id)
    )
    if number := session.exec(same_file.order_by(col(AnswerDocument.answer_id))).first():
        yield f"Answer {number} has the same file: was it logged before?"
    elif number := session.exec(
        others.where(Answer.dated == answer.dated, Answer.kind == answer.kind).order_by(col(Answer.id))
    ).first():
        yield f"Answer {number} of that office has the same date: was it logged before?"
