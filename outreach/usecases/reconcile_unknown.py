"""Mails in doubt are settled by proof: a witness has them, or has seen everything and has them not."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import TO_OFFICIALS
from outreach.domain.proofs import Proof
from outreach.ports.witness import Seen
from outreach.reading.ours import message_ids
from outreach.rendering.personal import message_id
from outreach.store.doubts import Doubt, leave_by_one_machine, left_between, prove_not_taken, prove_taken
from outreach.store.events import record

BY: Final = "reconciliation"
LAG: Final = timedelta(seconds=60)
"""So long after a mail came into doubt it is not submitted once more where a witness may yet speak: logs lag."""
UNHEARD: Final = timedelta(hours=1)
"""The same, where a witness could not be asked."""


def reconcile_unknown(
    session: Session, doubts: Collection[Doubt], said: Collection[Seen], *, now: datetime, house: House
) -> tuple[int, int]:
    """Settle what is proven; how many were sent, and how many certainly not and wait again.

    That a log has not a mail proves something only if it holds a mail of ours that left before that one was
    claimed, and one that was claimed after it came into doubt: then it is the log of the right relay, covers the
    time, and does not lag behind. It proves nothing where other machines, with relays of their own, may have
    submitted the mail. A letter to an official never goes again by itself.
    """
    sent = again = 0
    begun = frozenset[str]().union(*(one.begun for one in said))
    alone = leave_by_one_machine(session)
    for doubt in doubts:
        name = message_id(doubt.message_id, house)
        showing = next((one for one in said if name in one.taken), None)
        if showing is not None:
            done = prove_taken(session, doubt, showing.proof, showing.taken[name], now=now)
            sent += done
            _record(session, doubt, showing.proof, now, done=done)
        elif not alone or name in begun or now - doubt.since < LAG or doubt.kind in TO_OFFICIALS:
            continue
        elif any(_covers(session, one, doubt, house) for one in said):
            done = prove_not_taken(session, doubt, Proof.NOT_IN_RELAY_LOG, now=now)
            again += done
            _record(session, doubt, Proof.NOT_IN_RELAY_LOG, now, done=done)
    return sent, again


def _covers(session: Session, said: Seen, doubt: Doubt, house: House) -> bool:
    """Whether the witness saw the whole time in which the mail could have been taken."""
    before, after = message_ids(said.first, house), message_ids(said.last, house)
    return left_between(session, before, until=doubt.claimed_at) and left_between(session, after, since=doubt.since)


def _record(session: Session, doubt: Doubt, proof: Proof, now: datetime, *, done: bool) -> None:
    if done:
        number = doubt.message_id
        record(
            session,
            at=now,
            by=BY,
            verb="reconcile_unknown",
            subject="message",
            subject_id=number,
            proof=proof.value,
        )
