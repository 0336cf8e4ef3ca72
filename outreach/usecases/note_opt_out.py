"""Staff note that somebody does not want to be written to, as that person said it: by telephone, in a meeting."""

from datetime import datetime

from sqlmodel import Session, select

from outreach.domain.errors import InvalidInput
from outreach.domain.names import clean_line
from outreach.store.events import record
from outreach.store.suppressing import NOTED, is_for_good, suppress
from outreach.store.tables import Call, Contact, Suppression, SuppressionReason

LONGEST = 300


def note_opt_out(
    session: Session, contact: Contact, words: str, *, call: Call | None = None, now: datetime, by: str
) -> bool:
    """Write no bulk mail to the contact any more, about one call or at all; False when it was so already.

    ``words`` say how the person asked for it, and are kept as the evidence. What the person asked for by herself
    keeps its own evidence. Raises InvalidInput without words.
    """
    said = clean_line(words, LONGEST)
    if not said:
        raise InvalidInput("Write down how it was said: on the telephone, at a meeting, on which day.")
    scope = call.id or 0 if call else 0
    stands = session.exec(
        select(Suppression).where(
            Suppression.address_digest == contact.address_digest,
            Suppression.scope == scope,
            Suppression.reason == SuppressionReason.OPT_OUT,
        )
    ).first()
    if stands is not None and is_for_good(stands.evidence):
        return False
    evidence = f"{NOTED} {by}: {said}"
    done = suppress(
        session, contact.address_digest, SuppressionReason.OPT_OUT, scope=scope, evidence=evidence, now=now
    )
    record(
        session,
        at=now,
        by=by,
        verb="note_opt_out",
        subject="contact",
        subject_id=contact.id,
        scope=scope,
        added=done.added,
        cancelled=done.cancelled,
    )
    return done.added
