"""Waves of invitations: whoever signed an earlier letter is invited at the launch, the others some days later."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from outreach.domain.audiences import Audience
from outreach.domain.kinds import MessageKind
from outreach.domain.reminders import parse_offset
from outreach.store.audiences import chosen, members
from outreach.store.tables import Call, Contact, Mailing, Message

OTHERS = "others"
"""The occurrence of the invitation that goes to those whose turn comes later."""


def others_at(call: Call, launched_at: datetime | None = None) -> datetime | None:
    """When the others are invited, for a call that was launched then; None if all are invited together."""
    audience, launched = Audience.read(call.audience), launched_at or call.launched_at
    if not audience.first_signed or launched is None:
        return None
    return launched + parse_offset(audience.others_after).length


def first_wave(call: Call) -> list[sa.ColumnElement[bool]]:
    """Conditions on the contact table: who signed one of the letters whose signatories are invited first."""
    return chosen(Audience(signed=Audience.read(call.audience).first_signed), b"")


def of_this_wave(call: Call, mailing: Mailing) -> list[sa.ColumnElement[bool]]:
    """Conditions on the contact table: to which members of the audience an invitation goes, as one of the waves.

    The others are all who have no invitation under this deadline, whatever became of it: nobody gets two.
    """
    if mailing.occurrence == OTHERS:
        return [~_invited(call, mailing)]
    later = others_at(call)
    return first_wave(call) if later is not None and mailing.created_at < later else []


def _invited(call: Call, mailing: Mailing) -> sa.Exists:
    wave, sent = aliased(Mailing), aliased(Message)
    same_deadline = sa.select(col(wave.id)).where(
        col(wave.call_id) == call.id,
        col(wave.kind) == MessageKind.INVITATION,
        col(wave.deadline_revision) == mailing.deadline_revision,
        col(wave.id) != mailing.id,
    )
    return sa.exists().where(
        col(sent.address_digest) == col(Contact.address_digest), col(sent.mailing_id).in_(same_deadline)
    )


def count_first(session: Session, call: Call, salt: bytes, column: Any) -> dict[str, int]:
    """How many members are in the first wave for each value of a column of the contact table."""
    inside = col(Contact.id).in_(members(call, salt))
    rows = session.execute(sa.select(column, sa.func.count()).where(inside, *first_wave(call)).group_by(column))
    return {value: count for value, count in rows}  # noqa: C416  a row is no pair to dict()


def count_to_come(session: Session, call: Call, mailing: Mailing, salt: bytes) -> int:
    """To how many a planned second wave would go now."""
    inside = col(Contact.id).in_(members(call, salt))
    counted = sa.select(sa.func.count(col(Contact.id))).where(inside, *of_this_wave(call, mailing))
    return int(session.execute(counted).scalar_one())
