"""The sending account's breaker, and what has left lately."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.judging import ACCOUNT_RESTS, Rest
from outreach.domain.states import MessageState
from outreach.store.statements import insert_missing
from outreach.store.tables import Account, Message

NAME = "smtp"


def resting(session: Session, now: datetime) -> Account | None:
    """The account while it rests or waits for a person; None while mails may leave."""
    account = session.get(Account, NAME)
    if account is None:
        return None
    rests = account.needs_person or (account.rests_until is not None and account.rests_until > now)
    return account if rests else None


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


def left_lately(session: Session, now: datetime) -> list[tuple[datetime, str]]:
    """When the mails of the last 24 hours were claimed, oldest first, each with its recipient's domain."""
    since = now - timedelta(days=1)
    rows = session.execute(
        sa.select(col(Message.claimed_at), col(Message.domain))
        .where(col(Message.settled_at) > since, col(Message.claimed_at) > since)  # the first has an index
        .order_by(col(Message.claimed_at))
    )
    return [(claimed_at, domain) for claimed_at, domain in rows if claimed_at is not None]
