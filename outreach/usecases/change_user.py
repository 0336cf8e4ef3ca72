"""Somebody's name, language or time zone is changed."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.domain.zones import zone_named
from outreach.store.events import record
from outreach.store.users import locked
from outreach.usecases.add_user import LONGEST_NAME


def change_user(
    session: Session, user_id: int, *, name: str, language: str, zone: str, now: datetime, by: str
) -> bool:
    """Whether anything changed. ``language`` and ``zone``: "" for the workspace's.

    InvalidInput without a name, and for a zone that there is not.
    """
    called, where = clean_line(name, LONGEST_NAME), zone_named(zone).key if zone else ""
    if not called:
        raise InvalidInput("A user needs a name, by which colleagues know who did what.")
    user = locked(session, user_id)
    if (user.name, user.language, user.zone) == (called, language, where):
        return False
    user.name, user.language, user.zone = called, language, where
    record(session, at=now, by=by, verb="change_user", subject="user", subject_id=user.id)
    return True
