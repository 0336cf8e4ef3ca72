"""Staff correct what is known of a post: where it is, in which languages and by which ways it is written to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.addresses import digest_or_nothing
from outreach.domain.errors import Refusal
from outreach.domain.officials.posts import BLANK, faults_of
from outreach.store.events import record
from outreach.store.officials import refuse_closed
from outreach.store.tables import Post
from outreach.usecases.authorise_letter import lapse_consents


def edit_official(
    session: Session, post: Post, details: Mapping[str, Any], *, now: datetime, by: str, house: House
) -> tuple[str, ...]:
    """The columns of the post that have another value now; those that ``details`` do not name stay as they are.

    Raises Refusal when no letter could go to the post with them, or when it is closed.
    """
    refuse_closed(post)
    before = {column: getattr(post, column) for column in BLANK}
    changed = {column: value for column, value in details.items() if before[column] != value}
    if not changed:
        return ()
    if faults := list(faults_of({**before, **changed}, house.own_mailboxes)):
        raise Refusal(*(f"The post {post.slug}: {field.value} {reason}." for field, reason in faults))
    for column, value in changed.items():
        setattr(post, column, value)
    post.address_digest = digest_or_nothing(post.address, house.salt)
    post.updated_at = now
    session.add(post)
    session.flush()
    if changed.keys() - {"note", "source"}:
        lapse_consents(session, post)
    columns = tuple(sorted(changed))
    record(session, at=now, by=by, verb="edit_official", subject="post", subject_id=post.id, columns=list(columns))
    return columns
