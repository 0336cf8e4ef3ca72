"""Who may come to the console: their roles, whether they have a device, and when they were last seen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.tables import Call, Sitting, User, UserRole


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role and for what: a call's short name, or "" for everything."""

    role: Role
    call: str = ""
    call_id: int = EVERYTHING


@dataclass(frozen=True, slots=True)
class UserLine:
    """One user. ``device``: a code is asked at the log-in. ``sittings``: in how many browsers she is logged in."""

    id: int
    address: str
    name: str
    state: UserState
    roles: tuple[RoleLine, ...]
    device: bool
    sittings: int
    invited_at: datetime
    last_seen_at: datetime | None


def user_lines(session: Session, now: datetime) -> list[UserLine]:
    """All users by name: there are as many as a secretariat has people."""
    return _lines(session, now, sa.select(User).order_by(sa.func.lower(User.name), col(User.id)))


def user_line(session: Session, user_id: int, now: datetime) -> UserLine | None:
    """One user; None if there is none of that id."""
    found = _lines(session, now, sa.select(User).where(col(User.id) == user_id))
    return found[0] if found else None


def _lines(session: Session, now: datetime, which: sa.Select[Any]) -> list[UserLine]:
    users = list(session.execute(which).scalars())
    ids = [user.id or 0 for user in users]
    roles = _roles(session, ids)
    open_ones = (
        sa.select(col(Sitting.user_id), sa.func.count())
        .where(col(Sitting.user_id).in_(ids), col(Sitting.complete).is_(True), col(Sitting.ends_at) > now)
        .group_by(col(Sitting.user_id))
    )
    sittings = {row[0]: int(row[1]) for row in session.execute(open_ones)}
    return [
        UserLine(
            user.id or 0,
            user.address,
            user.name,
            user.state,
            tuple(roles[user.id or 0]),
            bool(user.device),
            sittings.get(user.id or 0, 0),
            user.invited_at,
            user.last_seen_at,
        )
        for user in users
    ]


def _roles(session: Session, ids: list[int]) -> dict[int, list[RoleLine]]:
    """The roles of these users, those for everything first."""
    found = (
        sa.select(col(UserRole.user_id), col(UserRole.role), col(UserRole.call_id), col(Call.slug))
        .outerjoin(Call, col(Call.id) == col(UserRole.call_id))
        .where(col(UserRole.user_id).in_(ids))
        .order_by(col(UserRole.call_id))
    )
    roles: dict[int, list[RoleLine]] = defaultdict(list)
    for user_id, role, call_id, slug in session.execute(found):
        roles[user_id].append(RoleLine(role, slug or "", call_id))
    return roles
