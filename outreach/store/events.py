"""The log of events: every verb appends to it in its own transaction."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from outreach.store.tables import Event


def record(
    session: Session, *, at: datetime, by: str, verb: str, subject: str, subject_id: int | None, **facts: Any
) -> None:
    """Append one line: ``by`` did ``verb`` to a thing. ``facts`` hold ids, counts and digests, no personal data."""
    session.add(Event(at=at, by=by, verb=verb, subject=subject, subject_id=subject_id or 0, facts=facts))
