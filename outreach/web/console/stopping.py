"""The panic stop: a button on every page, and the band that says on every page that it was pressed."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlmodel import Session

from outreach.domain.users import Right
from outreach.store.stopping import stopped
from outreach.usecases.start_mail import start_mail
from outreach.usecases.stop_mail import stop_mail
from outreach.web.console.forms import AtForm
from outreach.web.console.room import Room, within
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat
from outreach.web.console.showing import BANDS, go
from outreach.web.desk import AtDesk

room = Room()
START = "/console/start"


@dataclass(frozen=True, slots=True)
class StopBand:
    """What stands above every page while all mail is stopped."""

    by: str
    at: datetime
    reason: str
    page: str = "stopped"


def _stop_band(session: Session) -> StopBand | None:
    standing = stopped(session)
    return StopBand(standing.by, standing.at, standing.reason) if standing else None


BANDS.append(_stop_band)


@room.deed("/stop", Right.SORT)
def stop(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Stop all mail. Who may sort for one call only may do that too: it cannot wait for somebody else."""
    with desk.outreach.database.changing() as session:
        standing = stop_mail(session, reason=form.line("reason"), now=seat.now, by=seat.by)
    to = within(form.line("to"))
    if standing.at != seat.now:
        return go(request, to, Said(seat._("All mail was stopped already; nothing was changed.")))
    text = seat._("All mail is stopped, confirmations and receipts too. What waits is kept; signing goes on.")
    return go(request, to, Said(text, START, {"to": to}) if seat.may(Right.RUN) else Said(text))


@room.deed("/start", Right.RUN, whole=True)
def start(request: Request, desk: AtDesk, seat: AtSeat, form: AtForm) -> Response:
    """Let mail leave again."""
    with desk.outreach.database.changing() as session:
        over = start_mail(session, now=seat.now, by=seat.by)
    desk.on_change()
    to = within(form.line("to"))
    if over is None:
        return go(request, to, Said(seat._("Mail was not stopped; nothing was changed.")))
    values = {"to": to, "reason": over.reason}
    return go(request, to, Said(seat._("Mail leaves again."), "/console/stop", values))
