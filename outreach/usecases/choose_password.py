"""Somebody chooses a password with the link that was mailed to her."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.domain.passwords import hashed
from outreach.domain.users import UserState, weak
from outreach.rendering.access import read_access
from outreach.store.events import record
from outreach.store.tables import User
from outreach.store.users import locked
from outreach.usecases.end_sittings import end_sittings
from outreach.usecases.invite_user import VALID


def welcomed(session: Session, token: str, *, now: datetime, house: House) -> User | None:
    """Whose link it is; None for one that was never ours, was used, is older than seven days, or was made void."""
    ids = read_access(token, house)
    user = session.get(User, ids[0]) if ids else None
    if ids is None or user is None or user.state is not UserState.INVITED or user.stamp != ids[1]:
        return None
    return user if now < user.invited_at + VALID else None


def choose_password(session: Session, token: str, password: str, *, now: datetime, house: House) -> User | None:
    """The user, who can log in from now on; None where the link does not hold (``welcomed``).

    InvalidInput with the reason for a password that is too weak; the link holds on.
    """
    found = welcomed(session, token, now=now, house=house)
    user = welcomed(session, token, now=now, house=house) if found and locked(session, found.id or 0) else None
    if user is None:
        return None
    keep_password(user, password, house)
    user.state = UserState.ACTIVE
    end_sittings(session, user, now=now, by=user.address)
    record(session, at=now, by=user.address, verb="choose_password", subject="user", subject_id=user.id)
    return user


def keep_password(user: User, password: str, house: House) -> None:
    """Keep the password and make older links void. InvalidInput with the reason for a weak one."""
    if why := weak(password, user.address, user.name, house.settings.workspace.name):
        raise InvalidInput(why)
    user.password = hashed(password)
    user.stamp += 1
