"""What the workspace remembers of its own running: when the mailbox was last read, what the last look found."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.statements import insert_missing
from outreach.store.tables import WorkspaceFact

MAILBOX_READ = "mailbox_read_at"
PROBED = "probed"
PROBE_ASKED = "probe_asked_at"


def remember(session: Session, name: str, value: str) -> None:
    """Keep it, in the place of what was kept under that name."""
    row = insert_missing(session, WorkspaceFact).values(name=name, value=value)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value}))


def remembered(session: Session, name: str) -> str:
    """What is kept under that name; "" for nothing."""
    statement = sa.select(col(WorkspaceFact.value)).where(col(WorkspaceFact.name) == name)
    return str(session.execute(statement).scalar() or "")


def remembered_moment(session: Session, name: str) -> datetime | None:
    """The moment that is kept under that name; None for none."""
    kept = remembered(session, name)
    return datetime.fromisoformat(kept) if kept else None
