"""Asks a mailbox to confirm a signature, as often as is decent and no more."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.addresses import Address, address_digest, flood_key, parse_address
from outreach.domain.floods import STRANGER, Asking, judge_asking
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.store.editions import is_signed_off
from outreach.store.signing import asked_so_far, of_one_mailbox, strangers_asked
from outreach.store.tables import Call, Contact, Signature
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.tell_staff import tell_staff

REFUSED_LOCALS = frozenset({"abuse", "postmaster", "mailer-daemon"})
"""Who looks after a mail server is never asked (RFC 2142): what a stranger types must not bring our mail there."""
TOO_MANY = "too many sign at once"
ASKED = (Asking.NOW, Asking.HELD)
"""There is a mail, though a person may have to look at it first."""


def mailbox_of(parsed: Address, house: House) -> str:
    """What makes two addresses one mailbox for the limits, as it is kept on a signature."""
    return address_digest(flood_key(parsed), house.salt)


def may_ask(session: Session, signature: Signature, *, invited: bool, now: datetime, house: House) -> Asking:
    """Whether the signature's mailbox would be asked now; ``invited``: on behalf of whom a link was made for."""
    session.flush()
    contact = session.get(Contact, signature.contact_id) if signature.contact_id else None
    if contact is None or contact.address.partition("@")[0].lower() in REFUSED_LOCALS:
        return Asking.NEVER
    asked = asked_so_far(session, signature, now)
    per_hour = house.settings.limits.confirmations_per_hour
    # Counting the strangers costs a look at the last hour: only where it matters.
    lately = 0 if invited else strangers_asked(session, now)
    return judge_asking(asked, invited=invited, in_last_hour=lately, per_hour=per_hour)


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
    verdict = may_ask(session, signature, invited=signature.invited, now=now, house=house)
    if verdict in ASKED:
        _ask(session, call, signature, kind, held=verdict is Asking.HELD, now=now, house=house)
    if verdict is Asking.HELD:
        what = "So many people sign by the public form that their confirmations wait until you have looked."
        command = f"outreach outbox show {call.slug} --state held"
        tell_staff(session, what, command, about=f"flood:{now:%Y-%m-%dT%H}", now=now, house=house)
    return verdict


def _ask(
    session: Session,
    call: Call,
    signature: Signature,
    kind: MessageKind,
    *,
    held: bool,
    now: datetime,
    house: House,
) -> None:
    contact = session.get_one(Contact, signature.contact_id)
    if not signature.mailbox_digest:  # given before mailboxes were kept
        signature.mailbox_digest = mailbox_of(parse_address(contact.address), house)
    signature.asked_at = now
    session.add(signature)
    reminds = kind is MessageKind.CONFIRMATION_REMINDER
    queue_for_signature(
        session,
        call,
        signature,
        kind,
        now=now,
        house=house,
        at=now,
        state=MessageState.HELD if held else MessageState.QUEUED,
        reason=TOO_MANY if held else "",
        due_at=house.hours.next_allowed(now, contact.time_zone or house.time_zone) if reminds else now,
        not_after=call.deadline_at if reminds else None,
    )


def ask_the_rest(session: Session, signature: Signature, *, now: datetime, house: House) -> int:
    """A mailbox that has just confirmed ``signature`` is asked about its others that had to wait; how many.

    Three at most, however many were given in its name: it has shown that it answers, not that it gave them all.
    """
    session.flush()
    other = aliased(Signature)
    waiting = session.execute(
        sa.select(other, Call)
        .join(Call, col(Call.id) == col(other.call_id))
        .join(Signature, of_one_mailbox(other))
        .where(
            col(Signature.id) == signature.id,
            col(other.id) != signature.id,
            col(other.state) == SignatureState.PENDING,
            col(other.asked_at).is_(None),
            col(Call.state).in_((CallState.OPEN, CallState.CLOSED)),
        )
        .order_by(col(other.id))
        .limit(STRANGER.ever)
    ).all()
    verdicts = [
        ask_to_confirm(session, call, one, now=now, house=house)
        for one, call in waiting
        if not is_signed_off(session, call)
    ]
    return sum(verdict in ASKED for verdict in verdicts)
