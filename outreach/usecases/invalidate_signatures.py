"""Rejects many signatures at once, by a pattern in their names or their domain: after a flood of forged ones."""

import fnmatch
from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.accept_signature import REJECTABLE, reject_signatures


def matching(session: Session, call: Call, *, name: str = "", domain: str = "") -> list[Signature]:
    """The signatures that count or wait, with such a name (``*`` and ``?``, case aside) and mailbox (a domain).

    Raises Refusal when neither is given: everything is not a pattern.
    """
    if not name.strip("*? ") and not domain.strip():
        raise Refusal("Give a pattern of the name (such as '*casino*') or a domain; everything is not a pattern.")
    statement = (
        select(Signature)
        .outerjoin(Contact, col(Contact.id) == col(Signature.contact_id))
        .where(Signature.letter_id == call.letter_id, col(Signature.state).in_(REJECTABLE))
        .order_by(col(Signature.id))
    )
    if domain:
        statement = statement.where(Contact.domain == domain.strip().lower())
    pattern = name.casefold() or "*"
    return [one for one in session.exec(statement) if fnmatch.fnmatchcase(one.name.casefold(), pattern)]


def invalidate_signatures(
    session: Session,
    call: Call,
    *,
    name: str = "",
    domain: str = "",
    reason: str,
    now: datetime,
    house: House,
    by: str,
) -> int:
    """Reject all of them; how many. Each can be restored by itself."""
    found = matching(session, call, name=name, domain=domain)
    reject_signatures(session, found, now=now, house=house, by=by, reason=reason)
    return len(found)
