"""Finds users, the roles they hold, and who it is that sits before a browser."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from outreach.domain.addresses import parse_address
from outreach.domain.errors import Busy, InvalidInput
from outreach.domain.users import EVERYTHING, Held, Role, UserState
from outreach.store.database import Database
from outreach.store.tables import Sitting, User, UserRole

TOUCHED_EVERY = timedelta(minutes=1)
"""So often at most a page writes down that somebody was there."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a log-in compares a password with. Of nobody who can log in: ``user_id`` 0 and ``kept`` ""."""

    user_id: int = 0
    kept: str = ""


def find_user(session: Session, address: str) -> User | None:
    """The user of that log-in name, in whatever case it is typed; None for nobody."""
    try:
        key = parse_address(address).key
    except InvalidInput:
        return None
    return session.exec(select(User).where(User.address == key)).first()


def user_at(session: Session, address: str) -> User:
    """The same, to be changed; InvalidInput for nobody."""
    user = find_user(session, address)
    if user is None:
        raise InvalidInput(f'There is no user "{address}". All there are:  outreach users list')
    return user


def known_as(session: Session, address: str) -> Known:
    """What a password for that log-in name is compared with."""
    user = find_user(session, address)
    if user is None or user.state is not UserState.ACTIVE:
        return Known()
    return Known(user.id or 0, user.password)


def roles_held(session: Session, user_id: int) -> tuple[Held, ...]:
    """The roles of a user, the one for everything first."""
    rows = session.exec(select(UserRole).where(UserRole.user_id == user_id).order_by(col(UserRole.call_id)))
    return tuple(Held(row.role, row.call_id) for row in rows)


def locked(session: Session, user_id: int) -> User:
    """The user as she is now, and nobody else changes her until this transaction ends."""
    found = select(User).where(User.id == user_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).one()


def administrators(session: Session) -> frozenset[int]:
    """Who can log in and is administrator for everything; none of them changes until this transaction ends."""
    held = select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR, UserRole.call_id == EVERYTHING)
    found = select(User).where(User.state == UserState.ACTIVE, col(User.id).in_(held)).order_by(col(User.id))
    session.exec(found.with_for_update()).all()
    # Asked anew: who waited for the lock must see what was changed under it, of the roles as well.
    rows = session.exec(found.execution_options(populate_existing=True))
    return frozenset(user.id or 0 for user in rows)


def sittings_of(session: Session, user_id: int, now: datetime, *, idle: timedelta) -> list[Sitting]:
    """Where the user is logged in, the last seen first."""
    rows = session.exec(
        select(Sitting)
        .where(Sitting.user_id == user_id, col(Sitting.complete).is_(True), col(Sitting.ends_at) > now)
        .order_by(col(Sitting.seen_at).desc(), col(Sitting.id))
    )
    return [one for one in rows if one.seen_at + idle > now]


def new_token() -> str:
    """What a cookie holds: 256 random bits, which nobody but the browser keeps."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What we keep of a cookie: whoever reads the database cannot sit down in anybody's place."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def seat_of(
    database: Database, token: str, now: datetime, *, idle: timedelta
) -> tuple[User, Sitting, tuple[Held, ...]] | None:
    """Who sits there with that cookie, and the roles she holds; once a minute that she was seen is written down.

    None for a cookie that is unknown, has ended or was idle for too long, for who cannot log in any more, and
    while something is still asked of her (``half_seated``).
    """
    found = _seated(database, token, now, idle=idle)
    if found is None or not found[1].complete:
        return None
    if found[1].seen_at + TOUCHED_EVERY <= now:
        _touch(database, found[1].id or 0, now)
    return found


def still_seated(session: Session, sitting_id: int, now: datetime, *, idle: timedelta) -> tuple[Held, ...] | None:
    """The roles of who was let in with that sitting; None once she has logged out, or gets in no more.

    It is for pages that look by themselves, which is no sign that somebody is there: nothing is written down.
    """
    both = select(User, Sitting).join(Sitting, col(Sitting.user_id) == User.id)
    found = session.exec(both.where(Sitting.id == sitting_id)).first()
    if found is None or not found[1].complete or not _lasts(*found, now, idle):
        return None
    return roles_held(session, found[1].user_id)


def half_seated(database: Database, token: str, now: datetime) -> tuple[User, Sitting] | None:
    """Who has given her password and not yet her code, or must set up a device first; None for anybody else."""
    found = _seated(database, token, now, idle=timedelta.max)
    return None if found is None or found[1].complete else found[:2]


def _seated(
    database: Database, token: str, now: datetime, *, idle: timedelta
) -> tuple[User, Sitting, tuple[Held, ...]] | None:
    with database.reading() as session:
        both = select(User, Sitting).join(Sitting, col(Sitting.user_id) == User.id)
        found = session.exec(both.where(Sitting.digest == digest_of(token))).first()
        if found is None:
            return None
        user, sitting = found
        return (user, sitting, roles_held(session, sitting.user_id)) if _lasts(user, sitting, now, idle) else None


def _lasts(user: User, sitting: Sitting, now: datetime, idle: timedelta) -> bool:
    return user.state is UserState.ACTIVE and now < sitting.ends_at and now - sitting.seen_at < idle


def _touch(database: Database, sitting_id: int, now: datetime) -> None:
    with suppress(Busy), database.changing(hasty=True) as session:  # the next page will do
        sitting = session.get(Sitting, sitting_id)
        if sitting is not None:
            sitting.seen_at = now
            session.get_one(User, sitting.user_id).last_seen_at = now
