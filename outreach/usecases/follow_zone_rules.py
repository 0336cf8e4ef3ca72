"""The rules of a time zone have changed since a call was planned: what was announced stays, its instant moves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MESSAGE_MOVES, CallState, MailingState
from outreach.store.events import record
from outreach.store.tables import Call, Mailing, Message
from outreach.usecases.begin_work import BY
from outreach.usecases.tell_staff import tell_staff

UNMOVED: Final = timedelta()
BY_ANOTHER_CLOCK: Final = (MessageKind.INVITATION, MessageKind.RELEASED)
"""Mailings that do not wait for the deadline: a second wave waits for a time of its own, news for the release."""

MAY_YET_LEAVE: Final = tuple(state for state, moves in MESSAGE_MOVES.items() if moves)
"""A mail that is held, in doubt, failed or cancelled may be queued again; one that is in flight may come back."""


def follow_zone_rules(session: Session, *, now: datetime, house: House) -> int:
    """Work out anew when calls that go on end and are released; for how many that is another instant by now.

    People were told a time on a clock in a place. When a government changes what that clock shows, and the rules on
    this machine know it, all that hangs on that time moves with it; it is recorded, and staff are told.
    """
    going = select(Call).where(col(Call.state).in_((CallState.DRAFT, CallState.OPEN, CallState.CLOSED)))
    return sum(_follow(session, call, now=now, house=house) for call in session.exec(going.with_for_update()).all())


def _follow(session: Session, call: Call, *, now: datetime, house: House) -> bool:
    ends, released = call.deadline_at, call.release_at
    if call.state is not CallState.CLOSED:  # when it ended is past, whatever the clock shows by now
        call.deadline_at = parse_wall_clock(call.deadline).instant()
    if call.release:
        call.release_at = parse_wall_clock(call.release).instant()
    if (call.deadline_at, call.release_at) == (ends, released):
        return False
    session.add(call)
    _move(session, call, call.deadline_at - ends)
    if call.release_at is not None and released is not None:
        _move_announcement(session, call, call.release_at - released)
    before, after = (ends, call.deadline_at) if call.deadline_at != ends else (released, call.release_at)
    record(
        session,
        at=now,
        by=BY,
        verb="follow_zone_rules",
        subject="call",
        subject_id=call.id,
        before=f"{before:%Y-%m-%d %H:%M} UTC",
        after=f"{after:%Y-%m-%d %H:%M} UTC",
    )
    what = (
        f"The rules of a time zone have changed: what was announced for the call {call.slug} stays, by the clock "
        f"of its place ({call.deadline}), but is another instant than when it was planned. Look whether people "
        "there should be told."
    )
    about = f"zone:{call.id}:{call.deadline_at.isoformat()}:{call.release_at}"
    tell_staff(session, what, f"outreach calls show {call.slug}", about=about, now=now, house=house)
    return True


def _move(session: Session, call: Call, by: timedelta) -> None:
    """What waits for the deadline, or is senseless after it, goes with it."""
    if by == UNMOVED:
        return
    for mailing in _planned(session, call):
        if mailing.kind not in BY_ANOTHER_CLOCK:
            mailing.earliest_at += by
        if mailing.not_after is not None:
            mailing.not_after += by
        session.add(mailing)
    limited = col(Message.call_id) == call.id, col(Message.not_after).is_not(None)
    theirs = (*limited, col(Message.state).in_(MAY_YET_LEAVE))
    moments = session.execute(sa.select(col(Message.not_after)).where(*theirs).distinct()).scalars().all()
    for moment in sorted(moments, reverse=by > UNMOVED):  # none is moved onto one that has still to be
        update = sa.update(Message).where(*theirs, col(Message.not_after) == moment)
        session.execute(update.values(not_after=moment + by))


def _move_announcement(session: Session, call: Call, by: timedelta) -> None:
    for mailing in _planned(session, call):
        if mailing.kind is MessageKind.RELEASED:
            mailing.earliest_at += by
            session.add(mailing)


def _planned(session: Session, call: Call) -> Sequence[Mailing]:
    planned = select(Mailing).where(Mailing.call_id == call.id, Mailing.state == MailingState.PLANNED)
    return session.exec(planned).all()
