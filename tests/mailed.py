"""A letter that goes to an official by mail, with its PDF and a copy, and what comes back: for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind, LetterKind
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.store.documents import keep_document
from outreach.store.tables import (
    Addressee,
    Answer,
    Call,
    Contact,
    Delivery,
    Document,
    Letter,
    Message,
    Post,
    Reply,
    Signature,
    Suppression,
)
from outreach.usecases.queue_to_official import queue_to_official
from outreach.usecases.track_deliveries import track_deliveries
from tests import exchange, inbound, make, officials

MISSION = "mission-chl@geneva.example"
DESK = "desk@mfa.example"
PDF = b"%PDF-1.7 the letter"
VALUES: dict[str, Any] = {
    "official": {
        "salutation": "Excellency,",
        "form_of_address": "Her Excellency Ms. Vera Fuentes",
        "name": "Vera Fuentes",
        "title": "Ambassador",
        "office": "Permanent Representative",
        "state": "Chile",
    },
    "letter": {
        "title": "Safe passage",
        "addressee": "Her Excellency Ms. Vera Fuentes",
        "text": "We *call on* Chile.",
        "reference": "safe-passage/chile-geneva",
    },
    "signatories": {"organisations": 17, "individuals": 1, "unnamed_organisations": 0, "unnamed_individuals": 0},
}


@dataclass
class Mailed:
    """A private letter to Chile's mission, queued to it and to a desk that wants a copy."""

    session: Session
    house: House
    call: Call
    letter: Letter
    post: Post
    addressee: Addressee

    @classmethod
    def queued(cls, session: Session, house: House, *, copies: Sequence[str] = (DESK,)) -> "Mailed":
        """The letter is in the outbox."""
        made = cls.addressed(session, house, copies=copies)
        made.queue(DeliveryKind.LETTER)
        for copy in copies:
            made.queue(DeliveryKind.COPY, copy)
        return made

    @classmethod
    def addressed(cls, session: Session, house: House, *, copies: Sequence[str] = (DESK,)) -> "Mailed":
        """The letter is addressed to the mission, and nothing is queued."""
        call = make.call(session, house)
        letter = session.get_one(Letter, call.letter_id)
        letter.kind = LetterKind.PRIVATE
        post = officials.post(session, salt=house.salt, address=MISSION, copies_to=list(copies))
        officials.holder(session, post)
        return cls(session, house, call, letter, post, exchange.addressee(session, letter, post))

    @classmethod
    def sent(cls, session: Session, house: House, *, copies: Sequence[str] = (DESK,)) -> "Mailed":
        """The letter has been taken by the mission's server."""
        made = cls.queued(session, house, copies=copies)
        make.submitted(session)
        made.track(make.NOON)
        return made

    def queue(
        self, kind: DeliveryKind, to: str = MISSION, *, addressee: Addressee | None = None, **more: Any
    ) -> Message | None:
        """The letter, a copy or an enquiry is queued to an address, and noted."""
        letter_to = addressee or self.addressee
        letter_to.released_at = letter_to.released_at or make.NOON
        attempt = len(self.deliveries()) + 1
        message = queue_to_official(
            self.session,
            letter_to,
            MessageKind.ENQUIRY if kind is DeliveryKind.ENQUIRY else MessageKind.DELIVERY,
            more.pop("values", VALUES),
            more.pop("documents", None) or [self.document()],
            **{
                "to": MISSION,
                "cc": self.post.copies_to,
                "for_address": to,
                "language": "en",
                "rehearsal": False,
                "occurrence": f"delivery:{letter_to.id}:{attempt}",
                "now": make.NOON,
                "house": self.house,
                **more,
            },
        )
        if message is not None:
            self.session.add(
                Delivery(
                    addressee_id=letter_to.id or 0,
                    kind=kind,
                    way=Way.MAIL,
                    copy_to=to if kind is DeliveryKind.COPY else "",
                    message_id=message.id,
                    by="Rosa",
                    at=make.NOON,
                )
            )
            self.session.flush()
        return message

    def document(self, name: str = "safe-passage-chile-geneva.pdf", content: bytes = PDF) -> Document:
        """A file that goes with it."""
        return keep_document(self.session, name, "application/pdf", content, now=make.NOON, by="Rosa")

    def track(self, now: datetime = make.NOON) -> int:
        """The clock rings."""
        return track_deliveries(self.session, now=now, house=self.house)

    def deliveries(self) -> list[Delivery]:
        """What was brought to officials, the oldest first."""
        statement = select(Delivery).order_by(col(Delivery.id)).execution_options(populate_existing=True)
        return list(self.session.exec(statement))

    def mail(self, to: str = MISSION) -> Message:
        """The newest mail to an address."""
        return next(one for one in reversed(make.messages(self.session)) if one.address == to)

    def answers(self) -> list[Answer]:
        """What is on record of what came back."""
        return list(self.session.exec(select(Answer).order_by(col(Answer.id))))

    def comes(self, text: str, *, sender: str = MISSION, at: datetime = make.NOON, **more: Any) -> Reply:
        """Somebody at the mission answers."""
        to = more.pop("to", "") or inbound.answer_to(self.mail(), self.house)
        return inbound.arrived(self.session, self.house, inbound.written(sender, text, to=to, **more), at=at)

    def stands(self) -> AddresseeState:
        """How far the letter has come."""
        return self.addressee.state

    def is_nobodys(self) -> bool:
        """No contact, no signature and no suppression came of it."""
        return not any(self.session.exec(select(table)).first() for table in (Contact, Signature, Suppression))
