"""When staff were last told how things stand."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.statements import insert_missing
from outreach.store.tables import WorkspaceFact

LOOKED_AT = "digest_at"
NEVER = datetime.min.replace(tzinfo=UTC)


def begin_digest(session: Session, moment: datetime, *, now: datetime) -> datetime | None:
    """Look, for the digest of ``moment``, at how things stand; when that was done before, or None if it was since.

    Of several workers one looks.
    """
    first = insert_missing(session, WorkspaceFact).values(name=LOOKED_AT, value=NEVER.isoformat())
    session.execute(first.on_conflict_do_nothing())
    here = col(WorkspaceFact.name) == LOOKED_AT
    last = session.execute(sa.select(col(WorkspaceFact.value)).where(here).with_for_update()).scalar_one()
    looked = datetime.fromisoformat(last)
    if looked >= moment:
        return None
    session.execute(sa.update(WorkspaceFact).where(here).values(value=now.astimezone(UTC).isoformat()))
    return looked
