"""The sending account's breaker, and what has left lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.judging import ACCOUNT_RESTS, Rest
from outreach.domain.states import MessageState
from outreach.store.prepared import PreparedFor, Wording, as_moment
from outreach.store.statements import insert_missing
from outreach.store.tables import Account, Message
from outreach.store.tables.messages import UNDER_WAY

NAME = "smtp"
ACCOUNT: sa.Table = Account.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether the account may submit: ``rests_until`` a moment, or until a person has looked (``needs_person``)."""

    rests_until: datetime | None = None
    needs_person: bool = False
    reason: str = ""

    def rests(self, now: datetime) -> bool:
        """Whether nothing may leave now."""
        return self.needs_person or (self.rests_until is not None and self.rests_until > now)

    def has_rested(self, now: datetime) -> bool:
        """Whether it rested, and the time is over."""
        return self.rests_until is not None and not self.rests(now)


def look_at(session: Session) -> Breaker:
    """The account's breaker as it stands."""
    for rests_until, needs_person, reason in _LOOK.run(session):
        return Breaker(as_moment(rests_until), bool(needs_person), reason)
    return Breaker()


def resting(session: Session, now: datetime) -> Account | None:
    """The account while it rests or waits for a person; None while mails may leave."""
    account = session.get(Account, NAME)
    if account is None:
        return None
    return account if Breaker(account.rests_until, account.needs_person).rests(now) else None


def let_rest(session: Session, rest: Rest, now: datetime) -> None:
    """Open the breaker: until the wait is over, or until a person has looked, whichever asks for more."""
    session.execute(insert_missing(session, Account).values(name=NAME).on_conflict_do_nothing())
    account = session.get_one(Account, NAME, with_for_update=True)  # two workers may be refused at once
    if rest.wait is not None and account.needs_person:
        return
    account.needs_person = rest.wait is None
    account.rests_until = now + rest.wait if rest.wait is not None else None
    account.reason = rest.reason
    account.since = now
    session.add(account)
    session.flush()


def wake(session: Session, now: datetime) -> bool:
    """Close the breaker; False when it was closed. What came back because of it need not wait any longer."""
    account = session.get(Account, NAME)
    if account is None or (account.rests_until is None and not account.needs_person):
        return False
    account.rests_until, account.needs_person, account.reason, account.since = None, False, "", None
    session.add(account)
    session.execute(
        sa.update(Message)
        .where(col(Message.state) == MessageState.DEFERRED, col(Message.reason) == ACCOUNT_RESTS)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
    return True


def left_lately(session: Session, now: datetime, owner: str) -> list[tuple[datetime, str, int]]:
    """When the mails of the last 24 hours were claimed, oldest first, to which domain, and how many.

    What others than ``owner`` are submitting at the moment counts as well: one of them may be dead.

    Of those before the last minute only the account's limits still ask: they are told by the minute, at its last
    moment, without a domain.
    """
    at, since, lately = col(Message.claimed_at), now - timedelta(days=1), now - timedelta(minutes=1)
    of_the_day = (col(Message.settled_at) > since, at > since)  # the first has an index
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    minute = sa.func.substr(at, 1, len("2027-01-11 12:00")) if on_sqlite else sa.func.date_trunc("minute", at)
    last = sa.type_coerce(sa.func.max(at), ACCOUNT.c.since.type)
    before = sa.select(last, sa.literal(""), sa.func.count()).where(*of_the_day, at <= lately).group_by(minute)
    just_now = sa.select(at, col(Message.domain), sa.literal(1)).where(*of_the_day, at > lately)
    others = (UNDER_WAY, col(Message.claimed_by) != owner)
    under_way = sa.select(at, col(Message.domain), sa.literal(1)).where(*others, at > since)
    return sorted(
        (moment, domain, many)
        for each in (before, just_now, *([] if on_sqlite else [under_way]))  # there nobody else submits
        for moment, domain, many in session.execute(each)
        if moment is not None
    )


def _look(_wording: Wording) -> sa.Select[Any]:
    columns = ACCOUNT.c.rests_until, ACCOUNT.c.needs_person, ACCOUNT.c.reason
    return sa.select(*columns).where(ACCOUNT.c.name == NAME)


_LOOK = PreparedFor(_look)
