"""Somebody logs out."""

from datetime import datetime

from sqlmodel import Session

from outreach.store.events import record
from outreach.store.tables import Sitting, User


def log_out(session: Session, sitting_id: int, *, now: datetime) -> bool:
    """End the sitting; False when it had ended before."""
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        return False
    user = session.get_one(User, sitting.user_id)
    session.delete(sitting)
    record(session, at=now, by=user.address, verb="log_out", subject="user", subject_id=user.id)
    return True
