"""Signatures: who agreed to which letter version, how that is printed, and what staff decided about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.signatures import Origin, SignatureKind, Visibility
from outreach.domain.states import SignatureState
from outreach.store.tables.columns import one_of, personal

UNCHECKED = sa.text("checked_at IS NULL")
"""Nobody of the staff has looked at it yet."""


class Signature(SQLModel, table=True):
    """An organisation's or an individual's agreement to one letter version.

    ``name`` is what is printed (``domain.entries.Entry`` says what the other fields of an entry are). A mailbox
    signs once in its own name and once for each organisation: ``signer_key``. Without a contact, as for an imported
    list, nobody is written to.

    ``revision`` grows with everything that will be printed; a link to confirm is bound to it, so that it confirms
    what its reader sees. ``wider`` is a visibility that would show more, and waits for the mailbox to confirm.
    ``mailbox_digest`` is one mailbox for the limits (``domain.addresses.flood_key``). ``evidence`` is what staff
    noted of how it came, ``reason`` why it was taken back or refused.
    """

    __table_args__ = (
        sa.UniqueConstraint("letter_id", "kind", "signer_key"),
        # Whole reads of a call's page: who has signed by whom, how many count, and since when.
        sa.Index("ix_signature_call_state", "call_id", "state"),
        sa.Index("ix_signature_call_contact", "call_id", "contact_id", "state"),
        sa.Index("ix_signature_call_organisation", "call_id", "organisation_id", "state", "contact_id", "invited"),
        sa.Index(
            "ix_signature_letter_state", "letter_id", "state", "letter_version", "confirmed_at", "submitted_at"
        ),
        sa.Index("ix_signature_unchecked", "call_id", "id", sqlite_where=UNCHECKED, postgresql_where=UNCHECKED),
        sa.Index("ix_signature_mailbox_digest", "mailbox_digest"),
    )
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id")
    letter_version: int
    call_id: int = Field(foreign_key="call.id")
    kind: SignatureKind = one_of(SignatureKind)
    state: SignatureState = one_of(SignatureState, default=SignatureState.PENDING)
    visibility: Visibility = one_of(Visibility, default=Visibility.PUBLIC)
    wider: Visibility | None = one_of(Visibility, default=None, nullable=True)
    name: str = personal()
    acronym: str = ""
    country: str = ""
    website: str = ""
    signer_name: str = personal("")
    signer_title: str = personal("")
    affiliation: str = personal("")
    signer_key: str = personal()
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    mailbox_digest: str = ""
    origin: Origin = one_of(Origin, default=Origin.FORM)
    invited: bool = False
    """Given by a personal link, so that the mailbox had a mail of ours before."""
    evidence: str = personal("")
    revision: int = 1
    merged_into_id: int | None = Field(default=None, foreign_key="signature.id")
    reason: str = personal("")
    checked_by: str = ""
    submitted_at: datetime
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    news_at: datetime | None = None
    """When its signer agreed to be written to about other letters."""
    confirmed_at: datetime | None = None
    late_at: datetime | None = None
    withdrawn_at: datetime | None = None
    rejected_at: datetime | None = None
    checked_at: datetime | None = None


class Distinction(SQLModel, table=True):
    """Two signatures that look alike, and of which staff said that they are two."""

    first_id: int = Field(foreign_key="signature.id", primary_key=True)
    second_id: int = Field(foreign_key="signature.id", primary_key=True)
    by: str
    at: datetime
