"""A letter that went to two missions, and what came back: for the tests of the console's correspondence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from outreach.domain.correspondence import AnswerKind
from outreach.domain.officials import Way
from outreach.store.tables import Addressee, Answer, Post
from outreach.usecases.log_answer import log_answer
from tests import exchange
from tests.exchange import Exchange
from tests.web.visit import Visit

CORRESPONDENCE = "/console/correspondence"
OFFICIALS = "/console/officials"
CANARY = "<script>alert(1)</script>"
LOGGED = {
    "kind": "answer",
    "way": "post",
    "dated": "2027-02-04",
    "received": "2027-02-08",
    "sender": "Vera Fuentes",
    "reference": "GVA/2027/117",
    "subject": "Your letter",
    "summary": "They will look at it.",
}


@dataclass
class Letters:
    """The numbers of the letter's rows: to Chile and to Kenya; their posts; the call that signed it."""

    call: int
    slug: str
    chile: int
    kenya: int
    to_chile: int
    to_kenya: int


def went(here: Visit) -> Letters:
    """A private letter of another call than the sample's went to both; now answers are logged."""
    with here.app.database.changing() as session:
        made = begun(session, here)
        numbers = (made.call.id, made.chile.id, made.kenya.id, made.to_chile.id, made.to_kenya.id)
        call, chile, kenya, to_chile, to_kenya = (number or 0 for number in numbers)
        slug = made.call.slug
    here.clock.turn(exchange.LATER - here.clock.now())
    return Letters(call, slug, chile, kenya, to_chile, to_kenya)


def begun(session: Session, here: Visit) -> Exchange:
    return Exchange.begun(session, here.app.house, slug="to-missions")


def logged(here: Visit, letters: Letters, **more: Any) -> int:
    """An answer of Chile that is on record; the number."""
    with here.app.database.changing() as session:
        values: dict[str, Any] = {"to": letters.to_chile, "kind": AnswerKind.ANSWER, **more}
        to = values.pop("to")
        answer = log_answer(
            session,
            session.get_one(Post, values.pop("post", letters.chile)),
            addressee=session.get_one(Addressee, to) if to else None,
            now=here.clock.now(),
            by="Rosa",
            house=here.app.house,
            **{
                "way": Way.POST,
                "dated": date(2027, 2, 4),
                "received_on": date(2027, 2, 8),
                "sender": "Vera Fuentes",
                "summary": "They will look at it.",
                **values,
            },
        )
        return answer.id or 0


def answers(here: Visit) -> list[Answer]:
    with here.app.database.reading() as session:
        return list(session.exec(select(Answer).order_by(Answer.id)))  # type: ignore[arg-type]


def letter(here: Visit, number: int) -> Addressee:
    with here.app.database.reading() as session:
        return session.get_one(Addressee, number)
