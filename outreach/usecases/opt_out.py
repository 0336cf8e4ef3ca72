"""Somebody does not want to be written to: about one call, or at all."""

from datetime import datetime

from sqlmodel import Session

from outreach.store.events import record
from outreach.store.suppressing import suppress
from outreach.store.tables import Call, Contact, SuppressionReason

EVERYTHING = 0


def opt_out(
    session: Session, contact: Contact, *, scope: int, evidence: str, now: datetime, answers: Call | None = None
) -> bool:
    """Suppress bulk mail to the contact's address: of the call ``scope``, or of everything (0).

    From the commit on none is claimed; what waits is cancelled here. ``answers`` is the call whose mail it
    answers: nothing that is done in a rehearsal reaches beyond it. False when it was so already.
    """
    if answers is not None and answers.rehearsal:
        scope = answers.id or 0
    done = suppress(
        session, contact.address_digest, SuppressionReason.OPT_OUT, scope=scope, evidence=evidence, now=now
    )
    if done.added:
        record(
            session,
            at=now,
            by=f"contact {contact.id}",
            verb="opt_out",
            subject="contact",
            subject_id=contact.id,
            scope=scope,
            evidence=evidence,
            cancelled=done.cancelled,
        )
    return done.added
