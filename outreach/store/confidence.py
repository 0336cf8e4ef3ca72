"""Which letters are in confidence: no public page says anything of them until the coalition has published them."""

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.correspondence import IN_CONFIDENCE, RoundKind
from outreach.domain.states import CallState
from outreach.store.tables import Call, Letter


def in_confidence(session: Session, call: Call) -> bool:
    """Whether the letter is of such a kind, or its call asks named organisations only, and it is not released."""
    if call.state is CallState.RELEASED:
        return False
    return call.round is RoundKind.APPROVAL or session.get_one(Letter, call.letter_id).kind in IN_CONFIDENCE


def not_in_confidence() -> sa.ColumnElement[bool]:
    """The same as a condition on the call table: whose letter a public page may show."""
    private = sa.exists().where(col(Letter.id) == col(Call.letter_id), col(Letter.kind).in_(IN_CONFIDENCE))
    return sa.or_(col(Call.state) == CallState.RELEASED, sa.and_(col(Call.round) == RoundKind.PUBLIC, ~private))
