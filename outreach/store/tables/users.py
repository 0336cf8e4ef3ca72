"""Who logs in, as what, and where from."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.tables.columns import one_of, personal, secret


class User(SQLModel, table=True):
    """A person of the secretariat. ``address`` is the log-in name, as domain.addresses keys it.

    ``stamp`` is part of every link that was sent to the person; it grows with each change of the password or the
    device, which makes older links void. ``counter`` is the last code's time step: no code works twice (RFC 6238,
    5.2). ``zone`` and ``language``: "" for the workspace's.
    """

    __tablename__ = "user_account"
    id: int | None = Field(default=None, primary_key=True)
    address: str = personal(unique=True)
    name: str = personal()
    language: str = ""
    zone: str = ""
    state: UserState = one_of(UserState, default=UserState.INVITED)
    password: str = secret("")
    device: str = secret("")
    stamp: int = 0
    counter: int = 0
    invited_at: datetime
    created_at: datetime
    last_seen_at: datetime | None = None


class UserRole(SQLModel, table=True):
    """A role that a user holds: for one call, or for everything (``call_id`` 0)."""

    __tablename__ = "user_role"
    __table_args__ = (sa.UniqueConstraint("user_id", "call_id"),)
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    call_id: int = EVERYTHING
    role: Role = one_of(Role)


class Sitting(SQLModel, table=True):
    """One browser that is logged in. ``digest`` is SHA-256 of the cookie, which nobody but the browser has.

    ``agent``: what the browser calls itself, for the person to recognise it. ``complete``: the second factor was
    given too, where the person has one.
    """

    id: int | None = Field(default=None, primary_key=True)
    digest: str = secret(unique=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    complete: bool = False
    agent: str = personal("")
    since: datetime
    seen_at: datetime
    ends_at: datetime


class ReplyWatch(SQLModel, table=True):
    """Who has a reply open just now, so that nobody else works on it without knowing."""

    __tablename__ = "reply_watch"
    reply_id: int = Field(primary_key=True, foreign_key="reply.id")
    user_id: int = Field(primary_key=True, foreign_key="user_account.id")
    at: datetime = Field(index=True)
