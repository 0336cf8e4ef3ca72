"""The thread with an office is in order, whatever was noted when; the lists say how far each letter has come."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.domain.correspondence import AnswerKind, DeliveryKind, LetterKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.queries.correspondence import IN, OUT, posts_meant, thread
from outreach.queries.overdue import overdue
from outreach.queries.standings import letter_lines, standings, unplaced_answers
from outreach.store.addressees import Standing
from outreach.store.database import Database
from outreach.store.officials import known_state
from outreach.store.tables import Delivery, Letter
from outreach.usecases.close_correspondence import close_correspondence
from outreach.usecases.enquire import enquire
from tests import make, officials
from tests.exchange import LATER, WENT, Exchange, gone

DAYS = st.integers(0, 29).map(lambda ahead: date(2027, 1, 12) + timedelta(days=ahead))
NOTED = st.tuples(st.sampled_from(["answer", "acknowledgement", "letter", "copy", "enquiry"]), DAYS)


def notes(exchange: Exchange, what: str, day: date) -> None:
    """Something goes on record, of a day."""
    if what in ("answer", "acknowledgement"):
        exchange.logs(AnswerKind(what), dated=day, received_on=day)
        return
    kind, at = DeliveryKind(what), datetime.combine(day, WENT.timetz(), UTC)
    to = exchange.to_chile.id or 0
    # What is noted by hand has its day, a mail the moment at which it was queued.
    on = day if kind is DeliveryKind.LETTER else None
    exchange.session.add(
        Delivery(addressee_id=to, kind=kind, way=Way.HAND, by="Rosa", at=LATER if on else at, on=on)
    )
    exchange.session.flush()


@given(st.lists(NOTED, max_size=10))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_thread_is_in_order_by_date_whatever_was_noted_first(
    sqlite: Database, noted: list[tuple[str, date]]
) -> None:
    with sqlite.changing(dry_run=True) as session:
        exchange = Exchange.begun(session, make.house(sqlite))
        for what, day in noted:
            notes(exchange, what, day)
        lines = thread(session, [exchange.chile], exchange.house)
        assert sorted((line.on, line.direction == IN) for line in lines) == [
            (line.on, line.direction == IN) for line in lines
        ]
        assert sorted(line.on for line in lines) == sorted([WENT.date(), *(day for _, day in noted)])


def test_the_thread_goes_across_letters_and_posts_on_both_databases(database: Database) -> None:
    with database.changing() as session:
        exchange = Exchange.begun(session, make.house(database))
        later = make.call(session, exchange.house, slug="later-letter")
        letter = session.get_one(Letter, later.letter_id)
        gone(session, exchange.house, letter, exchange.chile, at=LATER - timedelta(days=1), way=Way.HAND)
        exchange.logs(reference="N/14")
        enquire(session, exchange.to_kenya, Way.MAIL, now=LATER, by="Rosa", house=exchange.house)
        both = posts_meant(session, states=["Chile", "KE"])
        lines = thread(session, both, exchange.house)
        assert [(line.on, line.direction, line.what, line.post, line.letter) for line in lines] == [
            (date(2027, 1, 11), OUT, "private letter", "chile-geneva", "safe-passage"),
            (date(2027, 1, 11), OUT, "private letter", "kenya-geneva", "safe-passage"),
            (date(2027, 2, 8), IN, "answer", "chile-geneva", "safe-passage"),
            (date(2027, 2, 9), OUT, "open letter", "chile-geneva", "later-letter"),
            (date(2027, 2, 10), OUT, "enquiry", "kenya-geneva", "safe-passage"),
        ]
        assert (lines[2].reference, lines[4].state) == ("N/14", "queued")
        institution = posts_meant(session, institutions=["united nations office at geneva"])
        assert thread(session, institution, exchange.house) == lines


def test_a_response_stands_after_the_answer_that_came_on_its_day(sqlite: Database) -> None:
    with sqlite.changing(dry_run=True) as session:
        exchange = Exchange.begun(session, make.house(sqlite))
        notes(exchange, "answer", WENT.date())
        assert [line.direction for line in thread(session, [exchange.chile], exchange.house)] == [OUT, IN]
        session.get_one(Letter, exchange.to_chile.letter_id).kind = LetterKind.RESPONSE
        assert [line.direction for line in thread(session, [exchange.chile], exchange.house)] == [IN, OUT]


def test_an_institution_is_meant_by_whole_words(sqlite: Database) -> None:
    with sqlite.changing() as session:
        for slug, state in (("niger-geneva", "Niger"), ("nigeria-geneva", "Nigeria")):
            officials.post(session, slug, institution=f"Permanent Mission of {state}", state=known_state(state))
        for words in ("mission of Niger", "NIGER"):
            assert [post.slug for post in posts_meant(session, institutions=[words])] == ["niger-geneva"]
        with pytest.raises(Refusal, match="no such post"):
            posts_meant(session, institutions=["mission of Nig"])
        with pytest.raises(InvalidInput, match="'Atlantis' is no State that is known"):
            posts_meant(session, states=["Atlantis"])


def test_the_list_says_how_far_a_letter_has_come_on_both_databases(database: Database) -> None:
    with database.changing() as session:
        exchange = Exchange.begun(session, make.house(database))
        exchange.logs()
        exchange.logs(addressee=None)
        on_its_day, after = exchange.to_kenya.due_on, date(2027, 1, 26)
        assert on_its_day is not None
        found = standings(session, letter=exchange.letter, today=after, house=exchange.house)
        assert [(line.post, line.standing, line.answers) for line in found] == [
            ("chile-geneva", Standing.ANSWERED, 1),
            ("kenya-geneva", Standing.OVERDUE, 0),
        ]
        (whole,) = letter_lines(session, today=on_its_day, house=exchange.house)
        assert whole.counts == {"sent": 1, "answered": 1}, "on the day itself nothing is overdue"
        assert unplaced_answers(session) == 1


def test_what_is_overdue_says_since_when_and_what_to_do(database: Database) -> None:
    with database.changing() as session:
        exchange = Exchange.begun(session, make.house(database))
        (chile, kenya) = overdue(session, today=date(2027, 2, 1), house=exchange.house)
        assert (chile.post, kenya.post, chile.due_on, chile.days) == (
            "chile-geneva",
            "kenya-geneva",
            date(2027, 1, 25),
            5,
        )
        exchange.chile.ways = [Way.POST.value]
        asked_at = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
        enquire(session, exchange.to_kenya, Way.TELEPHONE, now=asked_at, by="Rosa", house=exchange.house)
        (line,) = overdue(session, today=date(2027, 2, 2), house=exchange.house)
        assert (line.post, line.step) == ("chile-geneva", "enquire on paper")
        again = overdue(session, today=date(2027, 3, 1), house=exchange.house)
        assert [(one.post, one.enquiries, one.asked_on) for one in again] == [
            ("chile-geneva", 0, None),
            ("kenya-geneva", 1, date(2027, 2, 1)),
        ]
        close_correspondence(session, exchange.to_chile, "Enough.", now=LATER, by="Rosa", house=exchange.house)
        assert exchange.to_chile.state is AddresseeState.CLOSED
        assert [one.post for one in overdue(session, today=date(2027, 3, 1), house=exchange.house)] == [
            "kenya-geneva"
        ]
