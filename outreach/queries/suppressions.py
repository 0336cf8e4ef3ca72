"""Reads suppressions: who is not written to, why, and by what evidence."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.suppressing import is_for_good
from outreach.store.tables import Call, Contact, Suppression, SuppressionReason

PAGE = 50


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """One suppression. ``call`` is "" for everything; without a contact only the digest of the address is left.

    ``for_good``: nobody but the person can take it back.
    """

    id: int
    reason: SuppressionReason
    call: str
    evidence: str
    at: datetime
    digest: str
    contact_id: int | None
    name: str
    address: str
    for_good: bool


@dataclass(frozen=True, slots=True)
class SuppressionPage:
    """Some suppressions, the newest first; ``next`` is what to begin below for more, 0 at the end."""

    suppressions: tuple[SuppressionRow, ...]
    next: int = 0


def list_suppressions(
    session: Session,
    *,
    digest: str = "",
    reason: SuppressionReason | None = None,
    scope: int | None = None,
    before: int = 0,
    limit: int = PAGE,
) -> SuppressionPage:
    """Those that meet all that is given; ``scope`` is a call's number, 0 for everything."""
    statement = (
        sa.select(Suppression, col(Call.slug), col(Contact.id), col(Contact.name), col(Contact.address))
        .outerjoin(Call, col(Call.id) == col(Suppression.scope))
        .outerjoin(Contact, col(Contact.address_digest) == col(Suppression.address_digest))
        .order_by(col(Suppression.id).desc())
        .limit(limit + 1)
    )
    if digest:
        statement = statement.where(col(Suppression.address_digest) == digest)
    if reason is not None:
        statement = statement.where(col(Suppression.reason) == reason)
    if scope is not None:
        statement = statement.where(col(Suppression.scope) == scope)
    if before:
        statement = statement.where(col(Suppression.id) < before)
    rows = [_row(*row) for row in session.execute(statement)]
    return SuppressionPage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else 0)


def _row(
    one: Suppression, slug: str | None, contact: int | None, name: str | None, address: str | None
) -> SuppressionRow:
    return SuppressionRow(
        one.id or 0,
        one.reason,
        slug or (f"call {one.scope}" if one.scope else ""),
        one.evidence,
        one.at,
        one.address_digest,
        contact,
        name or "",
        address or "",
        one.reason is SuppressionReason.ERASURE or is_for_good(one.evidence),
    )
