"""The next moment at which the clock has something to do."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.states import CallState, MailingState
from outreach.store.tables import Call, Mailing


def next_moment(session: Session, now: datetime) -> datetime | None:
    """The earliest planned mailing, deadline or release after ``now``; None when nothing is planned."""
    moments = [
        sa.select(sa.func.min(col(Mailing.earliest_at))).where(
            col(Mailing.state) == MailingState.PLANNED, col(Mailing.earliest_at) > now
        ),
        sa.select(sa.func.min(col(Call.deadline_at))).where(
            col(Call.state) == CallState.OPEN, col(Call.deadline_at) > now
        ),
        sa.select(sa.func.min(col(Call.release_at))).where(
            col(Call.state) == CallState.CLOSED, col(Call.release_at) > now
        ),
    ]
    found = [session.execute(statement).scalar() for statement in moments]
    return min((moment for moment in found if moment is not None), default=None)
