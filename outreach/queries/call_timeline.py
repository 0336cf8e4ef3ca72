"""Reads what has happened to a call and what will: launch, mailings, deadline, sign-off and release."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.planning import late_by
from outreach.domain.states import CallState, MailingState, MessageState
from outreach.store.tables import Call, Edition, Event, Mailing
from outreach.store.tallies import tallied


class Mark(StrEnum):
    """What a moment of a call is."""

    OPENED = "opened"
    MAILING = "mailing"
    EXTENDED = "extended"
    DEADLINE = "deadline"
    CLOSED = "closed"
    SIGNED_OFF = "signed-off"
    RELEASE = "release"
    """The release is planned for then."""
    RELEASED = "released"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a call. ``done``: it has come about; otherwise it is planned.

    Of a mailing: its kind, occurrence and state, how many ``messages`` it has, how many ``gone`` of them were sent,
    how ``late`` it was queued, and why it was skipped or cancelled. ``number`` is a sign-off's edition; ``before``
    the deadline that an extension moved.
    """

    at: datetime
    mark: Mark
    done: bool
    by: str = ""
    kind: str = ""
    occurrence: str = ""
    state: str = ""
    messages: int = 0
    gone: int = 0
    late: timedelta = timedelta()
    reason: str = ""
    number: int = 0
    before: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All moments in order, and the zone in which the call's deadline was given."""

    zone: str
    moments: tuple[Moment, ...]


def timeline(session: Session, call: Call) -> Timeline:
    """The call's moments, the earliest first."""
    found = [*_own(call), *_mailings(session, call), *_extensions(session, call), *_editions(session, call)]
    return Timeline(parse_wall_clock(call.deadline).zone, tuple(sorted(found, key=lambda one: one.at)))


def _own(call: Call) -> list[Moment]:
    stamps = (
        (call.launched_at, Mark.OPENED),
        (call.closed_at, Mark.CLOSED),
        (call.released_at, Mark.RELEASED),
        (call.cancelled_at, Mark.CANCELLED),
    )
    found = [Moment(at, mark, done=True) for at, mark in stamps if at is not None]
    over = call.state not in (CallState.DRAFT, CallState.OPEN)
    found.append(Moment(call.deadline_at, Mark.DEADLINE, done=over))
    if call.release_at is not None and call.released_at is None and call.state is not CallState.CANCELLED:
        found.append(Moment(call.release_at, Mark.RELEASE, done=False))
    return found


def _mailings(session: Session, call: Call) -> list[Moment]:
    messages: dict[int, int] = {}
    gone: dict[int, int] = {}
    for one in tallied(session, [call.id or 0]):
        messages[one.mailing_id] = messages.get(one.mailing_id, 0) + one.messages
        if one.state is MessageState.SENT:
            gone[one.mailing_id] = one.messages + gone.get(one.mailing_id, 0)
    return [
        Moment(
            at=mailing.queued_at or mailing.earliest_at,
            mark=Mark.MAILING,
            done=mailing.state is MailingState.QUEUED,
            kind=mailing.kind.value,
            occurrence="" if mailing.corrects_id else mailing.occurrence,
            state=mailing.state.value,
            messages=messages.get(mailing.id or 0, 0),
            gone=gone.get(mailing.id or 0, 0),
            late=late_by(mailing.earliest_at, mailing.queued_at),
            reason=mailing.reason,
        )
        for mailing in session.exec(select(Mailing).where(Mailing.call_id == call.id))
        if messages.get(mailing.id or 0) or not _invites_again(mailing)
    ]


def _invites_again(mailing: Mailing) -> bool:
    """Whether it is an extension's to those who were never invited; there may be none."""
    return mailing.kind is MessageKind.INVITATION and mailing.deadline_revision > 1


def _extensions(session: Session, call: Call) -> list[Moment]:
    events = select(Event).where(Event.subject == "call", Event.subject_id == call.id, Event.verb == "extend_call")
    return [
        Moment(one.at, Mark.EXTENDED, done=True, by=one.by, before=str(one.facts.get("before", "")))
        for one in session.exec(events.order_by(col(Event.id)))
    ]


def _editions(session: Session, call: Call) -> list[Moment]:
    editions = select(Edition).where(Edition.letter_id == call.letter_id).order_by(col(Edition.number))
    return [
        Moment(one.at, Mark.SIGNED_OFF, done=True, by=one.by, number=one.number) for one in session.exec(editions)
    ]
