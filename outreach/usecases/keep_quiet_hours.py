"""A reminder that was late, for whatever reason, waits until its reader may be written to again."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.store.queueing import postpone, zones_waiting
from outreach.store.wanted import REMINDING


def keep_quiet_hours(session: Session, *, now: datetime, house: House) -> int:
    """Postpone the reminders that are due where it is night, or no working day, now; how many.

    They were planned for a good hour, and then greylisted, paced, paused or slept through it. What would come too
    late for the deadline then is retired by the claim's own rules.
    """
    quiet = [zone for zone in zones_waiting(session, REMINDING, now) if not house.hours.allows(now, zone)]
    return sum(postpone(session, REMINDING, zone, house.hours.next_allowed(now, zone), now=now) for zone in quiet)
