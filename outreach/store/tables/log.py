"""The log of events, the account's breaker, and what the workspace knows of itself."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.store.tables.columns import json_value


class Event(SQLModel, table=True):
    """Who did what, when, to which thing. ``facts`` hold ids, counts and digests, never a person's data."""

    __table_args__ = (sa.Index("ix_event_subject", "subject", "subject_id"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    by: str
    verb: str
    subject: str
    subject_id: int
    facts: dict[str, Any] = json_value(dict)


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
    """What the workspace knows of itself: its salt, its key for links."""

    __tablename__ = "workspace_fact"
    name: str = Field(primary_key=True)
    value: str
