"""Somebody gives the code that her device shows, after her password."""

from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.one_time_codes import check
from outreach.store.events import record
from outreach.store.tables import Sitting
from outreach.store.users import digest_of, locked, new_token


def give_code(session: Session, sitting_id: int, code: str, *, now: datetime, house: House) -> str | None:
    """The cookie of the sitting, which is complete now and has a new one; None for a wrong code.

    No code works twice (RFC 6238, 5.2).
    """
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or now >= sitting.ends_at:
        return None
    user = locked(session, sitting.user_id)
    step = check(user.device, code, now, user.counter)
    if step is None:
        return None
    user.counter = step
    token = complete_sitting(sitting, now=now, house=house)
    user.last_seen_at = now
    record(session, at=now, by=user.address, verb="give_code", subject="user", subject_id=user.id)
    return token


def complete_sitting(sitting: Sitting, *, now: datetime, house: House) -> str:
    """Nothing more is asked in that sitting; its new cookie, for what was known before may do less."""
    token = new_token()
    sitting.digest = digest_of(token)
    sitting.complete = True
    sitting.seen_at = now
    sitting.ends_at = sitting.since + timedelta(days=house.settings.console.log_in_days)
    return token
