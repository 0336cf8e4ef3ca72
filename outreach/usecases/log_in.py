"""Somebody logs in with her password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.names import clean_line
from outreach.domain.users import UserState
from outreach.store.events import record
from outreach.store.tables import Sitting, User
from outreach.store.users import Known, digest_of, locked, new_token

HALF = timedelta(minutes=10)
"""So long somebody may look for her device."""
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new sitting: what the browser keeps as its cookie. ``complete``: nothing more is asked."""

    token: str
    complete: bool
    user: User


def log_in(session: Session, known: Known, *, agent: str, now: datetime, house: House) -> LoggedIn | None:
    """The new sitting of somebody whose password was right; None if she was disabled or it was changed meanwhile.

    ``known`` is what ``store.users.known_as`` found and ``domain.passwords.fits`` compared: outside this
    transaction, so that nobody who guesses keeps others from writing. What else is asked (a code of her device; a
    device, where the workspace demands one) must come within ten minutes.
    """
    if not known.user_id:
        return None
    user = locked(session, known.user_id)
    if user.state is not UserState.ACTIVE or user.password != known.kept:
        return None
    complete = not asked_for_more(user, house)
    token = begin_sitting(session, user, agent, complete=complete, now=now, house=house)
    record(session, at=now, by=user.address, verb="log_in", subject="user", subject_id=user.id, complete=complete)
    return LoggedIn(token, complete, user)


def asked_for_more(user: User, house: House) -> bool:
    """Whether a password alone does not do: there is a device, or there must be one."""
    return bool(user.device) or house.settings.console.second_factor == "required"


def begin_sitting(session: Session, user: User, agent: str, *, complete: bool, now: datetime, house: House) -> str:
    """A new sitting of the user, whose password was right; its token. Those that have ended are forgotten."""
    session.execute(sa.delete(Sitting).where(col(Sitting.user_id) == user.id, col(Sitting.ends_at) <= now))
    token = new_token()
    lasts = timedelta(days=house.settings.console.log_in_days) if complete else HALF
    called = clean_line(agent, LONGEST_AGENT)
    session.add(
        Sitting(
            digest=digest_of(token),
            user_id=user.id or 0,
            complete=complete,
            agent=called,
            since=now,
            seen_at=now,
            ends_at=now + lasts,
        )
    )
    if complete:
        user.last_seen_at = now
    return token
