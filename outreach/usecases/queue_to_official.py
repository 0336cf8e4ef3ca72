"""Queues one mail to an official, or to somebody whom the office wants to have a copy, with what goes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest, parse_address
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.kinds import TO_OFFICIALS, MessageKind
from outreach.domain.row_numbers import LARGEST_NUMBER
from outreach.rendering.attachments import Attachment, encoded_size
from outreach.rendering.composing import MailRecord, compose, message_id
from outreach.store.calls import sender_values
from outreach.store.tables import Addressee, Delivery, Document, Message, MessageDocument
from outreach.store.texts import keep_text, text_for, workspace_source
from outreach.usecases.queue_message import Recipient, add_message


def queue_to_official(
    session: Session,
    addressee: Addressee,
    kind: MessageKind,
    values: Mapping[str, Any],
    documents: Sequence[Document],
    *,
    to: str,
    cc: Sequence[str],
    language: str,
    rehearsal: bool,
    occurrence: str,
    now: datetime,
    house: House,
    for_address: str = "",
    source: str = "",
) -> Message | None:
    """The mail, queued; None when that very one (``occurrence``) was queued before.

    It goes to ``for_address``, or to the office itself (``to``). Every reader is shown ``to`` and ``cc``, so that
    each copy is a message of its own whose bounce names its row. ``values`` are the words of the template:
    ``official`` (salutation, form_of_address, name, title, office, state), ``letter`` (title, addressee, text,
    reference), ``signatories`` (counts, or None) and, of an enquiry, ``earlier`` (date, as YYYY-MM-DD). The mail
    belongs to no contact, even if one has that address. ``source`` is a template for this one mail, in the place of
    the workspace's. Raises InvalidInput for an address that is none.
    """
    if kind not in TO_OFFICIALS:
        raise ValueError(f"{kind.value} is no mail to an official")
    own = keep_text(session, kind, language, source, now) if source else None
    text = own or text_for(session, kind, language, house, now=now)
    queued = add_message(
        session,
        kind,
        _recipient(for_address or to, language, house),
        {**_all_values(values, to, cc, house), "answers": _thread(session, addressee, kind, house)},
        text=text,
        occurrence=occurrence,
        rehearsal=rehearsal,
        now=now,
    )
    if not queued:
        return None
    message = session.exec(select(Message).where(Message.occurrence == occurrence)).one()
    session.add_all(
        MessageDocument(message_id=message.id or 0, position=position, document_id=one.id or 0)
        for position, one in enumerate(documents, start=1)
    )
    session.flush()
    return message


def mail_size(
    kind: MessageKind,
    values: Mapping[str, Any],
    documents: Sequence[Document],
    *,
    to: str,
    cc: Sequence[str],
    language: str,
    now: datetime,
    house: House,
) -> int:
    """The most octets that the mail can have as it will be submitted; nothing is kept, and no document is read."""
    written_in, source = workspace_source(kind, language, house)
    record = MailRecord(
        id=LARGEST_NUMBER,
        kind=kind,
        bulk=False,
        test=False,
        call_id=0,
        call_slug="",
        contact_id=0,
        signature_id=0,
        address=to,
        language=written_in,
        time_zone="",
        source=source,
        shared={},
        values={**_all_values(values, to, cc, house), "answers": [message_id(LARGEST_NUMBER, house)]},
        date=now,
    )
    empty = tuple(Attachment(one.name, one.media_type, b"") for one in documents)
    bare = compose(replace(record, documents=empty), house).envelope.content
    return len(bare) + sum(encoded_size(one.size) for one in documents)


def _all_values(values: Mapping[str, Any], to: str, cc: Sequence[str], house: House) -> dict[str, Any]:
    shown = {"to": parse_address(to).wire, "cc": [parse_address(one).wire for one in cc]}
    return {"sender": sender_values(house), **values, **shown}


def _recipient(address: str, language: str, house: House) -> Recipient:
    parsed = parse_address(address)
    return Recipient(parsed.wire, address_digest(parsed.key, house.salt), language, house.time_zone)


def _thread(session: Session, addressee: Addressee, kind: MessageKind, house: House) -> list[str]:
    """An enquiry stands below the letter that it is about, where both went by mail."""
    if kind is not MessageKind.ENQUIRY:
        return []
    letters = select(Delivery.message_id).where(
        Delivery.addressee_id == addressee.id,
        Delivery.kind == DeliveryKind.LETTER,
        col(Delivery.message_id).is_not(None),
    )
    newest = session.exec(letters.order_by(col(Delivery.id).desc())).first()
    return [message_id(newest, house)] if newest else []
