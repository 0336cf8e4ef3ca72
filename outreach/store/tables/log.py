"""The log of events, the account's breaker, and what the workspace knows of itself."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.store.tables.columns import json_value


class Event(SQLModel, table=True):
    """Who did what, when, to which thing. ``facts`` hold ids, counts and digests, never a person's data.

    ``number`` is its place in the chain, from 1 without gaps, and ``digest`` covers it and the line before it; both
    are set when its transaction is committed (``store.sealing``). ``details`` are the digests of its details, in
    their order. ``call_id``, or ``letter_id`` for what concerns a letter whatever its call, is on whose page it
    stands; the chain does not cover these two, which follow from the subject.
    """

    __table_args__ = (
        sa.Index("ix_event_number", "number", unique=True),
        sa.Index("ix_event_subject", "subject", "subject_id", "number"),
        sa.Index("ix_event_by_number", "by", "number"),
        sa.Index("ix_event_verb_number", "verb", "number"),
        sa.Index("ix_event_call_id_number", "call_id", "number"),
        sa.Index("ix_event_letter_id_number", "letter_id", "number"),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    by: str
    verb: str
    subject: str
    subject_id: int
    facts: dict[str, Any] = json_value(dict)
    number: int | None = None
    digest: str = ""
    details: list[str] = json_value(list)
    call_id: int | None = None
    letter_id: int | None = None


class EventDetail(SQLModel, table=True):
    """What an event changed of one thing: ``changes`` is each column with its value before and after.

    ``thing`` is a table, ``row_id`` the thing's number there. The chain covers a salted digest of it only: when the
    row is erased, the chain stays whole, and nobody can test a guess.
    """

    __tablename__ = "event_detail"
    __table_args__ = (sa.Index("ix_event_detail_thing", "thing", "row_id"),)
    event_id: int = Field(primary_key=True, foreign_key="event.id")
    position: int = Field(primary_key=True)
    thing: str
    row_id: int
    salt: str
    changes: dict[str, Any] = json_value(dict, is_personal=True)


class Account(SQLModel, table=True):
    """The sending account's breaker: while ``rests_until`` lies ahead, nothing is submitted.

    ``needs_person``: a promise about TLS or the log-in failed, so it does not open by itself.
    """

    name: str = Field(primary_key=True)
    rests_until: datetime | None = None
    needs_person: bool = False
    reason: str = ""
    since: datetime | None = None


class WorkspaceFact(SQLModel, table=True):
    """What the workspace knows of itself: its salt, its key for links, the newest line of its log."""

    __tablename__ = "workspace_fact"
    name: str = Field(primary_key=True)
    value: str
