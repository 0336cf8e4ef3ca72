"""Letters, calls, the texts they own, and their mailings."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.correspondence import LetterKind, RoundKind
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MailingState
from outreach.store.tables.columns import json_value, one_of


class Letter(SQLModel, table=True):
    """What is signed. ``version`` is the number of its newest version.

    ``substance`` is the version that last changed what the letter says: who agreed to an older one is asked again,
    who agreed to it or to a later one has agreed.

    ``follows_id`` is the earlier letter on the same matter. ``press_contacts`` are lines as they are printed.
    ``authorised_version`` is the version to whose delivery a second person has consented; 0: none.
    """

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    version: int = 1
    substance: int = 1
    kind: LetterKind = one_of(LetterKind, default=LetterKind.OPEN)
    follows_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    press_contacts: list[str] = json_value(list)
    authorised_version: int = 0
    authorised_by: str = ""
    authorised_at: datetime | None = None
    created_at: datetime


class LetterText(SQLModel, table=True):
    """One version of a letter in one language; a version that was launched never changes (``digest``)."""

    __tablename__ = "letter_text"
    __table_args__ = (sa.UniqueConstraint("letter_id", "version", "language"),)
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id")
    version: int
    language: str
    title: str
    addressee: str
    asks: list[str] = json_value(list)
    body: str
    digest: str


class Call(SQLModel, table=True):
    """One round in which agreements to one letter are collected: a public call, or an approval round.

    ``deadline`` and ``release`` are wall-clock times with their zone, as they were given; ``deadline_at`` and
    ``release_at`` the instants they mean (UTC). ``rehearsal`` is set at launch, for ever.
    """

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    letter_id: int = Field(foreign_key="letter.id", index=True)
    letter_version: int = 1
    round: RoundKind = one_of(RoundKind, default=RoundKind.PUBLIC)
    state: CallState = one_of(CallState, default=CallState.DRAFT)
    rehearsal: bool = False
    default_language: str
    organisers: list[str] = json_value(list)
    background: list[dict[str, str]] = json_value(list)
    deadline: str
    deadline_at: datetime
    deadline_revision: int = 1
    release: str = ""
    release_at: datetime | None = None
    reminders: list[str] = json_value(list)
    last_call: str = ""
    thank_you: bool = True
    audience: dict[str, Any] = json_value(dict)
    listing: dict[str, Any] = json_value(dict)
    created_at: datetime
    launched_at: datetime | None = None
    paused_at: datetime | None = None
    closed_at: datetime | None = None
    released_at: datetime | None = None
    cancelled_at: datetime | None = None


class CallExclusion(SQLModel, table=True):
    """An address that a call leaves out, because a file said so (already invited from elsewhere)."""

    __tablename__ = "call_exclusion"
    call_id: int = Field(foreign_key="call.id", primary_key=True)
    address_digest: str = Field(primary_key=True)


class CallText(SQLModel, table=True):
    """One mail template of a call in one language. ``current`` is false once an edit has replaced it.

    Without a call it is the workspace's own, for mails that belong to no call.
    """

    __tablename__ = "call_text"
    __table_args__ = (sa.Index("ix_call_text_current", "call_id", "kind", "language", "current"),)
    id: int | None = Field(default=None, primary_key=True)
    call_id: int | None = Field(default=None, foreign_key="call.id")
    kind: MessageKind = one_of(MessageKind)
    language: str
    source: str
    digest: str
    current: bool = True
    created_at: datetime


class Mailing(SQLModel, table=True):
    """One templated message to a set of people.

    ``occurrence`` tells a call's mailings of one kind apart ("7d", or "" where there is one only).
    ``earliest_at`` is when its first message may be due; ``shared`` are the values that all its messages
    share, frozen when it was queued.
    """

    __table_args__ = (sa.UniqueConstraint("call_id", "kind", "occurrence", "deadline_revision"),)
    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    kind: MessageKind = one_of(MessageKind)
    occurrence: str = ""
    deadline_revision: int = 1
    state: MailingState = one_of(MailingState, default=MailingState.PLANNED)
    earliest_at: datetime
    not_after: datetime | None = None
    corrects_id: int | None = Field(default=None, foreign_key="mailing.id")
    shared: dict[str, Any] = json_value(dict)
    reason: str = ""
    created_at: datetime
    queued_at: datetime | None = None
