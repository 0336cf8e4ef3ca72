"""Somebody sets up a device whose codes are asked for at each log-in."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.one_time_codes import check
from outreach.store.events import record
from outreach.store.tables import Sitting
from outreach.store.users import locked
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.give_code import complete_sitting


def set_device(
    session: Session, sitting_id: int, key: str, code: str, *, now: datetime, house: House
) -> str | None:
    """The new cookie of the sitting in which it was set up; None for a wrong code: nothing was kept.

    The key is kept only now that a code proves that the device has it. All other sittings end. Refusal where there
    is a device already: it is taken away first.
    """
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or now >= sitting.ends_at:
        return None
    user = locked(session, sitting.user_id)
    if user.device:
        raise Refusal("There is a device already. Take it away before you set up another.")
    step = check(key, code, now, 0)
    if step is None:
        return None
    user.device, user.counter = key, step
    user.stamp += 1
    user.last_seen_at = now
    end_sittings(session, user, besides=sitting_id, now=now, by=user.address)
    record(session, at=now, by=user.address, verb="set_device", subject="user", subject_id=user.id)
    return complete_sitting(sitting, now=now, house=house)
