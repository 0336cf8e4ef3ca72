"""Somebody new may come to the console."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.names import clean_line
from outreach.domain.users import EVERYTHING, Held, Role
from outreach.store.events import record
from outreach.store.tables import Call, User, UserRole
from outreach.store.users import find_user

LONGEST_NAME = 200


def add_user(
    session: Session,
    address: str,
    name: str,
    held: Iterable[Held],
    *,
    now: datetime,
    by: str,
    language: str = "",
    zone: str = "",
) -> User:
    """The new user, who has no password yet; ``invite_user`` brings the link to choose one.

    InvalidInput for an address that is none, without a name, and for roles that nobody can hold. Refusal when
    somebody has that address already.
    """
    key, called, roles = parse_address(address).key, clean_line(name, LONGEST_NAME), tuple(held)
    if not called:
        raise InvalidInput("A user needs a name, by which colleagues know who did what.")
    if not roles:
        raise InvalidInput("A user needs a role, for everything or for one call.")
    for one in roles:
        check_role(session, one)
    if find_user(session, key) is not None:
        raise Refusal(f"{key} is a user already.  outreach users show {key}")
    user = User(address=key, name=called, language=language, zone=zone, stamp=1, invited_at=now, created_at=now)
    session.add(user)
    session.flush()
    session.add_all(UserRole(user_id=user.id or 0, call_id=one.call_id, role=one.role) for one in roles)
    given = [{"role": one.role.value, "call": one.call_id} for one in roles]
    record(session, at=now, by=by, verb="add_user", subject="user", subject_id=user.id, roles=given)
    return user


def check_role(session: Session, held: Held) -> None:
    """Raises InvalidInput for a role that nobody can hold."""
    if held.call_id == EVERYTHING:
        return
    if held.role is Role.ADMINISTRATOR:
        raise InvalidInput("An administrator is one for everything, not for one call.")
    if session.get(Call, held.call_id) is None:
        raise InvalidInput(f"There is no call {held.call_id}.")
