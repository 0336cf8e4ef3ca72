"""A file does not go with a letter after all."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.store.events import record
from outreach.store.tables import Document, Letter, LetterDocument
from outreach.usecases.authorise_letter import lapse_consent


def detach_document(session: Session, letter: Letter, name: str, *, now: datetime, by: str) -> Document:
    """The file of that name goes with no further copy; what was delivered keeps it, and so does the record.

    Raises Refusal for one that does not go with the letter.
    """
    attached = session.exec(
        select(LetterDocument, Document)
        .join(Document, col(Document.id) == col(LetterDocument.document_id))
        .where(LetterDocument.letter_id == letter.id)
        .order_by(col(LetterDocument.position))
    ).all()
    found = next(((link, document) for link, document in attached if document.name == name), None)
    if found is None:
        names = ", ".join(document.name for _, document in attached) or "none"
        raise Refusal(f"No file {name} goes with {letter.slug}; there are: {names}.")
    link, document = found
    session.delete(link)
    lapse_consent(session, letter)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="detach_document",
        subject="letter",
        subject_id=letter.id,
        document=document.sha256,
    )
    return document
