"""Somebody who is logged in chooses another password."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.passwords import fits
from outreach.store.events import record
from outreach.store.tables import User
from outreach.store.users import locked
from outreach.usecases.choose_password import keep_password
from outreach.usecases.end_sittings import end_sittings


def change_password(
    session: Session, user_id: int, old: str, new: str, *, sitting: int, now: datetime, house: House
) -> User | None:
    """The user with the new password, logged out everywhere but in ``sitting``; None if the old one is wrong.

    InvalidInput with the reason for a new one that is too weak.
    """
    user = locked(session, user_id)
    if not fits(old, user.password):
        return None
    keep_password(user, new, house)
    end_sittings(session, user, besides=sitting, now=now, by=user.address)
    record(session, at=now, by=user.address, verb="change_password", subject="user", subject_id=user.id)
    return user
