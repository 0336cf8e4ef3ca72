"""Somebody must not come to the console any more."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.users import UserState
from outreach.store.events import record
from outreach.store.tables import User
from outreach.store.users import locked
from outreach.usecases.change_roles import keep_an_administrator
from outreach.usecases.end_sittings import end_sittings


def disable_user(session: Session, user_id: int, *, now: datetime, by: str) -> bool:
    """Log the user out everywhere, and let her in no more; False when it was so already.

    What she has done stays on record under her name. Refusal for the last administrator.
    """
    keep_an_administrator(session, session.get_one(User, user_id))
    user = locked(session, user_id)
    if user.state is UserState.DISABLED:
        return False
    user.state, user.password = UserState.DISABLED, ""
    user.stamp += 1
    end_sittings(session, user, now=now, by=by)
    record(session, at=now, by=by, verb="disable_user", subject="user", subject_id=user.id)
    return True
