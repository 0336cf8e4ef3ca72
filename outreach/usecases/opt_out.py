"""Somebody does not want to be written to: about one call, or at all."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.events import record
from outreach.store.queueing import cancel_unsent
from outreach.store.statements import insert_missing
from outreach.store.tables import Call, Contact, Message, Suppression, SuppressionReason
from outreach.store.wanted import OPTED_OUT

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
    insert = insert_missing(session, Suppression).on_conflict_do_nothing()
    added = session.execute(
        insert.values(
            address_digest=contact.address_digest,
            scope=scope,
            reason=SuppressionReason.OPT_OUT,
            evidence=evidence,
            at=now,
        )
    ).rowcount  # type: ignore[attr-defined]
    about: list[sa.ColumnElement[bool]] = [col(Message.call_id) == scope] if scope else []
    cancelled = cancel_unsent(
        session,
        now=now,
        reason=OPTED_OUT,
        where=[
            col(Message.address_digest) == contact.address_digest,
            col(Message.bulk).is_(True),
            col(Message.test).is_(False),
            *about,
        ],
    )
    if added:
        record(
            session,
            at=now,
            by=f"contact {contact.id}",
            verb="opt_out",
            subject="contact",
            subject_id=contact.id,
            scope=scope,
            evidence=evidence,
            cancelled=cancelled,
        )
    return bool(added)
