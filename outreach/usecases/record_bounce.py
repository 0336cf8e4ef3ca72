"""A message came back: noted as a dated fact, and judged by what the other bounces of its address say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import digest_or_nothing, same_house
from outreach.domain.bounces import DEAD, BounceReason
from outreach.store.doubts import accepted_after_all
from outreach.store.tables import Bounce, Message, Reply
from outreach.usecases.tell_staff import tell_staff

FULL_TOO_OFTEN = 3
FULL_WITHIN = timedelta(days=90)
REFUSED_TOO_OFTEN = 5
REFUSED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a bounce means. ``dead``: its address, whose digest it names, takes no mail any more."""

    digest: str
    dead: bool = False
    note: str = ""
    waits: bool = False


def record_bounce(session: Session, reply: Reply, *, now: datetime, house: House) -> Recorded:
    """Note that the message that the reply answers came back.

    Only the message's own address can be dead by it: a report that names another one (a forwarding that ends
    nowhere) is for a person. Full mailboxes score; what a rule of their server refused concerns our account.
    """
    message = session.get_one(Message, reply.message_id)
    reason = BounceReason(reply.failure.get("reason", BounceReason.UNCLEAR))
    accepted_after_all(session, message, now)
    if not _note(session, reply, message, reason):
        return Recorded(message.address_digest)
    if reason in DEAD:
        if not _is_about(message, reply, house):
            sentence = "The report names another address than the one we wrote to: it may be forwarded there."
            return Recorded(message.address_digest, note=sentence, waits=True)
        return Recorded(message.address_digest, dead=True)
    if reason is BounceReason.MAILBOX_FULL:
        return _full(session, message, now)
    if reason is BounceReason.POLICY:
        _alert_if_refused_often(session, now=now, house=house)
    return Recorded(message.address_digest)


def _is_about(message: Message, reply: Reply, house: House) -> bool:
    """Whether delivery ended at the message's own address, or within its own domain, as behind an alias."""
    named = [digest_or_nothing(address, house.salt) for address in reply.failure.get("recipients", [])]
    if named and message.address_digest not in named:
        return False
    failed = str(reply.failure.get("failed", ""))
    within = same_house(failed.rpartition("@")[2], message.domain)
    return not failed or within or digest_or_nothing(failed, house.salt) == message.address_digest


def _note(session: Session, reply: Reply, message: Message, reason: BounceReason) -> bool:
    """One bounce for each message, however often it is reported; False when this one is no news."""
    known = session.exec(select(Bounce).where(Bounce.message_id == message.id)).first()
    if known is not None and known.reply_id != reply.id:
        worse = known.reason is BounceReason.DELAYED and reason is not BounceReason.DELAYED
        if not (worse or (reason in DEAD and known.reason not in DEAD)):
            return False
    bounce = known or Bounce(
        message_id=message.id or 0,
        reply_id=reply.id or 0,
        call_id=message.call_id,
        contact_id=message.contact_id,
        address_digest=message.address_digest,
        at=reply.at,
        reason=reason,
    )
    bounce.reply_id, bounce.at, bounce.reason = reply.id or 0, reply.at, reason
    bounce.status = str(reply.failure.get("status", ""))
    bounce.diagnostic = str(reply.failure.get("diagnostic", ""))
    session.add(bounce)
    session.flush()
    return True


def _full(session: Session, message: Message, now: datetime) -> Recorded:
    """A mailbox that was full again and again is for a person: a machine cannot know whether it is given up."""
    times = _count(
        session,
        col(Bounce.address_digest) == message.address_digest,
        col(Bounce.reason) == BounceReason.MAILBOX_FULL,
        col(Bounce.at) > now - FULL_WITHIN,
    )
    if times < FULL_TOO_OFTEN:
        return Recorded(message.address_digest)
    sentence = f"This mailbox was full {times} times in {FULL_WITHIN.days} days: perhaps nobody reads it any more."
    return Recorded(message.address_digest, note=sentence, waits=True)


def _alert_if_refused_often(session: Session, *, now: datetime, house: House) -> None:
    times = _count(session, col(Bounce.reason) == BounceReason.POLICY, col(Bounce.at) > now - REFUSED_WITHIN)
    if times >= REFUSED_TOO_OFTEN:
        what = (
            "Many mails come back because a rule of their server refuses them: our account or its domain is blamed."
        )
        command = "outreach replies list --kind bounce"
        tell_staff(session, what, command, about=f"refused:{now.date()}", now=now, house=house)


def _count(session: Session, *where: sa.ColumnElement[bool]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(Bounce).where(*where)).scalar_one())


def forget_bounce(session: Session, reply: Reply) -> None:
    """The reply was no bounce after all."""
    session.execute(sa.delete(Bounce).where(col(Bounce.reply_id) == reply.id))
