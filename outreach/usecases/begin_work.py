"""A worker begins: who began before it and never ended has crashed, and too many crashes stop all mail."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.crashes import TOO_MANY, WITHIN
from outreach.store.events import record
from outreach.store.ownership import dead_among
from outreach.store.runs import last_settled, read_runs, write_runs
from outreach.store.stopping import Stopped, stop_besides
from outreach.usecases.tell_staff import tell_staff

BY: Final = "the worker"
NUMBERS: Final = {3: "three times", 10: "ten minutes"}
WHY: Final = (
    f"it died {NUMBERS[TOO_MANY]} within {NUMBERS[int(WITHIN.total_seconds() // 60)]} (killed, out of memory, or "
    "without power), and no mail was settled in between"
)


def begin_work(session: Session, owner: str, *, now: datetime, house: House) -> Stopped | None:
    """Note that a worker has begun under its owner's name; the stop that it begins with, None if mail may leave.

    A worker that dies again and again may have submitted, each time, what it could not settle: the third time
    within ten minutes it stops all mail, until a person lets it leave again.
    """
    before = read_runs(session)
    runs = before.begun(owner, dead_among(session, before.running, owner), now=now, settled=last_settled(session))
    write_runs(session, runs)
    if not runs.too_many or len(runs.crashes) == len(before.crashes):
        return None
    standing = stop_besides(session, Stopped(BY, now, WHY))
    record(session, at=now, by=BY, verb="stop_mail", subject="mail", subject_id=0, crashes=len(runs.crashes))
    what = "The worker died again and again, so it has stopped all mail. Who lets it leave again knows why it died."
    tell_staff(session, what, "outreach outbox show", about=f"crashes:{now.isoformat()}", now=now, house=house)
    return standing
