"""Reads how far a call has come: where everybody stands who was invited, and how its mails are leaving."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.funnels import Funnel, Standing
from outreach.domain.kinds import MessageKind
from outreach.domain.pacing import Pace
from outreach.domain.states import MessageState
from outreach.store.invited import count_standings, place_of
from outreach.store.tables import Call, Message
from outreach.store.tallies import Tallied, answer_ticks, tallied
from outreach.store.wanted import GONE

KEPT = 64
FEW = 20_000
"""With more invitations than this a funnel is not counted while a page waits."""
LOOKED_AT = 500
"""Of how many mails that went last the rate is taken."""
FRESH = timedelta(minutes=10)
"""What went before that says nothing about how fast mails leave now."""
TO_GO = (MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED)


def funnel(session: Session, call: Call) -> Funnel:
    """Where everybody stands who was invited; the parts are disjoint, and ``invited`` is their sum."""
    return Funnel({place: people for place, people in count_standings(session, call).items() if people})


@dataclass(slots=True)
class Funnels:
    """The funnels that were counted last. One is counted again as soon as anything that it is made of has changed.

    A call of a million takes half a second to count; whether anything has changed, a thousandth.
    """

    kept: OrderedDict[tuple[object, ...], Funnel] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def of(self, session: Session, call: Call) -> Funnel:
        """The funnel of the call as it is now."""
        key = _key(session, call)
        found = self._found(key)
        if found is None:
            found = funnel(session, call)
            with self.lock:
                self.kept[key] = found
                while len(self.kept) > KEPT:
                    self.kept.popitem(last=False)
        return found

    def quickly(self, session: Session, call: Call) -> Funnel | None:
        """The same, or None where it would have to be counted, and that takes longer than a page may."""
        invited = sum(one.messages for one in _invitations(session, call))
        return self.of(session, call) if invited <= FEW else self._found(_key(session, call))

    def about(self, session: Session, call: Call) -> Funnel:
        """The one that was counted last, however long ago; before any was, one as if nobody had answered."""
        with self.lock:
            counted = [found for key, found in self.kept.items() if key[:2] == _which(session, call)]
        if counted:
            return counted[-1]
        standings: dict[Standing, int] = {}
        for one in _invitations(session, call):
            standings[place_of(one.state)] = standings.get(place_of(one.state), 0) + one.messages
        return Funnel(standings)

    def _found(self, key: tuple[object, ...]) -> Funnel | None:
        with self.lock:
            return self.kept.get(key)


def _which(session: Session, call: Call) -> tuple[object, ...]:
    return (str(session.get_bind().engine.url), call.id)


def _key(session: Session, call: Call) -> tuple[object, ...]:
    """What is the same as long as the funnel is."""
    mails = sorted((one.mailing_id, one.kind, one.state, one.messages) for one in tallied(session, [call.id or 0]))
    return (*_which(session, call), answer_ticks(session), tuple(mails))


def _invitations(session: Session, call: Call) -> list[Tallied]:
    return [
        one
        for one in tallied(session, [call.id or 0])
        if one.kind is MessageKind.INVITATION and one.state not in GONE
    ]


@dataclass(frozen=True, slots=True)
class Sending:
    """How a call's mails are leaving. ``states`` counts all its messages but tests.

    ``a_minute`` is how many left in a minute lately, None while none do. ``ends_at`` is when the last of those that
    may go will have left at that rate, or, before any has, at the pace that the settings allow; None when nothing
    waits, or while the call is paused.
    """

    states: dict[MessageState, int]
    a_minute: float | None
    ends_at: datetime | None

    @property
    def to_go(self) -> int:
        """What has still to leave."""
        return sum(self.states.get(state, 0) for state in TO_GO)

    @property
    def settled(self) -> int:
        """What has left, or will not."""
        return sum(self.states.values()) - self.to_go


def sending(session: Session, call: Call, *, now: datetime, pace: Pace) -> Sending:
    """How the call's mails are leaving now."""
    states: dict[MessageState, int] = {}
    for one in tallied(session, [call.id or 0]):
        states[one.state] = states.get(one.state, 0) + one.messages
    waits = sum(states.get(state, 0) for state in TO_GO)
    rate = _rate(session, call, now) if waits else None
    return Sending(states, rate, _end(waits, rate, call, now, pace))


def _rate(session: Session, call: Call, now: datetime) -> float | None:
    newest = (
        sa.select(col(Message.settled_at).label("at"))
        .where(col(Message.settled_at) > now - FRESH, col(Message.settled_at) <= now)
        .where(
            sa.type_coerce(col(Message.call_id) + 0, sa.Integer) == call.id
        )  # by the clock's index, never the call's
        .where(sa.type_coerce(col(Message.state), sa.String) == MessageState.SENT.value)
        .order_by(col(Message.settled_at).desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    count, first = session.execute(sa.select(sa.func.count(), sa.func.min(newest.c.at))).one()
    if not count:
        return None
    minutes: float = max((now - first).total_seconds() / 60, 1.0)
    return int(count) / minutes


def _end(waits: int, rate: float | None, call: Call, now: datetime, pace: Pace) -> datetime | None:
    if not waits or call.paused_at is not None:
        return None
    minutes = waits / rate if rate else pace.minutes_for(waits, 0)
    return now + timedelta(minutes=minutes)


def messages_in(
    session: Session, states: Collection[MessageState], calls: Collection[int] | None
) -> dict[MessageState, int]:
    """How many messages are in these states: of these calls, or of all and of none (None)."""
    found = dict.fromkeys(states, 0)
    for one in tallied(session, calls):
        if one.state in found:
            found[one.state] += one.messages
    return found
