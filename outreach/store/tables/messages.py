"""The outbox: one row for each mail to each address."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.tables.columns import json_value, one_of, personal

READY = sa.text("state IN ('queued', 'deferred')")
"""The states from which a message may be claimed: spelt out, because a partial index is chosen by its text."""

UNDER_WAY = sa.text("state = 'sending'")
"""The state in which somebody submits a message at this moment; spelt out for the same reason."""

INVITATIONS = sa.text("message.kind = 'invitation' AND NOT message.test")
"""The mails that invite, tests left out; spelt out for the same reason."""

TESTS = sa.text("test")
"""Mails that try a text out: few, and in no count."""


class Message(SQLModel, table=True):
    """One mail to one address, committed before anything leaves and settled with what the server said.

    A mailing reaches a person once (``mailing_id``, ``address_digest``); a message of no mailing is kept single
    by ``occurrence``. ``due_at`` is when it may next be claimed, ``not_after`` when it has become senseless.
    ``values`` are the recipient's own words for the template. ``reason`` is a word that is counted,
    ``detail`` a sentence that is shown.
    """

    __table_args__ = (
        sa.UniqueConstraint("mailing_id", "address_digest"),
        # What may be claimed, in the order of claiming: small however many mails are behind us.
        sa.Index("ix_message_ready", "priority", "due_at", "id", sqlite_where=READY, postgresql_where=READY),
        # Who is submitting: of few mails at a time.
        sa.Index("ix_message_under_way", "claimed_by", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
        # Of each cell that the database counts, the newest first.
        sa.Index("ix_message_cell", "call_id", "kind", "state", "id"),
        sa.Index("ix_message_test", "id", sqlite_where=TESTS, postgresql_where=TESTS),
        sa.Index("ix_message_address_digest", "address_digest"),
        sa.Index("ix_message_settled", "settled_at"),
        sa.Index("ix_message_signature_id", "signature_id"),
        sa.Index("ix_message_kind_queued_at", "kind", "queued_at"),
        # Who was invited to a call, and whether the invitation got there, without looking at the mails themselves.
        sa.Index(
            "ix_message_invited",
            "call_id",
            "contact_id",
            "state",
            sqlite_where=sa.text("kind = 'invitation' AND NOT test"),
            postgresql_where=sa.text("kind = 'invitation' AND NOT test"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: MessageKind = one_of(MessageKind)
    bulk: bool
    test: bool = False
    rehearsal: bool = False
    priority: int
    call_id: int | None = Field(default=None, foreign_key="call.id")
    mailing_id: int | None = Field(default=None, foreign_key="mailing.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    signature_id: int | None = Field(default=None, foreign_key="signature.id")
    occurrence: str | None = Field(default=None, unique=True)
    address: str = personal()
    address_digest: str
    domain: str
    language: str
    time_zone: str = ""
    text_id: int = Field(foreign_key="call_text.id")
    values: dict[str, Any] = json_value(dict, is_personal=True)
    state: MessageState = one_of(MessageState, default=MessageState.QUEUED)
    reason: str = ""
    detail: str = personal("")
    due_at: datetime
    not_after: datetime | None = None
    attempts: int = 0
    copies: int = 0
    """How many times the final dot was written: never more than two."""
    queued_at: datetime
    claimed_at: datetime | None = None
    claimed_by: str = ""
    settled_at: datetime | None = None
    sent_at: datetime | None = None


class MessageTally(SQLModel, table=True):
    """How many messages of a mailing are in a state, those of test mails left out: the sum over ``slot``.

    The database itself counts, by triggers on the table of messages, in the very statement that makes a message or
    moves it: no verb can forget to, and no count can differ from its rows. ``slot`` is the server's process on
    PostgreSQL, so that nobody waits for anybody else's count. ``call_id`` and ``mailing_id`` are 0 for none.
    """

    __tablename__ = "message_tally"
    call_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    mailing_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: MessageKind = one_of(MessageKind, primary_key=True)
    state: MessageState = one_of(MessageState, primary_key=True)
    slot: int = Field(default=0, primary_key=True, sa_column_kwargs={"autoincrement": False})
    messages: int = 0


class AnswerTick(SQLModel, table=True):
    """Grows with every statement that changes who has answered, or for whom somebody speaks: the sum over ``slot``.

    The database counts by triggers, as for MessageTally. What was computed from signatures, replies, bounces,
    suppressions and affiliations is still true while the sum is the same.
    """

    __tablename__ = "answer_tick"
    slot: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    times: int = 0


class Attempt(SQLModel, table=True):
    """One attempt at a message and what came of it: the history behind the message's state."""

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    at: datetime
    state: MessageState = one_of(MessageState)
    reason: str
    detail: str = personal("")
