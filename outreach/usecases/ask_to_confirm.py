"""Asks a mailbox to confirm a signature, as often as is decent and no more."""

from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.floods import Asking, judge_asking
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState
from outreach.store.signing import asked_so_far, strangers_asked
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.tell_staff import tell_staff

REFUSED_LOCALS = frozenset({"abuse", "postmaster", "mailer-daemon"})
"""Who looks after a mail server is never asked (RFC 2142): what a stranger types must not bring our mail there."""
TOO_MANY = "too many sign at once"


def ask_to_confirm(
    session: Session,
    call: Call,
    signature: Signature,
    *,
    now: datetime,
    house: House,
    kind: MessageKind = MessageKind.CONFIRMATION,
) -> Asking:
    """Queue the mail that asks the mailbox, or say why it is not asked now."""
    session.flush()
    contact = session.get(Contact, signature.contact_id) if signature.contact_id else None
    if contact is None or contact.address.partition("@")[0].lower() in REFUSED_LOCALS:
        return Asking.NEVER
    asked = asked_so_far(session, signature, now)
    per_hour = house.settings.limits.confirmations_per_hour
    # Counting the strangers costs a look at the last hour: only where it matters.
    lately = 0 if signature.invited else strangers_asked(session, now)
    verdict = judge_asking(asked, invited=signature.invited, in_last_hour=lately, per_hour=per_hour)
    if verdict in (Asking.NOW, Asking.HELD):
        signature.asked_at = now
        session.add(signature)
        state = MessageState.HELD if verdict is Asking.HELD else MessageState.QUEUED
        reason = TOO_MANY if verdict is Asking.HELD else ""
        reminds = kind is MessageKind.CONFIRMATION_REMINDER
        zone = contact.time_zone or house.time_zone
        queue_for_signature(
            session,
            call,
            signature,
            kind,
            now=now,
            house=house,
            at=now,
            state=state,
            reason=reason,
            due_at=house.hours.next_allowed(now, zone) if reminds else now,
            not_after=call.deadline_at if reminds else None,
        )
    if verdict is Asking.HELD:
        what = "So many people sign by the public form that their confirmations wait until you have looked."
        command = f"outreach outbox show {call.slug} --state held"
        tell_staff(session, what, command, about=f"flood:{now:%Y-%m-%dT%H}", now=now, house=house)
    return verdict
