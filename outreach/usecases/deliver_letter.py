"""A letter is released to one official: frozen as it reads for them, and brought on its way."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.editions import CopyKind
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.officials.ways import lacking
from outreach.domain.states import AddresseeState
from outreach.rendering.letters.plain import to_markdown
from outreach.rendering.publication import Publication
from outreach.store.addressees import day_of
from outreach.store.documents import keep_document
from outreach.store.editions import FOR_ADDRESSEE, copy_went_out, is_signed_off, newest_edition
from outreach.store.events import record
from outreach.store.letters_to_officials import ToOfficial
from outreach.store.officials import addressed_on
from outreach.store.tables import (
    Addressee,
    Call,
    Delivery,
    Document,
    Edition,
    Letter,
    LetterDocument,
    Message,
    Post,
)
from outreach.usecases.authorise_letter import may_deliver
from outreach.usecases.queue_to_official import mail_size, queue_to_official

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter to an official, and its PDF."""

    to: ToOfficial
    publication: Publication
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Delivered:
    """The letter is on its way by mail, or printed to be brought there."""

    way: Way
    copies: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The letter did not leave, and why."""

    reason: str


def deliver_letter(
    session: Session,
    letter: Letter,
    call: Call,
    edition: Edition,
    printed: Printed,
    *,
    way: Way | None,
    authorised_by: str,
    now: datetime,
    by: str,
    house: House,
) -> Delivered | HeldBack:
    """Release the letter to its official, by ``way`` or by the first way to the office.

    Name, title and State are frozen with it. Printing took its time: what has changed meanwhile holds it back.
    """
    addressee = session.get_one(Addressee, printed.to.addressee_id, with_for_update=True, populate_existing=True)
    call = session.get_one(Call, call.id, populate_existing=True)
    letter = session.get_one(Letter, letter.id, populate_existing=True)
    if reason := _changed(session, call, edition, addressee, printed, now=now, house=house):
        return HeldBack(reason)
    try:
        consenting = may_deliver(letter, house, by=by, authorised_by=authorised_by)
    except Refusal as refusal:
        return HeldBack(str(refusal))
    official = printed.to.official
    by_way = way or official.ways[0]
    if needed := lacking(by_way, session.get_one(Post, addressee.post_id).model_dump()):
        return HeldBack(f"the office has no {needed} on record.")
    further, name = attachments_of(session, letter), f"{letter.slug}-{official.post}.pdf"
    if by_way is Way.MAIL and (reason := _too_large(printed, name, further, now=now, by=by, house=house)):
        return HeldBack(reason)
    document = keep_document(session, name, PDF, printed.pdf, now=now, by=by)
    addressee.frozen, addressee.language = official.table(), official.language
    addressee.edition_id, addressee.document_id, addressee.released_at = edition.id, document.id, now
    session.add(addressee)
    session.flush()
    copies = 0
    if by_way is Way.MAIL:
        copies = _by_mail(
            session, call, edition, printed, addressee, [document, *further], now=now, by=by, house=house
        )
    detail = f"{official.post}, {FOR_ADDRESSEE}"
    copy_went_out(session, edition, CopyKind.DELIVERY, detail=detail, by=by, now=now)
    record(
        session,
        at=now,
        by=by,
        verb="deliver_letter",
        subject="addressee",
        subject_id=addressee.id,
        letter=letter.id,
        edition=edition.number,
        way=by_way.value,
        document=document.sha256,
        authorised_by=consenting,
    )
    return Delivered(by_way, copies)


def attachments_of(session: Session, letter: Letter) -> list[Document]:
    """What goes with every copy of the letter, in order."""
    statement = (
        select(Document)
        .join(LetterDocument, col(LetterDocument.document_id) == col(Document.id))
        .where(LetterDocument.letter_id == letter.id)
        .order_by(col(LetterDocument.position), col(Document.id))
    )
    return list(session.exec(statement))


def is_on_its_way(session: Session, addressee: Addressee) -> bool:
    """Whether the letter was released to the official, and has not come back."""
    if addressee.released_at is None:
        return False
    deliveries = session.exec(
        select(Delivery).where(Delivery.addressee_id == addressee.id, Delivery.kind == DeliveryKind.LETTER)
    ).all()
    return not deliveries or any(one.failed_at is None for one in deliveries)


def _changed(
    session: Session,
    call: Call,
    edition: Edition,
    addressee: Addressee,
    printed: Printed,
    *,
    now: datetime,
    house: House,
) -> str:
    newest = newest_edition(session, call.letter_id)
    post = session.get_one(Post, addressee.post_id)
    official = printed.to.official
    if addressee.state is not AddresseeState.TO_SEND or is_on_its_way(session, addressee):
        return "it was released to this official before."
    if post.closed_at is not None:
        return "the post exists no more."
    if newest is None or newest.id != edition.id or not is_signed_off(session, call):
        return "the list has changed meanwhile: deliver it again."
    if addressed_on(session, post, official.language, day_of(now, house)) != official:
        return "the record of this official has changed meanwhile: deliver it again."
    return ""


def _too_large(
    printed: Printed, name: str, further: Sequence[Document], *, now: datetime, by: str, house: House
) -> str:
    official = printed.to.official
    pdf = Document(name=name, media_type=PDF, size=len(printed.pdf), sha256="", by=by, at=now)
    size = mail_size(
        MessageKind.DELIVERY,
        _values(printed),
        [pdf, *further],
        to=official.address,
        cc=official.copies_to,
        language=official.language,
        now=now,
        house=house,
    )
    most = house.settings.correspondence.largest_mail_megabytes
    if size <= most * 1_000_000:
        return ""
    return (
        f"the mail would weigh {size / 1e6:.1f} MB, and {most} MB are the most "
        "(correspondence.largest_mail_megabytes): attach less, or deliver it on paper (--way hand)."
    )


def _values(printed: Printed) -> dict[str, Any]:
    """The words of the mail that brings the letter."""
    official, shown = printed.to.official, printed.publication
    return {
        "official": {
            "salutation": official.salutation,
            "form_of_address": official.form_of_address,
            "name": official.name,
            "title": official.title,
            "office": official.office,
            "state": official.state_name,
        },
        "letter": {
            "title": shown.title,
            "addressee": shown.addressee,
            "text": to_markdown(shown),
            "reference": shown.our_reference,
        },
        "signatories": asdict(shown.counts),
    }


def _by_mail(
    session: Session,
    call: Call,
    edition: Edition,
    printed: Printed,
    addressee: Addressee,
    documents: Sequence[Document],
    *,
    now: datetime,
    by: str,
    house: House,
) -> int:
    """Queue the letter to the office, and its copies; how many copies."""
    official, values = printed.to.official, _values(printed)
    attempt = _attempt(session, addressee)
    for number, to in enumerate([official.address, *official.copies_to]):
        message = queue_to_official(
            session,
            addressee,
            MessageKind.DELIVERY,
            values,
            documents,
            to=official.address,
            cc=official.copies_to,
            for_address=to,
            language=official.language,
            rehearsal=call.rehearsal,
            occurrence=f"delivery:{addressee.id}:{attempt}:{number}",
            now=now,
            house=house,
        )
        _note(session, addressee, edition, message, to if number else "", documents[0], now=now, by=by)
    return len(official.copies_to)


def _attempt(session: Session, addressee: Addressee) -> int:
    """Which time it is that the letter leaves for this official by mail."""
    before = session.exec(
        select(Delivery.id).where(
            Delivery.addressee_id == addressee.id,
            Delivery.kind == DeliveryKind.LETTER,
            Delivery.way == Way.MAIL,
        )
    ).all()
    return len(before) + 1


def _note(
    session: Session,
    addressee: Addressee,
    edition: Edition,
    message: Message | None,
    copy_to: str,
    document: Document,
    *,
    now: datetime,
    by: str,
) -> None:
    session.add(
        Delivery(
            addressee_id=addressee.id or 0,
            edition_id=edition.id,
            kind=DeliveryKind.COPY if copy_to else DeliveryKind.LETTER,
            way=Way.MAIL,
            copy_to=copy_to,
            message_id=message.id if message else None,
            document_id=document.id,
            by=by,
            at=now,
        )
    )
    session.flush()
