"""Replies: what came back, what it was taken for, whom it concerns, and what was done because of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.bounces import BounceReason
from outreach.domain.replies import Channel, MatchedBy, ReplyKind
from outreach.domain.states import ReplyState
from outreach.store.tables.columns import json_value, one_of, personal

ANSWERING = sa.text("kind IN ('signs', 'signs-if-changed', 'declines')")
"""What answers a call (``ends`` in domain.replies), spelt out: a partial index is chosen by its text."""


class Reply(SQLModel, table=True):
    """Anything that comes back: a mail, a telephone call, a letter by post, a word in a meeting.

    ``kind`` is what it is taken for now, ``first_kind`` what the machine (or who logged it) said, by which
    ``rule`` and how surely. ``message_id`` is the mail of ours that it answers, ``contact_id`` whom that mail was
    for, or who wrote it. ``post_id`` is the official's post that it comes from; then it is no contact's, and of no
    call. ``authenticated``: our own server found the sender's domain authentic (DMARC, RFC 7489).
    ``note`` is a sentence for the person who looks at it. ``until`` is the last day of an absence.
    """

    __table_args__ = (
        sa.Index("ix_reply_state", "state", "id"),
        sa.Index("ix_reply_state_call", "state", "call_id", "kind"),
        # By its own words only: whether one person has answered is looked up by that person.
        sa.Index(
            "ix_reply_call_answers",
            "call_id",
            "kind",
            "matched_by",
            "contact_id",
            "organisation_id",
            sqlite_where=ANSWERING,
            postgresql_where=ANSWERING,
        ),
        sa.Index("ix_reply_call_contact", "call_id", "contact_id"),
        sa.Index("ix_reply_call_organisation", "call_id", "organisation_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    inbound_id: int | None = Field(default=None, foreign_key="inbound_mail.id", unique=True)
    channel: Channel = one_of(Channel, default=Channel.MAIL)
    at: datetime
    kind: ReplyKind = one_of(ReplyKind)
    first_kind: ReplyKind = one_of(ReplyKind)
    rule: str = ""
    confidence: float = 1.0
    state: ReplyState = one_of(ReplyState, default=ReplyState.WAITING)
    matched_by: MatchedBy = one_of(MatchedBy, default=MatchedBy.NOTHING)
    call_id: int | None = Field(default=None, foreign_key="call.id")
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    authenticated: bool = False
    sender_name: str = personal("")
    sender_address: str = personal("")
    sender_digest: str = Field(default="", index=True)
    subject: str = personal("")
    mail_id: str = ""
    new_text: str = personal("")
    language: str = ""
    until: date | None = Field(default=None, index=True)
    signer: dict[str, Any] = json_value(dict, is_personal=True)
    failure: dict[str, Any] = json_value(dict, is_personal=True)
    note: str = ""
    handled_by: str = ""
    handled_at: datetime | None = None


class ReplyGuess(SQLModel, table=True):
    """A guess at what an unplaced reply may answer; ``rank`` 1 is the likeliest."""

    __tablename__ = "reply_guess"
    reply_id: int = Field(primary_key=True, foreign_key="reply.id")
    rank: int = Field(primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    why: str


class EffectKind(StrEnum):
    """What was done because of a reply, and can be undone."""

    SUPPRESSED = "suppressed"
    PROPOSED = "proposed"


class ReplyEffect(SQLModel, table=True):
    """One thing that was done because of a reply: an address suppressed, a signature proposed."""

    __tablename__ = "reply_effect"
    id: int | None = Field(default=None, primary_key=True)
    reply_id: int = Field(foreign_key="reply.id", index=True)
    effect: EffectKind = one_of(EffectKind)
    address_digest: str = ""
    scope: int = 0
    reason: str = ""
    signature_id: int | None = Field(default=None, foreign_key="signature.id")
    at: datetime
    undone_at: datetime | None = None


class Bounce(SQLModel, table=True):
    """A message came back after it had been accepted: a dated fact beside the message's state.

    One for each message, however often its report arrives; a later report that is worse takes its place.
    ``call_id`` and ``contact_id`` are the message's, so that who was not reached is counted without its rows.
    """

    __table_args__ = (sa.Index("ix_bounce_call_contact", "call_id", "contact_id", "reason"),)
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", unique=True)
    reply_id: int = Field(foreign_key="reply.id", index=True)
    call_id: int | None = None
    contact_id: int | None = None
    address_digest: str = Field(index=True)
    at: datetime
    status: str = ""
    reason: BounceReason = one_of(BounceReason)
    diagnostic: str = personal("")
