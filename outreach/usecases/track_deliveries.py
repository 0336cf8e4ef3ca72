"""What became of the mails to officials is noted with their deliveries, and moves the letters on, or back."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.bounces import BounceReason
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.replies import PROVEN, ReplyKind
from outreach.domain.states import AddresseeState, MessageState
from outreach.reading.delivery_reports import RELAYED
from outreach.store.addressees import day_of
from outreach.store.answers import lock, take_stock
from outreach.store.events import record
from outreach.store.tables import Addressee, Bounce, Delivery, Message, Reply
from outreach.usecases.tell_staff import tell_staff

BY = "scheduler"
TOGETHER = 500
LOST = (MessageState.FAILED, MessageState.HELD, MessageState.EXPIRED, MessageState.CANCELLED)
ARRIVALS = (ReplyKind.DELIVERY_NOTICE, ReplyKind.RECEIPT)
NOT_THERE_YET = (AddresseeState.TO_SEND, AddresseeState.SENT)
UNKNOWN = "Nobody knows whether their server took it; it does not go again by itself."


def track_deliveries(session: Session, *, now: datetime, house: House, by: str = BY) -> int:
    """Bring every delivery by mail up to what is known of its message; how many deliveries that changed.

    A letter whose mail was taken is sent, and delivered once a server or a reader says so. What failed or came
    back says why; the letter is to be sent again if nothing else reached that office, and staff hear of it.
    """
    settled = session.execute(_settled().limit(TOGETHER)).all()
    for delivery, message, bounce in settled:
        _note(session, delivery, message, bounce, now=now, house=house, by=by)
    return len(settled) + _arrived(session, now=now, house=house, by=by)


def _settled() -> sa.Select[Delivery, Message, Bounce]:
    """The deliveries of which less is noted than is known of their mail."""
    back = sa.and_(col(Bounce.id).is_not(None), col(Bounce.reason) != BounceReason.DELAYED)
    taken = sa.and_(col(Message.state) == MessageState.SENT, ~back)
    lost = sa.or_(col(Message.state).in_(LOST), sa.and_(col(Message.state) == MessageState.SENT, back))
    return (
        sa.select(Delivery, Message, Bounce)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .outerjoin(Bounce, col(Bounce.message_id) == col(Message.id))
        .where(
            sa.or_(
                sa.and_(taken, sa.or_(col(Delivery.on).is_(None), col(Delivery.failed_at).is_not(None))),
                sa.and_(lost, col(Delivery.failed_at).is_(None)),
                sa.and_(col(Message.state) == MessageState.UNKNOWN, col(Delivery.failure) == ""),
            )
        )
        .order_by(col(Delivery.id))
        .execution_options(populate_existing=True)
    )


def _note(
    session: Session,
    delivery: Delivery,
    message: Message,
    bounce: Bounce | None,
    *,
    now: datetime,
    house: House,
    by: str,
) -> None:
    addressee = session.get_one(Addressee, delivery.addressee_id)
    lock(session, addressee)
    came_back = bounce is not None and bounce.reason is not BounceReason.DELAYED
    if message.state is MessageState.UNKNOWN:
        delivery.failure = UNKNOWN
    elif message.state is MessageState.SENT and not came_back:
        _went(session, delivery, addressee, message.sent_at or now, house=house)
    else:
        _came_to_nothing(session, delivery, addressee, _why(message, bounce), now=now, house=house)
    session.add(delivery)
    session.flush()
    if delivery.failure:
        _tell(session, delivery, now=now, house=house)
    record(
        session,
        at=now,
        by=by,
        verb="track_delivery",
        subject="addressee",
        subject_id=addressee.id,
        delivery=delivery.id,
        state=message.state.value,
        came_back=bounce.reason.value if bounce else "",
    )


def _went(session: Session, delivery: Delivery, addressee: Addressee, at: datetime, *, house: House) -> None:
    delivery.on, delivery.failed_at, delivery.failure = day_of(at, house), None, ""
    session.add(delivery)
    if delivery.kind is DeliveryKind.COPY:
        return
    if delivery.kind is DeliveryKind.LETTER and addressee.sent_at is None:
        addressee.sent_at = at
    take_stock(session, addressee, house=house)


def _came_to_nothing(
    session: Session, delivery: Delivery, addressee: Addressee, why: str, *, now: datetime, house: House
) -> None:
    delivery.failed_at, delivery.failure = now, why
    session.add(delivery)
    session.flush()
    if delivery.kind is DeliveryKind.COPY:
        return
    lost = delivery.kind is DeliveryKind.LETTER and not _reached_otherwise(session, addressee)
    if lost:
        addressee.sent_at = None  # also of what a person has closed: opened again, it is to be sent
    take_stock(session, addressee, house=house)
    if lost and addressee.state is AddresseeState.TO_SEND:
        addressee.reason = why
        session.add(addressee)


def _reached_otherwise(session: Session, addressee: Addressee) -> bool:
    """Another delivery of the letter to this office went well."""
    other = select(Delivery.id).where(
        Delivery.addressee_id == addressee.id,
        Delivery.kind == DeliveryKind.LETTER,
        col(Delivery.on).is_not(None),
        col(Delivery.failed_at).is_(None),
    )
    return session.exec(other).first() is not None


def _why(message: Message, bounce: Bounce | None) -> str:
    if bounce is not None:
        return f"It came back: {bounce.reason.value}. {bounce.diagnostic}".strip()
    return f"It was not sent: {message.reason or message.state.value}. {message.detail}".strip()


def _tell(session: Session, delivery: Delivery, *, now: datetime, house: House) -> None:
    what = "A mail to an official did not arrive." if delivery.failed_at else "A mail to an official is in doubt."
    about = f"delivery:{delivery.id}:{delivery.failed_at or 'doubt'}"
    tell_staff(session, what, "outreach correspondence list", about=about, now=now, house=house)


def _arrived(session: Session, *, now: datetime, house: House, by: str) -> int:
    """Letters of which a server says that it delivered them, or a mail program that they were opened."""
    said: Sequence[tuple[int, datetime]] = [
        (found, at)
        for found, at in session.execute(
            sa.select(col(Delivery.addressee_id), sa.func.min(col(Reply.at)))
            .join(Reply, col(Reply.message_id) == col(Delivery.message_id))
            .join(Addressee, col(Addressee.id) == col(Delivery.addressee_id))
            .where(
                col(Delivery.kind) == DeliveryKind.LETTER,
                col(Delivery.failed_at).is_(None),
                col(Delivery.on).is_not(None),
                col(Reply.kind).in_(ARRIVALS),
                col(Reply.matched_by).in_(PROVEN),
                col(Reply.rule) != RELAYED,
                col(Addressee.delivered_at).is_(None),
                col(Addressee.state).in_(NOT_THERE_YET),
            )
            .group_by(col(Delivery.addressee_id))
            .limit(TOGETHER)
        )
    ]
    for found, at in said:
        addressee = session.get_one(Addressee, found)
        lock(session, addressee)
        addressee.delivered_at = at
        take_stock(session, addressee, house=house)
        record(session, at=now, by=by, verb="note_arrival", subject="addressee", subject_id=found)
    return len(said)
