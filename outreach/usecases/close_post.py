"""A post exists no more: no new letter is addressed to it, and what was exchanged with it stays."""

from datetime import datetime

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.store.events import record
from outreach.store.tables import Post


def close_post(session: Session, post: Post, *, now: datetime, by: str) -> None:
    """Close the post. Raises Refusal if it is closed."""
    if post.closed_at:
        raise Refusal(f"The post {post.slug} is closed already.")
    post.closed_at = post.updated_at = now
    session.add(post)
    session.flush()
    record(session, at=now, by=by, verb="close_post", subject="post", subject_id=post.id)
