"""Staff take back a suppression that rests on what somebody of them understood or noted, and that was a mistake."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.names import clean_line
from outreach.store.events import record
from outreach.store.suppressing import is_for_good, lift
from outreach.store.tables import Contact, Suppression, SuppressionReason

LONGEST = 300


def lift_suppression(session: Session, suppression: Suppression, why: str, *, now: datetime, by: str) -> int:
    """Let the address be written to again; how many messages wait again that the suppression had cancelled.

    Raises Refusal for what a person asked for by herself, and for an erasure: those stand for good, whoever asks.
    Raises InvalidInput without a reason.
    """
    reason = clean_line(why, LONGEST)
    if not reason:
        raise InvalidInput("Say why it was a mistake; the log keeps it.")
    if suppression.reason is SuppressionReason.ERASURE:
        raise Refusal("The person was erased on request; that is never taken back.")
    if is_for_good(suppression.evidence):
        raise Refusal("The person asked for it; nobody else can take it back.")
    digest = suppression.address_digest
    contact = session.exec(select(Contact.id).where(col(Contact.address_digest) == digest)).first()
    waits = lift(session, digest, suppression.reason, scope=suppression.scope, noted=True)
    record(
        session,
        at=now,
        by=by,
        verb="lift_suppression",
        subject="contact",
        subject_id=contact,
        reason=suppression.reason.value,
        scope=suppression.scope,
        why=reason,
        waits=waits,
    )
    return waits
