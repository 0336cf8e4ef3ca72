"""Letters with officials: to whom each is addressed, how it was delivered, what was answered, and its files."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.correspondence import AnswerKind, DeliveryKind, DraftAnswer
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.store.tables.columns import json_value, one_of, personal


class Addressee(SQLModel, table=True):
    """One official to whom a letter goes, and how far it has come there.

    ``frozen`` is the official as the letter says it (``domain.addressing.Addressed``), from the release to that
    official on; empty before. ``edition_id`` and ``document_id`` are the edition and the PDF that went to this
    official. ``reference`` is the number under which the office has it. ``due_on`` is the day by which the office
    should have done the next step; nothing is due when it is None.
    """

    __table_args__ = (
        sa.UniqueConstraint("letter_id", "post_id"),
        sa.Index("ix_addressee_due_on", "due_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id")
    post_id: int = Field(foreign_key="post.id", index=True)
    state: AddresseeState = one_of(AddresseeState, default=AddresseeState.TO_SEND)
    language: str = ""
    frozen: dict[str, Any] = json_value(dict, is_personal=True)
    edition_id: int | None = Field(default=None, foreign_key="edition.id", index=True)
    document_id: int | None = Field(default=None, foreign_key="document.id")
    reference: str = ""
    due_on: date | None = None
    added_by: str
    added_at: datetime
    released_at: datetime | None = None
    """When the official's name, title and State were frozen and the letter left for them."""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""


class Delivery(SQLModel, table=True):
    """One time that something was brought to an official, or set out to be: the letter, a copy, an enquiry.

    ``message_id`` is the mail, if it is one. ``on`` is the day of it as staff noted or the mail's; ``proof_id`` a
    document that proves it (a stamped copy, a fax report). ``failure`` says why it did not arrive.
    """

    id: int | None = Field(default=None, primary_key=True)
    addressee_id: int = Field(foreign_key="addressee.id", index=True)
    edition_id: int | None = Field(default=None, foreign_key="edition.id")
    kind: DeliveryKind = one_of(DeliveryKind, default=DeliveryKind.LETTER)
    way: Way = one_of(Way)
    copy_to: str = personal("")
    message_id: int | None = Field(default=None, foreign_key="message.id", unique=True)
    document_id: int | None = Field(default=None, foreign_key="document.id")
    proof_id: int | None = Field(default=None, foreign_key="document.id")
    note: str = personal("")
    by: str
    at: datetime
    on: date | None = None
    failed_at: datetime | None = None
    failure: str = personal("")


class Answer(SQLModel, table=True):
    """What an official's office wrote back: from the mailbox (``reply_id``), or logged by staff.

    ``addressee_id`` is the letter that it answers, None while nobody knows. ``dated`` is the day on the letter,
    ``received_on`` that on which it came. ``reference`` is the office's own. ``sender`` is who signed it.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: AnswerKind = one_of(AnswerKind, default=AnswerKind.ANSWER)
    post_id: int = Field(foreign_key="post.id", index=True)
    addressee_id: int | None = Field(default=None, foreign_key="addressee.id", index=True)
    reply_id: int | None = Field(default=None, foreign_key="reply.id", unique=True)
    way: Way = one_of(Way, default=Way.MAIL)
    dated: date
    received_on: date
    sender: str = personal("")
    subject: str = personal("")
    reference: str = ""
    summary: str = personal("")
    by: str
    at: datetime


class ResponseLetter(SQLModel, table=True):
    """A letter is the coalition's response to this answer."""

    __tablename__ = "response_letter"
    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)


class Document(SQLModel, table=True):
    """A file that belongs to the correspondence. ``sha256`` is of its content, ``name`` a plain file name."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    media_type: str
    size: int
    sha256: str = Field(index=True)
    by: str
    at: datetime


class DocumentContent(SQLModel, table=True):
    """The bytes of a document, apart from its row, so that lists do not read them."""

    __tablename__ = "document_content"
    document_id: int = Field(primary_key=True, foreign_key="document.id")
    content: bytes = personal()


class AnswerDocument(SQLModel, table=True):
    """A file that came with an answer: the scan of a letter, an attachment of a mail."""

    __tablename__ = "answer_document"
    answer_id: int = Field(primary_key=True, foreign_key="answer.id")
    document_id: int = Field(primary_key=True, foreign_key="document.id")


class LetterDocument(SQLModel, table=True):
    """A further attachment of a letter, in the order in which they go with it."""

    __tablename__ = "letter_document"
    letter_id: int = Field(primary_key=True, foreign_key="letter.id")
    document_id: int = Field(primary_key=True, foreign_key="document.id")
    position: int = 0


class MessageDocument(SQLModel, table=True):
    """A document that a message carries, in their order."""

    __tablename__ = "message_document"
    message_id: int = Field(primary_key=True, foreign_key="message.id")
    position: int = Field(primary_key=True)
    document_id: int = Field(foreign_key="document.id")


class RoundMember(SQLModel, table=True):
    """An organisation that an approval round asks, by which contact, and for which earlier signature.

    Without a contact nobody can be written to: staff name one, or note the answer by hand.
    """

    __tablename__ = "round_member"
    call_id: int = Field(primary_key=True, foreign_key="call.id")
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    signature_id: int | None = Field(default=None, foreign_key="signature.id")


class RoundAnswer(SQLModel, table=True):
    """What an organisation said of a draft, once for each time that it said something; the newest holds.

    ``letter_version`` is the draft that it saw. ``signature_id`` is the signature that an approval is.
    """

    __tablename__ = "round_answer"
    __table_args__ = (sa.Index("ix_round_answer_call_organisation", "call_id", "organisation_id"),)
    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    letter_version: int
    answer: DraftAnswer = one_of(DraftAnswer)
    comment: str = personal("")
    signature_id: int | None = Field(default=None, foreign_key="signature.id")
    by: str
    at: datetime
