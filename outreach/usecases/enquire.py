"""A person asks an office politely about a letter that nobody answered: by mail, on paper, or by telephone."""

from datetime import datetime

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.answers import whole_note
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.errors import InvalidInput
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.store.addressees import day_of
from outreach.store.answers import lock, take_stock
from outreach.store.events import record
from outreach.store.rounds import call_of
from outreach.store.tables import Addressee, Delivery, Letter
from outreach.usecases.draft_enquiry import Enquiry, draft_enquiry
from outreach.usecases.queue_to_official import queue_to_official


def enquire(
    session: Session,
    addressee: Addressee,
    way: Way,
    *,
    text: str = "",
    note: str = "",
    now: datetime,
    by: str,
    house: House,
) -> Delivery:
    """The enquiry on record: its mail is queued, or somebody else brings it. The office has time anew.

    Never called without a person. ``text``: what the mail says in the place of the workspace's text. Raises Refusal
    when there is nothing to enquire about (``draft_enquiry``), and InvalidInput for a mail to an office without
    mail, and for a text that cannot be.
    """
    lock(session, addressee)
    enquiry = draft_enquiry(session, addressee, text=text, now=now, house=house)
    if way is Way.MAIL and not enquiry.address:
        raise InvalidInput(f"{enquiry.post} is not reached by mail: print the enquiry, or telephone (--way).")
    delivery = Delivery(
        addressee_id=addressee.id or 0,
        edition_id=addressee.edition_id,
        kind=DeliveryKind.ENQUIRY,
        way=way,
        message_id=_queued(session, addressee, enquiry, now=now, house=house) if way is Way.MAIL else None,
        note=whole_note(note),
        by=by,
        at=now,
        on=None if way is Way.MAIL else day_of(now, house),
    )
    session.add(delivery)
    session.flush()
    take_stock(session, addressee, house=house)
    record(
        session,
        at=now,
        by=by,
        verb="enquire",
        subject="addressee",
        subject_id=addressee.id,
        way=way.value,
        delivery=delivery.id,
    )
    return delivery


def _queued(session: Session, addressee: Addressee, enquiry: Enquiry, *, now: datetime, house: House) -> int | None:
    letter = session.get_one(Letter, addressee.letter_id)
    call = call_of(session, letter)
    before = select(Delivery.id).where(Delivery.addressee_id == addressee.id).order_by(col(Delivery.id).desc())
    message = queue_to_official(
        session,
        addressee,
        MessageKind.ENQUIRY,
        enquiry.values,
        (),
        to=enquiry.address,
        cc=(),
        language=enquiry.language,
        source=enquiry.source,
        rehearsal=call.rehearsal if call else house.rehearsal,
        # The next one has another delivery before it.
        occurrence=f"enquiry:{addressee.id}:{session.exec(before).first() or 0}",
        now=now,
        house=house,
    )
    return message.id if message else None
