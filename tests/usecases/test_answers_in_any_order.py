"""However answers are logged, corrected and withdrawn, each letter stands where the record says."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from outreach.domain.correspondence import AnswerKind
from outreach.domain.states import AddresseeState
from outreach.domain.working_days import add_working_days
from outreach.store.database import Database
from outreach.store.tables import Addressee, Answer
from outreach.usecases.close_correspondence import close_correspondence
from outreach.usecases.correct_answer import Corrections, correct_answer
from outreach.usecases.reopen_correspondence import reopen_correspondence
from outreach.usecases.withdraw_answer import withdraw_answer
from tests import make
from tests.exchange import LATER, WENT, Exchange, enquiry

FIRST = date(2027, 1, 12)
KINDS = st.sampled_from(AnswerKind)
LETTERS = st.sampled_from(["chile", "kenya", ""])
DAYS = st.integers(0, 20).map(lambda ahead: FIRST + timedelta(days=ahead))
REFERENCES = st.sampled_from(["", "A/1", "B/2"])
STEPS = st.one_of(
    st.tuples(st.just("log"), LETTERS, KINDS, DAYS, REFERENCES),
    st.tuples(st.just("correct"), st.integers(0, 9), LETTERS, KINDS, DAYS, REFERENCES),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["close", "reopen"]), st.sampled_from(["chile", "kenya"])),
    st.tuples(st.just("ask"), st.sampled_from(["chile", "kenya"]), DAYS),
)


@dataclass(frozen=True)
class Fact:
    """An answer as the test remembers it."""

    number: int
    letter: str
    kind: AnswerKind
    day: date
    reference: str


class Record:
    """The same facts, kept in a list, and what follows from them."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.facts: list[Fact] = []
        self.closed: set[str] = set()
        self.asked: dict[str, list[date]] = {"chile": [], "kenya": []}
        self.letters = {"chile": exchange.to_chile, "kenya": exchange.to_kenya}

    def does(self, step: tuple[object, ...]) -> None:
        """One thing happens, in the database and in the list."""
        getattr(self, f"_{step[0]}")(*step[1:])

    def _log(self, letter: str, kind: AnswerKind, day: date, reference: str) -> None:
        exchange = self.exchange
        post = exchange.kenya if letter == "kenya" else exchange.chile
        answer = exchange.logs(
            kind, addressee=self.letters.get(letter), post=post, dated=day, received_on=day, reference=reference
        )
        self.facts.append(Fact(answer.id or 0, letter, kind, day, reference))

    def _correct(self, which: int, letter: str, kind: AnswerKind, day: date, reference: str) -> None:
        if not self.facts:
            return
        at = which % len(self.facts)
        corrections = Corrections(
            addressee=self.letters.get(letter),
            to_no_letter=not letter,
            kind=kind,
            dated=day,
            received_on=day,
            reference=reference,
        )
        answer = self._answer(self.facts[at])
        correct_answer(self.exchange.session, answer, corrections, now=LATER, by="Rosa", house=self.exchange.house)
        self.facts[at] = replace(self.facts[at], letter=letter, kind=kind, day=day, reference=reference)

    def _withdraw(self, which: int) -> None:
        if self.facts:
            fact = self.facts.pop(which % len(self.facts))
            session, house = self.exchange.session, self.exchange.house
            withdraw_answer(session, self._answer(fact), now=LATER, by="Rosa", house=house)

    def _close(self, letter: str) -> None:
        if letter not in self.closed:
            self.closed.add(letter)
            session, house = self.exchange.session, self.exchange.house
            close_correspondence(session, self.letters[letter], "Enough.", now=LATER, by="Rosa", house=house)

    def _reopen(self, letter: str) -> None:
        if letter in self.closed:
            self.closed.discard(letter)
            session, house = self.exchange.session, self.exchange.house
            reopen_correspondence(session, self.letters[letter], now=LATER, by="Rosa", house=house)

    def _ask(self, letter: str, day: date) -> None:
        """An enquiry goes on record; the next thing that happens to the letter takes it into account."""
        self.asked[letter].append(day)
        enquiry(self.exchange.session, self.letters[letter], datetime.combine(day, WENT.timetz(), UTC))

    def _answer(self, fact: Fact) -> Answer:
        return self.exchange.session.get_one(Answer, fact.number)

    def stands(self, letter: str) -> tuple[AddresseeState, date | None, str]:
        """Where the letter stands, by the list alone."""
        mine = [fact for fact in self.facts if fact.letter == letter]
        references = [
            fact.reference for fact in sorted(mine, key=lambda one: (one.day, one.number)) if fact.reference
        ]
        reference = references[-1] if references else ""
        if letter in self.closed:
            return AddresseeState.CLOSED, None, reference
        if any(fact.kind is AnswerKind.ANSWER for fact in mine):
            return AddresseeState.ANSWERED, None, reference
        state = AddresseeState.ACKNOWLEDGED if mine else AddresseeState.SENT
        start = max([*(fact.day for fact in mine), *self.asked[letter], WENT.date()])
        return state, add_working_days(start, 30 if mine else 10), reference


def as_in_the_database(session: Session, letter: Addressee) -> tuple[AddresseeState, date | None, str]:
    session.refresh(letter)
    return letter.state, letter.due_on, letter.reference


@given(st.lists(STEPS, max_size=12))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_letter_stands_where_the_record_says(database: Database, steps: list[tuple[object, ...]]) -> None:
    with database.changing(dry_run=True) as session:
        record = Record(Exchange.begun(session, make.house(database)))
        for step in steps:
            record.does(step)
        for letter in record.letters:
            # An enquiry counts from the next thing on; closing and opening changes nothing else.
            record.does(("reopen", letter) if letter in record.closed else ("close", letter))
            assert as_in_the_database(session, record.letters[letter]) == record.stands(letter)
            record.does(("reopen", letter))
            assert as_in_the_database(session, record.letters[letter]) == record.stands(letter)
