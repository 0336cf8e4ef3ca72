"""A post was closed by mistake, or exists again: letters may be addressed to it."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.store.events import record
from outreach.store.tables import Post


def reopen_post(session: Session, post: Post, *, now: datetime, by: str) -> None:
    """Open the post again. Raises Refusal if it is not closed."""
    if not post.closed_at:
        raise Refusal(f"The post {post.slug} is open.")
    post.closed_at, post.updated_at = None, now
    session.add(post)
    session.flush()
    record(session, at=now, by=by, verb="reopen_post", subject="post", subject_id=post.id)
