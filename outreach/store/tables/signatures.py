"""Signatures: who agreed to which letter version."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.signatures import SignatureKind
from outreach.domain.states import SignatureState
from outreach.store.tables.columns import one_of, personal


class Signature(SQLModel, table=True):
    """An organisation's or an individual's agreement to one letter version.

    ``name`` is what is printed; ``signer_name`` and ``signer_title`` say who signs for an organisation, or as what.
    ``signer_key`` keeps one signature for each signer: the organisation's id, or the person's address digest.
    """

    __table_args__ = (
        sa.UniqueConstraint("letter_id", "kind", "signer_key"),
        sa.Index("ix_signature_call_state", "call_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id")
    letter_version: int
    call_id: int = Field(foreign_key="call.id")
    kind: SignatureKind = one_of(SignatureKind)
    state: SignatureState = one_of(SignatureState, default=SignatureState.PENDING)
    name: str = personal()
    signer_key: str = personal()
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    signer_name: str = personal("")
    signer_title: str = personal("")
    country: str = ""
    submitted_at: datetime
    confirmed_at: datetime | None = None
    late_at: datetime | None = None
