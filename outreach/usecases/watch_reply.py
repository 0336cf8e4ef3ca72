"""Somebody opens a reply, or leaves it: others see it before they work on the same one."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.replies import LONG_WATCHED, WATCHED
from outreach.store.statements import insert_missing
from outreach.store.tables import ReplyWatch


def watch_reply(session: Session, reply_id: int, user_id: int, *, now: datetime) -> None:
    """She has this reply open, since now or, if she is heard of again, since before; and no other one.

    What is open has no line in the log: nothing follows from it.
    """
    session.execute(_of(user_id).where(sa.or_(col(ReplyWatch.reply_id) != reply_id, _forgotten(now))))
    held = session.get(ReplyWatch, (reply_id, user_id))
    if held is None:
        row = insert_missing(session, ReplyWatch).values(reply_id=reply_id, user_id=user_id, at=now)
        session.execute(row.on_conflict_do_nothing())
    elif held.at < now - (WATCHED - timedelta(minutes=2)):
        held.at = now - LONG_WATCHED  # it counts on; that it began earlier no longer matters


def leave_reply(session: Session, reply_id: int, user_id: int) -> None:
    """She has it open no more."""
    session.execute(_of(user_id).where(col(ReplyWatch.reply_id) == reply_id))


def _of(user_id: int) -> sa.Delete:
    gone = sa.delete(ReplyWatch).where(col(ReplyWatch.user_id) == user_id)
    return gone.execution_options(synchronize_session=False)


def _forgotten(now: datetime) -> sa.ColumnElement[bool]:
    return col(ReplyWatch.at) < now - WATCHED
