"""Reminds once, before the deadline, who has signed and not confirmed; asks at last who had to wait for that."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from outreach.config.house import House
from outreach.domain.floods import A_DAY, Asking
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, SignatureState
from outreach.store.tables import Call, Signature
from outreach.usecases.ask_to_confirm import ask_to_confirm

REMINDED_AFTER = timedelta(days=2)
LAST_DAYS = timedelta(days=3)
"""So near to the deadline a day is enough to wait."""
AT_ONCE = 200
"""So many at a ring: there is another in seconds."""


def remind_unconfirmed(session: Session, *, now: datetime, house: House) -> int:
    """Queue one reminder to each mailbox that was asked and has not answered, at a good hour; how many.

    It comes two days after the asking, or after one in the last days before the deadline; never after the deadline,
    never a second time, and never beyond what a mailbox may get (domain.floods).
    """
    asked = col(Signature.asked_at)
    ripe = sa.or_(
        asked <= now - REMINDED_AFTER, sa.and_(asked <= now - A_DAY, col(Call.deadline_at) <= now + LAST_DAYS)
    )
    statement = _pending(now).where(
        ripe, col(Signature.reminded_at).is_(None), col(Signature.confirmed_at).is_(None)
    )
    return sum(
        _remind(session, signature, call, now=now, house=house) for signature, call in session.exec(statement)
    )


def _remind(session: Session, signature: Signature, call: Call, *, now: datetime, house: House) -> bool:
    signature.reminded_at = now
    session.add(signature)
    asked_at = signature.asked_at
    verdict = ask_to_confirm(session, call, signature, now=now, house=house, kind=MessageKind.CONFIRMATION_REMINDER)
    if verdict is Asking.LATER:  # the mailbox had another mail of ours today: tomorrow, then
        signature.reminded_at, signature.asked_at = None, asked_at
    return verdict is Asking.NOW


def ask_at_last(session: Session, *, now: datetime, house: House) -> int:
    """Ask the mailboxes about signatures that had to wait, since they had had their mail for the day; how many.

    One that may not be asked any more is left alone from then on.
    """
    waited = _pending(now).where(
        col(Signature.asked_at).is_(None),
        col(Signature.reminded_at).is_(None),
        col(Signature.submitted_at) <= now - A_DAY,
    )
    asked = 0
    for signature, call in session.exec(waited):
        verdict = ask_to_confirm(session, call, signature, now=now, house=house)
        if verdict is Asking.NEVER:
            signature.reminded_at = now
            session.add(signature)
        asked += verdict is Asking.NOW
    return asked


def _pending(now: datetime) -> Select[Signature, Call]:
    return (
        select(Signature, Call)
        .join(Call, col(Call.id) == col(Signature.call_id))
        .where(
            col(Signature.state) == SignatureState.PENDING,
            col(Call.state) == CallState.OPEN,
            col(Call.paused_at).is_(None),
            col(Call.deadline_at) > now,
        )
        .order_by(col(Signature.id))
        .limit(AT_ONCE)
    )
