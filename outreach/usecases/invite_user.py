"""A user gets the link to choose a password, by mail."""

from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import address_digest
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.users import UserState
from outreach.store.calls import sender_values
from outreach.store.events import record
from outreach.store.tables import User
from outreach.store.texts import text_for
from outreach.usecases.queue_message import Recipient, add_message

VALID = timedelta(days=7)
"""So long a link to choose a password holds."""


def invite_user(session: Session, user: User, *, now: datetime, by: str, house: House, again: bool = False) -> None:
    """Queue the mail; the link in it is made when it leaves, and holds seven days from now.

    ``again``: she has logged in before. Refusal for who has a password or is disabled.
    """
    if user.state is not UserState.INVITED:
        raise Refusal(f"{user.address} is {user.state} and needs no invitation.")
    workspace = house.settings.workspace
    language = user.language or workspace.language
    to = Recipient(
        user.address, address_digest(user.address, house.salt), language, user.zone or workspace.time_zone
    )
    user.invited_at = now
    add_message(
        session,
        MessageKind.ACCESS,
        to,
        {
            "contact": {"email": user.address, "name": user.name},
            "sender": sender_values(house),
            "access": {"user": user.id, "stamp": user.stamp, "again": again},
        },
        text=text_for(session, MessageKind.ACCESS, language, house, now=now),
        occurrence=f"access:{user.id}:{user.stamp}:{now.isoformat()}",
        rehearsal=house.rehearsal,
        not_after=now + VALID,
        now=now,
    )
    record(session, at=now, by=by, verb="invite_user", subject="user", subject_id=user.id, again=again)
