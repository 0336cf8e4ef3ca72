"""Browsers in which somebody is logged in are logged out."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.events import record
from outreach.store.tables import Sitting, User


def end_sittings(
    session: Session,
    user: User,
    *,
    now: datetime,
    by: str,
    only: int | None = None,
    besides: int | None = None,
) -> int:
    """End all sittings of the user, ``only`` that one, or all ``besides`` that one; how many there were."""
    ending = sa.delete(Sitting).where(col(Sitting.user_id) == user.id)
    if only is not None:
        ending = ending.where(col(Sitting.id) == only)
    if besides is not None:
        ending = ending.where(col(Sitting.id) != besides)
    ended: int = session.execute(ending).rowcount  # type: ignore[attr-defined]
    if ended:
        record(session, at=now, by=by, verb="end_sittings", subject="user", subject_id=user.id, ended=ended)
    return ended
