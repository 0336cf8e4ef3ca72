"""One ring of the scheduler: close, queue, release, resolve and retire whatever is due, in that order."""

from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.config.house import House
from outreach.store.accounts import resting
from outreach.store.doubts import resolve_unknown
from outreach.store.outbox import retire_unwanted
from outreach.store.stopping import stopped
from outreach.usecases.close_call import close_due_calls
from outreach.usecases.keep_quiet_hours import keep_quiet_hours
from outreach.usecases.queue_due_mailings import BY, Rung, queue_due_mailings
from outreach.usecases.reconcile_unknown import LAG, UNHEARD
from outreach.usecases.release_call import release_due_calls
from outreach.usecases.remind_unconfirmed import ask_at_last, remind_unconfirmed
from outreach.usecases.respect_absences import respect_absences
from outreach.usecases.tell_staff import alert_of_rest, queue_digest
from outreach.usecases.track_deliveries import track_deliveries


def ring(session: Session, *, now: datetime, house: House, heard: bool = True) -> Rung:
    """Do what the clock says is due. Ringing twice does nothing twice.

    ``heard``: whether every witness could be asked what became of the mails in doubt. While nothing may leave,
    they stay in doubt: what shows yet that they were taken still counts.
    """
    closed = close_due_calls(session, now=now, by=BY)
    rung = queue_due_mailings(session, now=now, house=house)
    released = release_due_calls(session, now=now, by=BY, house=house)
    bulk_again = house.settings.mail.when_unknown == "again"
    remind_unconfirmed(session, now=now, house=house)
    ask_at_last(session, now=now, house=house)
    waits = stopped(session) or resting(session, now)
    again = 0 if waits else resolve_unknown(session, now=now, bulk_again=bulk_again, after=_patience(house, heard))
    retire_unwanted(session, now)
    track_deliveries(session, now=now, house=house)
    respect_absences(session, now=now, house=house)
    keep_quiet_hours(session, now=now, house=house)
    queue_digest(session, now=now, house=house)
    alert_of_rest(session, now=now, house=house)
    return Rung(again=again, queued=rung.queued, skipped=rung.skipped, closed=closed, released=released)


def _patience(house: House, heard: bool) -> timedelta:  # noqa: FBT001  private, and said by name where it comes from
    """How long a mail must have been in doubt before it goes once more by rule."""
    if not house.settings.mail.has_witness:
        return timedelta()
    return LAG if heard else UNHEARD
