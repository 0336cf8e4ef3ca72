"""What became of a mail to an official is noted by itself, and the letter moves on, or back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from outreach.domain.correspondence import AnswerKind, DeliveryKind
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.replies import ReplyKind
from outreach.domain.states import AddresseeState, MessageState
from outreach.store.database import Database
from outreach.store.tables import Delivery, Message
from outreach.usecases.log_answer import log_answer
from outreach.usecases.ring import ring
from tests import inbound, make
from tests.mailed import DESK, MISSION, VALUES, Mailed
from tests.make import NOON
from tests.usecases.listed import STAFF

LATER = NOON + timedelta(hours=3)
REFUSED = Verdict(MessageState.FAILED, "person", "550 5.1.1 no such user", copy=False)
DOUBTFUL = Verdict(MessageState.UNKNOWN, "no answer to the final dot", "connection lost", copy=True)


def queued(session: Session, database: Database) -> Mailed:
    return Mailed.queued(session, make.house(database, staff=STAFF))


def alerts(session: Session) -> list[Message]:
    return [one for one in make.messages(session) if one.kind is MessageKind.ALERT]


def test_a_letter_that_was_taken_is_sent_on_that_day_and_the_clock_runs(database: Database) -> None:
    with database.changing() as session:
        mailed = queued(session, database)
        assert mailed.track() == 0
        make.submitted(session)
        ring(session, now=LATER, house=mailed.house)
        assert mailed.addressee.state is AddresseeState.SENT
        assert mailed.addressee.sent_at == NOON
        assert mailed.addressee.due_on is not None
        assert [one.on for one in mailed.deliveries()] == [NOON.date(), NOON.date()]
        assert mailed.track(LATER) == 0
        assert alerts(session) == []


def test_a_letter_that_failed_waits_to_be_sent_again_and_staff_hear_of_it_once(database: Database) -> None:
    with database.changing() as session:
        mailed = queued(session, database)
        make.submitted(session, verdict=REFUSED)
        assert mailed.track(LATER) == 2
        letter, copy = mailed.deliveries()
        assert mailed.addressee.state is AddresseeState.TO_SEND
        assert letter.failed_at == copy.failed_at == LATER
        assert letter.failure == "It was not sent: person. 550 5.1.1 no such user"
        assert mailed.addressee.reason == letter.failure
        assert mailed.track(LATER) == 0
        assert len(alerts(session)) == 2


def test_what_fails_and_goes_after_all_has_gone(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = queued(session, sqlite)
        make.submitted(session, verdict=REFUSED)
        mailed.track()
        for message in (mailed.mail(MISSION), mailed.mail(DESK)):
            message.state, message.due_at = MessageState.QUEUED, NOON
            session.add(message)
        session.flush()
        make.submitted(session)
        mailed.track(LATER)
        letter = mailed.deliveries()[0]
        assert (letter.failed_at, letter.failure) == (None, "")
        assert (mailed.addressee.state, mailed.addressee.reason) == (AddresseeState.SENT, "")


def test_of_what_may_or_may_not_have_arrived_staff_hear_once(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = queued(session, sqlite)
        make.submitted(session, verdict=DOUBTFUL)
        ring(session, now=LATER, house=mailed.house)
        assert mailed.mail().state is MessageState.UNKNOWN  # nobody gets a letter twice
        letter = mailed.deliveries()[0]
        assert letter.failed_at is None
        assert "Nobody knows" in letter.failure
        assert mailed.addressee.state is AddresseeState.TO_SEND
        assert mailed.track(LATER) == 0


def bounce(mailed: Mailed, to: str = MISSION, **more: str) -> None:
    raw = inbound.failure_report(mailed.mail(to), mailed.house, **more)  # type: ignore[arg-type]
    inbound.arrived(mailed.session, mailed.house, raw, at=LATER)


def test_a_letter_that_comes_back_is_to_be_sent_again(database: Database) -> None:
    with database.changing() as session:
        mailed = Mailed.sent(session, make.house(database, staff=STAFF))
        bounce(mailed)
        assert mailed.track(LATER) == 1
        assert mailed.addressee.state is AddresseeState.TO_SEND
        assert (mailed.addressee.sent_at, mailed.addressee.due_on) == (None, None)
        assert mailed.deliveries()[0].failure.startswith("It came back: ")
        assert mailed.track(LATER) == 0


def test_a_copy_that_comes_back_is_noted_and_the_letter_stays_sent(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = Mailed.sent(session, make.house(sqlite, staff=STAFF))
        bounce(mailed, DESK)
        mailed.track(LATER)
        letter, copy = mailed.deliveries()
        assert (letter.failed_at, copy.failed_at) == (None, LATER)
        assert mailed.addressee.state is AddresseeState.SENT


def test_a_mail_that_is_late_has_not_come_back(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = Mailed.sent(session, make.house(sqlite, staff=STAFF))
        bounce(mailed, action="delayed", status="4.4.1")
        assert mailed.track(LATER) == 0
        assert mailed.addressee.state is AddresseeState.SENT


def test_what_came_back_by_mail_and_was_handed_over_has_reached_them(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = Mailed.sent(session, make.house(sqlite, staff=STAFF))
        by_hand = Delivery(addressee_id=mailed.addressee.id or 0, way=Way.HAND, by="Rosa", at=NOON, on=NOON.date())
        session.add(by_hand)
        bounce(mailed)
        mailed.track(LATER)
        assert mailed.addressee.state is AddresseeState.SENT


def test_an_answer_that_is_there_before_the_clock_rings_stays(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = queued(session, sqlite)
        make.submitted(session)
        log_answer(
            session, mailed.post, addressee=mailed.addressee, kind=AnswerKind.ANSWER, way=Way.HAND,
            dated=NOON.date(), received_on=NOON.date(), sender="Vera Fuentes", summary="Yes.",
            now=LATER, by="Rosa", house=mailed.house,
        )  # fmt: skip
        mailed.track(LATER)
        assert mailed.addressee.state is AddresseeState.ANSWERED
        assert mailed.addressee.sent_at == NOON
        bounce(mailed)
        mailed.track(LATER)
        assert mailed.addressee.state is AddresseeState.ANSWERED


@pytest.mark.parametrize(
    ("action", "state"), [("delivered", AddresseeState.DELIVERED), ("relayed", AddresseeState.SENT)]
)
def test_a_server_that_says_it_delivered_is_believed_and_one_that_passed_it_on_is_not(
    sqlite: Database, action: str, state: AddresseeState
) -> None:
    with sqlite.changing() as session:
        mailed = Mailed.sent(session, make.house(sqlite, staff=STAFF))
        raw = inbound.failure_report(
            mailed.mail(), mailed.house, action=action, status="2.0.0", diagnostic="smtp; 250"
        )
        reply = inbound.arrived(session, mailed.house, raw, at=LATER)
        assert reply.kind is ReplyKind.DELIVERY_NOTICE
        mailed.track(LATER)
        assert mailed.addressee.state is state
        assert mailed.track(LATER) == 0


def test_a_forged_notice_of_arrival_moves_nothing(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = Mailed.sent(session, make.house(sqlite, staff=STAFF))
        raw = inbound.failure_report(
            mailed.mail(), mailed.house, action="delivered", to=inbound.OURS, returned=False
        )
        inbound.arrived(session, mailed.house, raw, at=LATER)
        assert mailed.track(LATER) == 0
        assert mailed.addressee.state is AddresseeState.SENT


def test_an_enquiry_that_failed_gives_the_office_no_more_time(sqlite: Database) -> None:
    with sqlite.changing() as session:
        mailed = Mailed.sent(session, make.house(sqlite, staff=STAFF))
        due = mailed.addressee.due_on
        asked_at = NOON + timedelta(days=20)
        values = {**VALUES, "earlier": {"date": "2027-01-11"}}
        mailed.queue(DeliveryKind.ENQUIRY, values=values, now=asked_at)
        asked = mailed.deliveries()[-1]
        asked.at = asked_at
        session.add(asked)
        make.submitted(session, now=asked_at, verdict=REFUSED)
        mailed.track(asked_at)
        assert session.exec(select(Delivery.failed_at).where(Delivery.id == asked.id)).one() == asked_at
        assert mailed.addressee.due_on == due
