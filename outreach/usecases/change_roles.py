"""What somebody may do is changed: for everything, or for one call."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.errors import Refusal
from outreach.domain.users import EVERYTHING, Held, Role
from outreach.store.events import record
from outreach.store.tables import User, UserRole
from outreach.store.users import administrators
from outreach.usecases.add_user import check_role

LAST = "{name} is the last administrator who can log in. Make somebody else one first."


def change_roles(
    session: Session, user: User, changes: Mapping[int, Role | None], *, now: datetime, by: str
) -> bool:
    """Give the user these roles, by call id (EVERYTHING for all); None takes a role away. False: it was so already.

    InvalidInput for a role that nobody can hold. Refusal when nobody would be left to administer.
    """
    for call_id, role in changes.items():
        if role is not None:
            check_role(session, Held(role, call_id))
    if changes.get(EVERYTHING, Role.ADMINISTRATOR) is not Role.ADMINISTRATOR:
        keep_an_administrator(session, user)
    held = {one.call_id: one for one in session.exec(select(UserRole).where(UserRole.user_id == user.id))}
    changed = []
    for call_id, role in changes.items():
        before = held.get(call_id)
        if (before.role if before else None) is role:
            continue
        if role is None and before is not None:
            session.delete(before)
        elif role is not None:
            session.add(_with(before or UserRole(user_id=user.id or 0, call_id=call_id, role=role), role))
        changed.append({"call": call_id, "role": role.value if role else ""})
    session.flush()
    if changed:
        record(session, at=now, by=by, verb="change_roles", subject="user", subject_id=user.id, roles=changed)
    return bool(changed)


def _with(row: UserRole, role: Role) -> UserRole:
    row.role = role
    return row


def keep_an_administrator(session: Session, user: User) -> None:
    """Raises Refusal for the last administrator who can log in; none other changes until the transaction ends."""
    if administrators(session) == {user.id}:
        raise Refusal(LAST.format(name=user.address))
