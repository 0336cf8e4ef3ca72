"""Somebody lets mail leave again after a panic stop."""

from datetime import datetime

from sqlmodel import Session

from outreach.store.events import record
from outreach.store.generation import accept_place
from outreach.store.runs import read_runs, write_runs
from outreach.store.stopping import Stopped, lift, stopped


def start_mail(session: Session, *, now: datetime, by: str) -> Stopped | None:
    """What waited may be claimed again, unless it has become senseless; the stop that is over, None if none was.

    A copy or a restored backup that was held back is the workspace from here on.
    """
    standing = stopped(session)
    if standing is not None:
        accept_place(session)
        lift(session)
        write_runs(session, read_runs(session).looked_into())
        minutes = int((now - standing.at).total_seconds() // 60)
        record(session, at=now, by=by, verb="start_mail", subject="mail", subject_id=0, minutes=minutes)
    return standing
