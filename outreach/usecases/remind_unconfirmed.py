"""Reminds once, before the deadline, who was asked and has not confirmed; asks at last who had to wait for that."""

from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from outreach.config.house import House
from outreach.domain.floods import A_DAY, Asking
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, SignatureState
from outreach.store.editions import is_signed_off
from outreach.store.events import record
from outreach.store.signing import may_be_asked
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.ask_to_confirm import ASKED, REFUSED_LOCALS, ask_to_confirm

BY = "scheduler"
REMINDED_AFTER = timedelta(days=2)
LAST_DAYS = timedelta(days=3)
"""So near to the deadline a day is enough to wait."""
AT_ONCE = 200
"""So many at a ring: there is another in seconds."""


def remind_unconfirmed(session: Session, *, now: datetime, house: House) -> int:
    """Queue one reminder to each mailbox that was asked and has not answered since, at a good hour; how many.

    It comes two days after the asking, or after one in the last days before the deadline; never after the deadline,
    never a second time, and never beyond what a mailbox may get (domain.floods).
    """
    moments = {
        "now": now,
        "a_day_ago": now - A_DAY,
        "reminded_after": now - REMINDED_AFTER,
        "last_days": now + LAST_DAYS,
    }
    ripe = session.exec(_ripe(), params=moments).all()
    reminded = sum(_remind(session, signature, call, now=now, house=house) for signature, call in ripe)
    _record(session, "remind_unconfirmed", reminded, now=now)
    return reminded


def _record(session: Session, verb: str, asked: int, *, now: datetime) -> None:
    """One line for all of a ring, and none for a ring in which nobody was asked."""
    if asked:
        record(session, at=now, by=BY, verb=verb, subject="signatures", subject_id=None, asked=asked)


@cache
def _ripe() -> Select[Signature, Call]:
    asked, answered = col(Signature.asked_at), col(Signature.confirmed_at)
    in_the_last_days = col(Call.deadline_at) <= sa.bindparam("last_days")
    return _pending().where(
        col(Call.state) == CallState.OPEN,
        col(Call.deadline_at) > sa.bindparam("now"),
        sa.or_(
            asked <= sa.bindparam("reminded_after"),
            sa.and_(asked <= sa.bindparam("a_day_ago"), in_the_last_days),
        ),
        col(Signature.reminded_at).is_(None),
        sa.or_(answered.is_(None), answered < asked),
    )


def _remind(session: Session, signature: Signature, call: Call, *, now: datetime, house: House) -> bool:
    verdict = ask_to_confirm(session, call, signature, now=now, house=house, kind=MessageKind.CONFIRMATION_REMINDER)
    if verdict in ASKED:
        signature.reminded_at = now
        session.add(signature)
    return verdict is Asking.NOW


def ask_at_last(session: Session, *, now: datetime, house: House) -> int:
    """Ask the mailboxes about signatures that had to wait, since they had had their mail for the day; how many.

    What was given in time is asked about after the deadline as well, until the list is signed off.
    """
    calls = session.exec(select(Call).where(col(Call.state).in_((CallState.OPEN, CallState.CLOSED)))).all()
    undecided = [call.id for call in calls if not is_signed_off(session, call)]
    waited = session.exec(_waited(), params={"calls": undecided, "a_day_ago": now - A_DAY}).all()
    verdicts = [ask_to_confirm(session, call, signature, now=now, house=house) for signature, call in waited]
    _record(session, "ask_at_last", verdicts.count(Asking.NOW), now=now)
    return verdicts.count(Asking.NOW)


@cache
def _waited() -> Select[Signature, Call]:
    of_calls = col(Call.id).in_(sa.bindparam("calls", expanding=True))
    return _pending().where(of_calls, col(Signature.asked_at).is_(None))


@cache
def _pending() -> Select[Signature, Call]:
    """What waits for a mailbox that may be asked now: those that may not stand in nobody's way.

    Written once: there is a ring every few seconds, and writing it takes longer than running it.
    """
    never = [col(Contact.address).istartswith(f"{local}@") for local in sorted(REFUSED_LOCALS)]
    return (
        select(Signature, Call)
        .join(Call, col(Call.id) == col(Signature.call_id))
        .join(Contact, col(Contact.id) == col(Signature.contact_id))
        .where(
            col(Signature.state) == SignatureState.PENDING,
            col(Call.paused_at).is_(None),
            ~sa.or_(*never),
            may_be_asked(sa.bindparam("a_day_ago")),
        )
        .order_by(col(Signature.id))
        .limit(AT_ONCE)
    )
