"""A file goes with every copy of a letter that is delivered."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from outreach.domain.errors import Refusal
from outreach.store.documents import keep_document
from outreach.store.events import record
from outreach.store.tables import Addressee, Document, Letter, LetterDocument
from outreach.usecases.authorise_letter import lapse_consent


def attach_document(
    session: Session, letter: Letter, name: str, media_type: str, content: bytes, *, now: datetime, by: str
) -> Document:
    """The attachment, the last of the letter's. What was delivered before stays as it was.

    Raises Refusal for a file that goes with it already, or when every official has the letter; InvalidInput for one
    that is empty or too large.
    """
    attached = session.exec(
        select(Document)
        .join(LetterDocument, col(LetterDocument.document_id) == col(Document.id))
        .where(LetterDocument.letter_id == letter.id)
    ).all()
    document = keep_document(session, name, media_type, content, now=now, by=by)
    if any(one.sha256 == document.sha256 for one in attached):
        raise Refusal(f"{document.name} goes with {letter.slug} already.")
    if any(one.name == document.name for one in attached):
        raise Refusal(f"Another file named {document.name} goes with {letter.slug}; give this one another name.")
    waiting = select(func.count()).select_from(Addressee).where(Addressee.letter_id == letter.id)
    released = session.exec(waiting.where(col(Addressee.released_at).is_not(None))).one()
    if released and released == session.exec(waiting).one():
        raise Refusal(f"The letter {letter.slug} has been released to all its officials; nothing can go with it.")
    last = session.exec(
        select(func.max(LetterDocument.position)).where(LetterDocument.letter_id == letter.id)
    ).one()
    link = LetterDocument(letter_id=letter.id or 0, document_id=document.id or 0, position=(last or 0) + 1)
    session.add(link)
    lapse_consent(session, letter)
    session.flush()
    record(
        session,
        at=now,
        by=by,
        verb="attach_document",
        subject="letter",
        subject_id=letter.id,
        document=document.sha256,
        size=document.size,
    )
    return document
