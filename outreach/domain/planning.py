"""Plans a call's mailings: which there are, when each may go to whom, and what a late waking makes of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from outreach.domain.deadlines import WallClock
from outreach.domain.kinds import MessageKind
from outreach.domain.quiet_hours import ContactHours
from outreach.domain.reminders import NotPlanned, Offset, Planned, due, parse_offset, plan

LATE: Final = timedelta(minutes=15)
"""A mailing that was queued so long after its time is late: no worker rang meanwhile, or none could."""


@dataclass(frozen=True, slots=True)
class MailingPlan:
    """One mailing to come: its kind, which one of that kind, and when it is due in each recipient's zone.

    ``left_out`` says for zones in which it cannot arrive in time why not.
    """

    kind: MessageKind
    occurrence: str
    due: dict[str, datetime]
    not_after: datetime | None
    left_out: dict[str, str]

    @property
    def earliest(self) -> datetime | None:
        """When its first message may be due; None if it goes to nobody."""
        return min(self.due.values(), default=None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moments of a call that its mailings hang on."""

    deadline: WallClock
    release: WallClock | None
    reminders: tuple[str, ...]
    last_call: str
    thank_you: bool


def plan_reminders(
    calendar: Calendar, zones: Iterable[str], hours: ContactHours, *, not_before: datetime, margin: timedelta
) -> list[MailingPlan]:
    """The reminders and the last call, in the order of time; none where it could not arrive before the deadline."""
    zones = sorted(zones)
    plans = [
        _plan_one(kind, offset, calendar.deadline, zones, hours, not_before=not_before, margin=margin)
        for kind, offset in _asked(calendar)
    ]
    return sorted(plans, key=lambda one: (one.earliest is None, one.earliest or not_before))


def _asked(calendar: Calendar) -> list[tuple[MessageKind, str]]:
    asked = [(MessageKind.REMINDER, text) for text in calendar.reminders]
    return [*asked, (MessageKind.LAST_CALL, calendar.last_call)] if calendar.last_call else asked


def _plan_one(
    kind: MessageKind,
    offset: str,
    deadline: WallClock,
    zones: list[str],
    hours: ContactHours,
    *,
    not_before: datetime,
    margin: timedelta,
) -> MailingPlan:
    when = due_by_zone(parse_offset(offset), deadline, zones, hours, not_before=not_before, margin=margin)
    goes = {zone: found.due for zone, found in when.items() if isinstance(found, Planned)}
    left_out = {zone: found.reason for zone, found in when.items() if isinstance(found, NotPlanned)}
    return MailingPlan(kind, offset, goes, deadline.instant() - margin, left_out)


def due_by_zone(
    offset: Offset,
    deadline: WallClock,
    zones: Iterable[str],
    hours: ContactHours,
    *,
    not_before: datetime,
    margin: timedelta,
) -> dict[str, Planned | NotPlanned]:
    """For each zone, when a reminder at ``offset`` goes there, or why it does not.

    A reminder whose own time lies before ``not_before`` would follow at the heels of the invitation: it is none.
    """
    planned: dict[str, Planned | NotPlanned] = {}
    for zone in zones:
        if due(offset, deadline, zone) <= not_before:
            planned[zone] = NotPlanned(f"{offset} before the deadline had passed already.")
        else:
            planned[zone] = plan(offset, deadline, zone, hours, not_before, margin)
    return planned


def catch_up(
    times: dict[str, datetime], hours: ContactHours, *, now: datetime, not_after: datetime | None
) -> dict[str, datetime]:
    """The same times, as a machine that wakes at ``now`` can still keep them.

    What is overdue goes as soon as each recipient may be written to; a zone in which that is too late is gone.
    """
    caught = {zone: when if when >= now else hours.next_allowed(now, zone) for zone, when in times.items()}
    return {zone: when for zone, when in caught.items() if not_after is None or when < not_after}


def late_by(planned: datetime, queued: datetime | None) -> timedelta:
    """How late a mailing was queued; nothing if it is not queued yet, or was within a quarter of an hour."""
    late = queued - planned if queued else timedelta()
    return late if late >= LATE else timedelta()
