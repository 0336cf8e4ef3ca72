"""The sending account's breaker, and what has left lately."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.judging import Rest
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
    """Open the breaker: until the wait is over, or until a person has looked."""
    account = session.get(Account, NAME) or Account(name=NAME)
    account.needs_person = account.needs_person or rest.wait is None
    account.rests_until = now + rest.wait if rest.wait is not None else account.rests_until
    account.reason = rest.reason
    account.since = now
    session.add(account)


def wake(session: Session) -> bool:
    """Close the breaker; False when it was closed."""
    account = session.get(Account, NAME)
    if account is None or (account.rests_until is None and not account.needs_person):
        return False
    account.rests_until, account.needs_person, account.reason, account.since = None, False, "", None
    session.add(account)
    return True


def left_lately(session: Session, now: datetime) -> list[tuple[datetime, str]]:
    """When the mails of the last 24 hours left, oldest first, each with its recipient's domain."""
    rows = session.execute(
        sa.select(col(Message.sent_at), col(Message.domain))
        .where(col(Message.sent_at) > now - timedelta(days=1))
        .order_by(col(Message.sent_at))
    )
    return [(sent_at, domain) for sent_at, domain in rows if sent_at is not None]
