"""Somebody has lost her password, her device, or both."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.users import UserState
from outreach.store.events import record
from outreach.store.tables import User
from outreach.store.users import locked
from outreach.usecases.end_sittings import end_sittings


def reset_user(
    session: Session, user_id: int, *, password: bool = False, device: bool = False, now: datetime, by: str
) -> User:
    """The user, logged out everywhere, and without what she has lost.

    Without a password she is invited anew: a link (``access_link``, ``invite_user``) holds seven days from now.
    InvalidInput if nothing was lost; Refusal for who is disabled.
    """
    if not (password or device):
        raise InvalidInput("Say what was lost: the password, the device, or both.")
    user = locked(session, user_id)
    if user.state is UserState.DISABLED:
        raise Refusal(f"{user.address} is disabled.  outreach users enable {user.address}")
    if password:
        user.state, user.password, user.invited_at = UserState.INVITED, "", now
    if device:
        user.device, user.counter = "", 0
    user.stamp += 1
    end_sittings(session, user, now=now, by=by)
    record(
        session,
        at=now,
        by=by,
        verb="reset_user",
        subject="user",
        subject_id=user.id,
        password=password,
        device=device,
    )
    return user
