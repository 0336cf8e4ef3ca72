"""Panic stop: somebody stops all mail of the workspace, at once."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.answers import whole_note
from outreach.domain.names import NAME_LIMIT, clean_line
from outreach.store.events import record
from outreach.store.stopping import Stopped, stop, stopped


def stop_mail(session: Session, *, reason: str = "", now: datetime, by: str) -> Stopped:
    """From the commit on nothing is claimed, confirmations and receipts included; the stop that stands then.

    What is in flight ends, at most one message for each connection; what waits goes on waiting, and expires by its
    own rule. Where mail is stopped already, the first stop stands, and nothing is changed. Raises InvalidInput for
    a reason that is too long.
    """
    asked = Stopped(by, now, clean_line(whole_note(reason, NAME_LIMIT)))
    standing = stopped(session)
    if standing is None:
        stop(session, asked)
        standing = stopped(session) or asked
    if standing == asked:
        record(session, at=now, by=by, verb="stop_mail", subject="mail", subject_id=0)
    return standing
