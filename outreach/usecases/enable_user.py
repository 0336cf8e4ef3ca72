"""Somebody who was disabled may come to the console again."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.domain.users import UserState
from outreach.store.events import record
from outreach.store.tables import User
from outreach.store.users import locked


def enable_user(session: Session, user_id: int, *, now: datetime, by: str) -> User:
    """The user with her roles of before, invited anew: a link to choose a password holds seven days from now.

    Refusal for who is not disabled.
    """
    user = locked(session, user_id)
    if user.state is not UserState.DISABLED:
        raise Refusal(f"{user.address} is not disabled.")
    user.state, user.invited_at = UserState.INVITED, now
    user.stamp += 1
    record(session, at=now, by=by, verb="enable_user", subject="user", subject_id=user.id)
    return user
