"""A person has seen to a reply."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.states import REPLY_MOVES, ReplyState, move
from outreach.store.events import record
from outreach.store.tables import Reply


def finish_reply(session: Session, reply: Reply, *, now: datetime, by: str) -> bool:
    """Nobody waits for it any more; False when it was so already."""
    if reply.state is ReplyState.DONE:
        return False
    reply.state = move(reply.state, ReplyState.DONE, REPLY_MOVES)
    reply.handled_by, reply.handled_at = by, now
    session.add(reply)
    record(session, at=now, by=by, verb="finish_reply", subject="reply", subject_id=reply.id)
    return True
