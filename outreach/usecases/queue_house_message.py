"""Queues a mail that belongs to no call: an opt-out confirmed, an answer to a reply, news for staff."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.errors import Refusal
from outreach.domain.kinds import KINDS, MessageKind
from outreach.store.calls import sender_values
from outreach.store.tables import CallText, Contact, Message


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a mail goes: an address, what makes it one with others, and how its reader is spoken to."""

    address: str
    digest: str
    language: str
    time_zone: str
    contact_id: int | None = None
    given_name: str = ""


def recipient_of(session: Session, address: str, house: House) -> Recipient:
    """The recipient at an address, as the contact of that address if there is one. InvalidInput: it is none."""
    parsed = parse_address(address)
    digest = address_digest(parsed.key, house.salt)
    person = session.exec(select(Contact).where(Contact.address_digest == digest)).first()
    workspace = house.settings.workspace
    if person is None:
        return Recipient(parsed.wire, digest, workspace.language, workspace.time_zone)
    zone = person.time_zone or workspace.time_zone
    language = person.language or workspace.language
    return Recipient(person.address, digest, language, zone, person.id, person.given_name)


def queue_house_message(
    session: Session,
    kind: MessageKind,
    to: Recipient,
    values: dict[str, Any],
    *,
    occurrence: str,
    now: datetime,
    house: House,
    call_id: int | None = None,
) -> bool:
    """Queue the mail; False when that very one (``occurrence``) was queued before."""
    if session.exec(select(Message.id).where(Message.occurrence == occurrence)).first() is not None:
        return False
    text = _text(session, kind, to.language, now=now, house=house)
    about = {"contact": {"email": to.address, "given_name": to.given_name}, "sender": sender_values(house)}
    session.add(
        Message(
            kind=kind,
            bulk=KINDS[kind].bulk,
            rehearsal=house.rehearsal,
            priority=KINDS[kind].priority,
            call_id=call_id,
            contact_id=to.contact_id,
            occurrence=occurrence,
            address=to.address,
            address_digest=to.digest,
            domain=parse_address(to.address).domain,
            language=text.language,
            time_zone=to.time_zone,
            text_id=text.id or 0,
            values={**about, **values},
            due_at=now,
            queued_at=now,
        )
    )
    session.flush()
    return True


def _text(session: Session, kind: MessageKind, language: str, *, now: datetime, house: House) -> CallText:
    """The workspace's template of that kind in the reader's language, the workspace's, or English.

    A template is kept as it was when a mail was written with it, so that the mail can be written again the same.
    """
    for wanted in (language, house.settings.workspace.language, "en"):
        source = house.texts.get((kind, wanted))
        if source is not None:
            return _kept(session, kind, wanted, source, now)
    raise Refusal(f"There is no template templates/email/{kind.value}.en.md.")


def _kept(session: Session, kind: MessageKind, language: str, source: str, now: datetime) -> CallText:
    digest = hashlib.sha256(source.encode()).hexdigest()
    known = session.exec(
        select(CallText).where(
            col(CallText.call_id).is_(None),
            CallText.kind == kind,
            CallText.language == language,
            CallText.digest == digest,
        )
    ).first()
    if known is not None:
        return known
    text = CallText(kind=kind, language=language, source=source, digest=digest, created_at=now)
    session.add(text)
    session.flush()
    return text
