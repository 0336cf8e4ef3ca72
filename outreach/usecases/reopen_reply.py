"""A person says that a reply waits after all."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.states import REPLY_MOVES, ReplyState, move
from outreach.store.events import record
from outreach.store.tables import Reply


def reopen_reply(session: Session, reply: Reply, *, now: datetime, by: str) -> bool:
    """Somebody must look at it again; False when it waits anyway. What was done because of it stays done."""
    if reply.state is ReplyState.WAITING:
        return False
    reply.state = move(reply.state, ReplyState.WAITING, REPLY_MOVES)
    reply.handled_by, reply.handled_at = "", None
    session.add(reply)
    record(session, at=now, by=by, verb="reopen_reply", subject="reply", subject_id=reply.id)
    return True
