"""Staff note that a letter was handed over, posted, faxed or put into a form, with what proves it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.answers import whole_note
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.officials.ways import must_lead_out
from outreach.store.addressees import day_of
from outreach.store.answers import lock, take_stock
from outreach.store.events import record
from outreach.store.tables import Addressee, Delivery, Document, Post


def record_delivery(
    session: Session,
    addressee: Addressee,
    way: Way,
    on: date,
    *,
    arrived: bool,
    proof: Document | None,
    note: str,
    now: datetime,
    by: str,
    house: House,
) -> Delivery:
    """The delivery, noted. What is handed over has arrived; of what is posted or faxed somebody must say so.

    Raises Refusal for a letter that was not released to this official, and for what is noted already; InvalidInput
    for a way by which no letter goes, a mail, a day that is yet to come, or one before the release.
    """
    lock(session, addressee)
    _can_be(session, addressee, way, on, now=now, house=house)
    there = way is Way.HAND or arrived
    says_more = proof is not None or (there and addressee.delivered_at is None)
    if not says_more and _is_noted(session, addressee, way, on, whole_note(note)):
        raise Refusal(f"That the letter went on {on} in this way is noted already.")
    delivery = Delivery(
        addressee_id=addressee.id or 0,
        edition_id=addressee.edition_id,
        kind=DeliveryKind.LETTER,
        way=way,
        document_id=addressee.document_id,
        proof_id=proof.id if proof else None,
        note=whole_note(note),
        by=by,
        at=now,
        on=on,
    )
    session.add(delivery)
    session.flush()
    addressee.sent_at = addressee.sent_at or _noon(on, house)
    if there:
        addressee.delivered_at = addressee.delivered_at or _noon(on, house)
    take_stock(session, addressee, house=house)  # an answer may have been logged before
    record(
        session,
        at=now,
        by=by,
        verb="record_delivery",
        subject="addressee",
        subject_id=addressee.id,
        way=way.value,
        on=on.isoformat(),
        arrived=there,
        proof=proof.sha256 if proof else "",
    )
    return delivery


def _can_be(session: Session, addressee: Addressee, way: Way, on: date, *, now: datetime, house: House) -> None:
    post = session.get_one(Post, addressee.post_id)
    if addressee.released_at is None:
        raise Refusal(
            f"The letter was not released to {post.slug} yet: 'outreach letters deliver' freezes it and prints it."
        )
    if way is Way.MAIL:
        raise InvalidInput("What goes by mail is noted by itself, with what the server said.")
    must_lead_out(way)
    if on > day_of(now, house):
        raise InvalidInput(f"{on} is yet to come.")
    if on < day_of(addressee.released_at, house):
        raise InvalidInput(f"{on} is before the letter was released to {post.slug}.")


def _is_noted(session: Session, addressee: Addressee, way: Way, on: date, note: str) -> bool:
    same = select(Delivery.id).where(
        Delivery.addressee_id == addressee.id,
        Delivery.kind == DeliveryKind.LETTER,
        Delivery.way == way,
        Delivery.on == on,
        Delivery.note == note,
    )
    return session.exec(same.limit(1)).first() is not None


def _noon(on: date, house: House) -> datetime:
    """A moment of that day; nobody noted the hour."""
    return datetime.combine(on, time(12), ZoneInfo(house.time_zone)).astimezone(UTC)
