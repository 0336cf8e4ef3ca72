"""Health: whether everything works, what is wrong and what to do; and what the sending limits have left."""

from collections import Counter

from fastapi import Request, Response

from outreach.domain.health import Check, Level
from outreach.domain.users import Right
from outreach.queries.health import health
from outreach.queries.limits_left import limits_left
from outreach.usecases.ask_for_probing import ask_for_probing
from outreach.web.console.said import Said
from outreach.web.console.seat import AtSeat, Seat
from outreach.web.console.showing import go, show
from outreach.web.console.stopping import room
from outreach.web.desk import AtDesk

__all__ = ["room"]

HERE = "/console/health"
BADGES = {Level.OK: "done", Level.WARNING: "warning", Level.FAULT: "fault"}


@room.page("/health", Right.READ)
def whole_health(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """The limits for whoever may read; all findings for whoever administers the workspace. Nobody is asked now."""
    whole = seat.may(Right.ADMINISTER)
    with desk.outreach.database.reading() as session:
        limits = limits_left(session, now=seat.now, house=desk.house)
        findings, probing = health(session, now=seat.now, house=desk.house) if whole else ([], None)
    return show(
        "health",
        request,
        seat,
        limits=limits,
        limit_names=_limit_names(seat),
        whole=whole,
        findings=sorted(findings, key=lambda one: list(Level).index(one.level), reverse=True),
        counts=Counter(one.level for one in findings),
        checks=_check_names(seat),
        levels={Level.OK: seat._("In order"), Level.WARNING: seat._("Warning"), Level.FAULT: seat._("Fault")},
        badges=BADGES,
        probed_at=probing.at if probing else None,
    )


@room.deed("/health/look", Right.ADMINISTER, whole=True)
def look(request: Request, desk: AtDesk, seat: AtSeat) -> Response:
    """Ask the worker to look now; this page does not wait for it."""
    with desk.outreach.database.changing() as session:
        ask_for_probing(session, now=seat.now)
    said = seat._("The worker looks within seconds; servers may take half a minute. Then load this page again.")
    return go(request, HERE, Said(said))


def _limit_names(seat: Seat) -> dict[str, str]:
    return {
        "minute": seat._("In any minute"),
        "hour": seat._("In any hour"),
        "day": seat._("In any 24 hours"),
        "confirmations": seat._("Confirmations to people whom nobody invited, in any hour"),
    }


def _check_names(seat: Seat) -> dict[Check, str]:
    _ = seat._
    return {
        Check.WORKER: _("Worker"),
        Check.STOP: _("Panic stop"),
        Check.ACCOUNT: _("Mail account"),
        Check.QUEUE: _("Queue"),
        Check.DOUBTFUL: _("Mails in doubt"),
        Check.TASKS: _("Tasks"),
        Check.SMTP: _("Log-in at the mail server"),
        Check.SMTP_CERTIFICATE: _("Mail server's certificate"),
        Check.MAILBOX: _("Log-in at the mailbox"),
        Check.MAILBOX_CERTIFICATE: _("Mailbox server's certificate"),
        Check.MAILBOX_READ: _("Mailbox last read"),
        Check.SPF: "SPF",
        Check.DKIM: "DKIM",
        Check.DMARC: "DMARC",
        Check.MX: "MX",
        Check.ADDRESS: _("Address of the pages"),
        Check.CLOCK: _("Clock"),
        Check.MAIL_CLOCK: _("Mail server's clock"),
        Check.DATABASE: _("Database"),
        Check.INTEGRITY: _("Integrity of the database"),
        Check.WAL: _("Write-ahead log"),
        Check.DISK: _("Disk"),
    }
