"""An office that has not answered is asked politely, by a person, and not too often."""

from datetime import UTC, date, datetime, timedelta

import pytest

from outreach.domain.correspondence import AnswerKind, DeliveryKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState
from outreach.store.tables import CallText, Delivery, Holder, Message
from outreach.usecases.close_correspondence import close_correspondence
from outreach.usecases.draft_enquiry import Enquiry, draft_enquiry
from outreach.usecases.enquire import enquire
from tests import officials
from tests.exchange import LATER, Exchange, addressee
from tests.make import messages


def drafts(exchange: Exchange, *, now: datetime = LATER) -> Enquiry:
    return draft_enquiry(exchange.session, exchange.to_chile, now=now, house=exchange.house)


def asks(exchange: Exchange, way: Way = Way.MAIL, *, now: datetime = LATER, note: str = "") -> Delivery:
    return enquire(exchange.session, exchange.to_chile, way, note=note, now=now, by="Rosa", house=exchange.house)


def test_the_draft_says_which_letter_went_when_and_to_whom(exchange: Exchange) -> None:
    draft = drafts(exchange)
    assert draft.address == "mission-chl@geneva.example"
    assert "Excellency," in draft.text
    assert "11 January 2027" in draft.text
    assert "safe-passage/chile-geneva" in draft.text
    assert messages(exchange.session) == [], "a draft is sent to nobody"


def test_it_is_addressed_to_who_holds_the_post_today(exchange: Exchange) -> None:
    session = exchange.session
    before = session.get_one(Holder, exchange.to_chile.frozen["holder_id"])
    before.until = date(2027, 1, 31)
    salutation = {"en": "Mr. Ambassador,"}
    officials.holder(session, exchange.chile, "Tomás Rivas", since=date(2027, 2, 1), salutation=salutation)
    assert drafts(exchange).text.startswith("Mr. Ambassador,")


def test_it_is_queued_to_the_office_and_the_office_has_time_anew(exchange: Exchange) -> None:
    delivery = asks(exchange)
    (message,) = messages(exchange.session, Message.kind == MessageKind.ENQUIRY)
    assert (message.address, message.contact_id, message.bulk) == ("mission-chl@geneva.example", None, False)
    assert (delivery.kind, delivery.message_id) == (DeliveryKind.ENQUIRY, message.id)
    assert exchange.to_chile.state is AddresseeState.SENT
    assert exchange.to_chile.due_on == date(2027, 2, 24), "ten working days after Wednesday 10 February"


def test_an_office_without_mail_is_asked_on_paper_or_by_telephone(exchange: Exchange) -> None:
    exchange.chile.ways = [Way.POST.value]
    assert drafts(exchange).address == ""
    with pytest.raises(InvalidInput, match="chile-geneva is not reached by mail"):
        asks(exchange)
    delivery = asks(exchange, Way.TELEPHONE, note="The desk officer will look.")
    assert (delivery.on, delivery.message_id) == (date(2027, 2, 10), None)
    assert exchange.to_chile.due_on == date(2027, 2, 24)


def test_an_office_is_not_asked_again_within_five_working_days(exchange: Exchange) -> None:
    asks(exchange)
    with pytest.raises(Refusal, match="was asked on 2027-02-10: give the office 5 working days"):
        asks(exchange, now=datetime(2027, 2, 16, 12, 0, tzinfo=UTC))
    asks(exchange, now=datetime(2027, 2, 17, 12, 0, tzinfo=UTC))
    assert len(messages(exchange.session, Message.kind == MessageKind.ENQUIRY)) == 2


def test_an_enquiry_that_did_not_arrive_keeps_nobody_from_asking(exchange: Exchange) -> None:
    first = asks(exchange)
    first.failed_at = LATER + timedelta(hours=1)
    asks(exchange, now=LATER + timedelta(days=1))
    assert len(messages(exchange.session, Message.kind == MessageKind.ENQUIRY)) == 2


def test_who_answered_is_not_asked(exchange: Exchange) -> None:
    exchange.logs()
    with pytest.raises(Refusal, match="chile-geneva answered safe-passage on 2027-02-08"):
        asks(exchange)


def test_who_only_acknowledged_may_be_asked_for_the_answer(exchange: Exchange) -> None:
    exchange.logs(AnswerKind.ACKNOWLEDGEMENT)
    asks(exchange)
    assert exchange.to_chile.state is AddresseeState.ACKNOWLEDGED
    assert exchange.to_chile.due_on == date(2027, 3, 24), "thirty working days after Wednesday 10 February"


def test_what_has_not_gone_is_not_asked_about(exchange: Exchange) -> None:
    peru = officials.post(exchange.session, "peru-geneva", state="PE", salt=exchange.house.salt)
    exchange.to_chile = addressee(exchange.session, exchange.letter, peru)
    with pytest.raises(Refusal, match="has not gone to peru-geneva"):
        asks(exchange)


def test_what_is_closed_is_not_asked_about(exchange: Exchange) -> None:
    close_correspondence(
        exchange.session, exchange.to_chile, "Settled.", now=LATER, by="Rosa", house=exchange.house
    )
    with pytest.raises(Refusal, match="closed with chile-geneva: Settled"):
        asks(exchange)
    exchange.to_chile.state, exchange.chile.closed_at = AddresseeState.SENT, LATER
    with pytest.raises(Refusal, match="exists no more"):
        asks(exchange)


def test_the_log_says_who_asked(exchange: Exchange) -> None:
    asks(exchange)
    (event,) = exchange.events("enquire")
    assert (event.by, event.subject_id, event.facts["way"]) == ("Rosa", exchange.to_chile.id, "mail")


def test_a_person_writes_it_in_her_own_words_and_the_subject_stays(exchange: Exchange) -> None:
    own = "Madam,\n\nhas our letter *reached* you?"
    enquire(exchange.session, exchange.to_chile, Way.MAIL, text=own, now=LATER, by="Rosa", house=exchange.house)
    (message,) = messages(exchange.session, Message.kind == MessageKind.ENQUIRY)
    text = exchange.session.get_one(CallText, message.text_id)
    assert text.call_id is None
    assert text.source.endswith("Madam,\n\nhas our letter *reached* you?\n")
    assert "subject: Our letter “{{ letter.title }}”" in text.source


def test_own_words_that_cannot_be_read_are_named_by_their_line(exchange: Exchange) -> None:
    with pytest.raises(InvalidInput, match="line 5"):
        draft_enquiry(exchange.session, exchange.to_chile, text="{{ nobody }}", now=LATER, house=exchange.house)
