"""Makes users, and lets them sit down, for the tests of the console and what lies below it."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pyotp
from sqlmodel import Session

from outreach.domain.addresses import parse_address
from outreach.domain.one_time_codes import STEP_SECONDS
from outreach.domain.passwords import hashed
from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.tables import Sitting, User, UserRole
from outreach.store.users import digest_of, new_token
from tests.make import NOON

ROSA = "rosa@lanterncoast.example"
PASSWORD = "four lanterns on a quay"
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The device's key, of RFC 6238's own examples."""


@cache
def kept(password: str) -> str:
    """What is kept of a password; to make it takes longest."""
    return hashed(password)


def user(
    session: Session,
    address: str = ROSA,
    *,
    role: Role | None = Role.ADMINISTRATOR,
    call_id: int = EVERYTHING,
    password: str = PASSWORD,
    state: UserState = UserState.ACTIVE,
    **more: Any,
) -> User:
    """Somebody who can log in."""
    values: dict[str, Any] = {"name": "Rosa Lindqvist", "stamp": 1, "invited_at": NOON, "created_at": NOON, **more}
    made = User(
        address=parse_address(address).key, state=state, password=kept(password) if password else "", **values
    )
    session.add(made)
    session.flush()
    if role is not None:
        session.add(UserRole(user_id=made.id or 0, call_id=call_id, role=role))
        session.flush()
    return made


def sits(
    session: Session,
    user: User,
    *,
    at: datetime = NOON,
    days: float = 7,
    complete: bool = True,
    agent: str = "Firefox",
) -> str:
    """The user has logged in; what her browser's cookie holds."""
    token = new_token()
    session.add(
        Sitting(
            digest=digest_of(token),
            user_id=user.id or 0,
            complete=complete,
            agent=agent,
            since=at,
            seen_at=at,
            ends_at=at + timedelta(days=days),
        )
    )
    session.flush()
    return token


def code(at: datetime, key: str = KEY, *, steps: int = 0) -> str:
    """What the device shows."""
    return pyotp.TOTP(key).at(at + timedelta(seconds=STEP_SECONDS * steps))
