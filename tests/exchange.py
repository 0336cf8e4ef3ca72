"""A letter that has gone to an official, and what comes back: for tests of the correspondence."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.correspondence import AnswerKind, DeliveryKind, LetterKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.store.addressees import advance
from outreach.store.documents import keep_document
from outreach.store.officials import addressed_on
from outreach.store.tables import Addressee, Answer, Call, Delivery, Document, Event, Letter, Post
from outreach.usecases.log_answer import log_answer
from tests import make, officials

WENT = datetime(2027, 1, 11, 12, 0, tzinfo=UTC)
"""The Monday on which the letter went to Chile's ambassador in Geneva."""
LATER = WENT + timedelta(days=30)
"""When somebody logs what came: a Wednesday."""
CAME = date(2027, 2, 8)


def addressee(session: Session, letter: Letter, post: Post, **more: Any) -> Addressee:
    """The letter is addressed to that post, and has not gone."""
    made = Addressee(
        letter_id=letter.id or 0,
        post_id=post.id or 0,
        **{"language": "en", "added_by": "Rosa", "added_at": make.NOON, **more},
    )
    session.add(made)
    session.flush()
    return made


def gone(
    session: Session,
    house: House,
    letter: Letter,
    post: Post,
    *,
    at: datetime = WENT,
    way: Way = Way.MAIL,
    state: AddresseeState = AddresseeState.SENT,
    **more: Any,
) -> Addressee:
    """The letter has gone to that post, and is recorded as delivered so."""
    made = addressee(session, letter, post, **more)
    made.released_at = at
    made.frozen = addressed_on(session, post, made.language, at.date()).table()
    session.add(Delivery(addressee_id=made.id or 0, way=way, by="Rosa", at=at, on=at.date()))
    for reached in (AddresseeState.SENT, AddresseeState.DELIVERED):
        if made.state is not state:
            advance(session, made, reached, at=at, house=house)
    return made


def enquiry(session: Session, addressee: Addressee, at: datetime) -> Delivery:
    """Somebody asked the office about the letter."""
    made = Delivery(addressee_id=addressee.id or 0, kind=DeliveryKind.ENQUIRY, way=Way.MAIL, by="Rosa", at=at)
    session.add(made)
    session.flush()
    return made


def scan(session: Session, name: str = "scan.pdf", content: bytes = b"%PDF-1.7 a scan") -> Document:
    """A file that came with an answer."""
    return keep_document(session, name, "application/pdf", content, now=LATER, by="Rosa")


@dataclass
class Exchange:
    """A private letter that went to Chile's mission on a Monday, by mail, and one to Kenya's."""

    session: Session
    house: House
    call: Call
    letter: Letter
    chile: Post
    kenya: Post
    to_chile: Addressee
    to_kenya: Addressee

    @classmethod
    def begun(cls, session: Session, house: House, at: datetime = WENT, **more: Any) -> "Exchange":
        """Both letters have gone."""
        call = make.call(session, house, **more)
        letter = session.get_one(Letter, call.letter_id)
        letter.kind = LetterKind.PRIVATE
        chile = officials.post(session, salt=house.salt)
        officials.holder(session, chile)
        kenya = officials.post(
            session, "kenya-geneva", salt=house.salt, state="KE", address="mission-ken@geneva.example"
        )
        officials.holder(session, kenya, "Amina Otieno")
        to = [gone(session, house, letter, post, at=at) for post in (chile, kenya)]
        return cls(session, house, call, letter, chile, kenya, *to)

    def logs(self, kind: AnswerKind = AnswerKind.ANSWER, *, now: datetime = LATER, **more: Any) -> Answer:
        """Rosa logs what came from Chile by post."""
        values: dict[str, Any] = {
            "addressee": self.to_chile,
            "way": Way.POST,
            "dated": date(2027, 2, 4),
            "received_on": CAME,
            "sender": "Vera Fuentes",
            "summary": "They will look at it.",
            **more,
        }
        post = values.pop("post", self.chile)
        return log_answer(self.session, post, kind=kind, now=now, by="Rosa", house=self.house, **values)

    def events(self, verb: str) -> list[Event]:
        """What the log says of a verb."""
        return list(self.session.exec(select(Event).where(Event.verb == verb)))
