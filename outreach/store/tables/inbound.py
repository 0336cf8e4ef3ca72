"""Mail as it arrived: its bytes, stored before anything is made of them, and where in the mailbox we stand."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.store.tables.columns import personal

UNPROCESSED = sa.text("processed_at IS NULL")
UNMOVED = sa.text("moved_at IS NULL")


class InboundMail(SQLModel, table=True):
    """One mail that arrived. ``sha256`` of its bytes is its identity: however often it is met, it is one.

    ``size`` is that of the whole mail; of one that is too large only the beginning is kept (``whole`` is false).
    ``attempts`` counts how often somebody set out to process it.
    """

    __tablename__ = "inbound_mail"
    __table_args__ = (
        sa.Index("ix_inbound_mail_unprocessed", "id", sqlite_where=UNPROCESSED, postgresql_where=UNPROCESSED),
    )
    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    size: int
    whole: bool = True
    arrived_at: datetime
    attempts: int = 0
    processed_at: datetime | None = None


class InboundPlace(SQLModel, table=True):
    """Where a mail lay when it was met; copies of one mail lie in several places, a moved one in a new place.

    ``moved_at``: when we moved it from there to the folder of processed mail.
    """

    __tablename__ = "inbound_place"
    __table_args__ = (
        sa.Index(
            "ix_inbound_place_unmoved", "folder", "inbound_id", sqlite_where=UNMOVED, postgresql_where=UNMOVED
        ),
    )
    folder: str = Field(primary_key=True)
    incarnation: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    inbound_id: int = Field(foreign_key="inbound_mail.id", index=True)
    moved_at: datetime | None = None


class InboundContent(SQLModel, table=True):
    """The bytes of a mail, apart from its row, so that lists do not read them."""

    __tablename__ = "inbound_content"
    inbound_id: int = Field(primary_key=True, foreign_key="inbound_mail.id")
    content: bytes = personal()


class MailboxCursor(SQLModel, table=True):
    """Up to which number a folder has been taken in, in which incarnation of the folder."""

    __tablename__ = "mailbox_cursor"
    folder: str = Field(primary_key=True)
    incarnation: str
    number: str
