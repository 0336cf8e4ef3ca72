"""Somebody takes her device away, to do without or to set up another."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.one_time_codes import check
from outreach.store.events import record
from outreach.store.tables import Sitting
from outreach.store.users import locked
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.log_in import HALF


def remove_device(session: Session, sitting_id: int, code: str, *, now: datetime, house: House) -> bool:
    """Whether it is gone: only with a right code of that device. All other sittings end.

    Where the workspace demands a device this sitting is not complete any more, until another is set up.
    """
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        return False
    user = locked(session, sitting.user_id)
    if check(user.device, code, now, user.counter) is None:
        return False
    user.device, user.counter = "", 0
    user.stamp += 1
    end_sittings(session, user, besides=sitting_id, now=now, by=user.address)
    if house.settings.console.second_factor == "required":
        sitting.complete, sitting.ends_at = False, now + HALF
    record(session, at=now, by=user.address, verb="remove_device", subject="user", subject_id=user.id)
    return True
