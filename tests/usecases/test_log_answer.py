"""What an official's office wrote back goes on record, and the clock of its letter stops."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.replies import ReplyKind
from outreach.domain.states import AddresseeState
from outreach.store.addressees import advance
from outreach.store.answers import documents_of
from outreach.store.tables import Answer, Reply
from outreach.usecases.correct_answer import Corrections, correct_answer
from tests.exchange import CAME, LATER, Exchange, enquiry, scan


def test_an_answer_stops_the_clock(exchange: Exchange) -> None:
    assert exchange.to_kenya.due_on == exchange.to_chile.due_on == date(2027, 1, 25)
    answer = exchange.logs(reference="N/2027/14")
    assert (exchange.to_chile.state, exchange.to_chile.due_on) == (AddresseeState.ANSWERED, None)
    assert exchange.to_chile.reference == answer.reference == "N/2027/14"
    assert exchange.to_chile.answered_at == datetime(2027, 2, 8, 11, 0, tzinfo=UTC), "noon in Brussels"
    assert exchange.to_kenya.due_on == date(2027, 1, 25), "nobody else is let off"


def test_after_an_acknowledgement_the_office_has_time_to_answer_from_the_day_it_came(exchange: Exchange) -> None:
    exchange.logs(AnswerKind.ACKNOWLEDGEMENT, reference="N/2027/14")
    assert (exchange.to_chile.state, exchange.to_chile.reference) == (AddresseeState.ACKNOWLEDGED, "N/2027/14")
    assert exchange.to_chile.due_on == date(2027, 3, 22), "thirty working days after Monday 8 February"


def test_an_acknowledgement_after_the_answer_changes_nothing(exchange: Exchange) -> None:
    exchange.logs()
    exchange.logs(AnswerKind.ACKNOWLEDGEMENT)
    assert (exchange.to_chile.state, exchange.to_chile.due_on) == (AddresseeState.ANSWERED, None)


def test_an_old_acknowledgement_does_not_take_the_time_that_an_enquiry_gave(exchange: Exchange) -> None:
    enquiry(exchange.session, exchange.to_chile, datetime(2027, 2, 9, 9, 0, tzinfo=UTC))
    exchange.logs(AnswerKind.ACKNOWLEDGEMENT)
    assert exchange.to_chile.due_on == date(2027, 3, 23), "thirty working days after Tuesday 9 February"


def test_the_documents_of_an_answer_are_kept_once_each(exchange: Exchange) -> None:
    kept = scan(exchange.session)
    answer = exchange.logs(summary="", documents=[kept, kept])
    assert documents_of(exchange.session, answer) == [kept]


def test_an_answer_may_be_to_a_letter_that_nobody_knows_yet(exchange: Exchange) -> None:
    answer = exchange.logs(addressee=None)
    assert (answer.addressee_id, answer.post_id) == (None, exchange.chile.id)
    assert exchange.to_chile.state is AddresseeState.SENT


def test_what_a_person_closed_stays_closed(exchange: Exchange) -> None:
    advance(
        exchange.session,
        exchange.to_chile,
        AddresseeState.CLOSED,
        at=LATER,
        house=exchange.house,
        reason="The matter is settled.",
    )
    exchange.logs(reference="N/2027/14")
    to = exchange.to_chile
    assert (to.state, to.due_on, to.reason) == (AddresseeState.CLOSED, None, "The matter is settled.")
    assert to.reference == "N/2027/14"


def test_the_log_says_who_logged_what_and_nothing_that_stood_in_it(exchange: Exchange) -> None:
    answer = exchange.logs(documents=[scan(exchange.session)])
    (event,) = exchange.events("log_answer")
    assert (event.by, event.subject_id, event.facts["addressee"]) == ("Rosa", answer.id, exchange.to_chile.id)
    assert not any(word in str(event.facts) for word in ("Vera", "look", "scan"))


@pytest.mark.parametrize(
    ("dated", "received_on", "sentence"),
    [
        (LATER.date() + timedelta(days=1), LATER.date() + timedelta(days=1), "not been written yet"),
        (CAME, date(2099, 1, 1), "received 2099-01-01 has not been written yet"),
        (date(1, 1, 1), CAME, "dated 0001-01-01 cannot be"),
        (CAME, CAME - timedelta(days=1), "received on 2027-02-07 cannot be dated 2027-02-08"),
    ],
)
def test_days_that_cannot_be_are_refused(exchange: Exchange, dated: date, received_on: date, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        exchange.logs(dated=dated, received_on=received_on)
    assert exchange.session.exec(select(Answer)).all() == []


def test_it_is_today_by_the_clocks_of_the_workspace(exchange: Exchange) -> None:
    late = datetime(2027, 2, 8, 23, 30, tzinfo=UTC)  # in Brussels it is Tuesday
    answer = exchange.logs(dated=date(2027, 2, 9), received_on=date(2027, 2, 9), now=late)
    assert exchange.to_chile.answered_at == late
    assert answer.at == late


def test_without_a_word_a_document_or_a_mail_there_is_nothing_to_log(exchange: Exchange) -> None:
    with pytest.raises(InvalidInput, match="Say in a summary"):
        exchange.logs(summary=" \u200b\n ")


def test_an_office_answers_what_was_addressed_to_it(exchange: Exchange) -> None:
    with pytest.raises(Refusal, match="was not for chile-geneva"):
        exchange.logs(addressee=exchange.to_kenya)


def test_a_mail_is_one_answer_only(exchange: Exchange) -> None:
    reply = Reply(at=LATER, kind=ReplyKind.ANSWER, first_kind=ReplyKind.ANSWER, post_id=exchange.chile.id)
    exchange.session.add(reply)
    exchange.session.flush()
    first = exchange.logs(reply=reply, summary="", way=Way.MAIL)
    with pytest.raises(Refusal, match=f"on record already, as answer {first.id}"):
        exchange.logs(reply=reply, summary="", way=Way.MAIL)


def test_what_was_typed_is_kept_without_what_steers(exchange: Exchange) -> None:
    answer = exchange.logs(
        sender="Vera\r\nBcc: x@evil.example \u202efdp", subject='=HYPERLINK("x")', summary="{{ 7*7 }}\r\n<b>"
    )
    assert answer.sender == "Vera Bcc: x@evil.example fdp"
    assert (answer.subject, answer.summary) == ('=HYPERLINK("x")', "{{ 7*7 }}\n<b>")


@pytest.mark.parametrize(
    ("field", "limit", "named"),
    [("sender", 200, "Who wrote it"), ("subject", 300, "The subject"), ("reference", 100, "The reference number")],
)
def test_words_that_are_too_many_are_declined_and_never_cut(
    exchange: Exchange, field: str, limit: int, named: str
) -> None:
    with pytest.raises(InvalidInput, match=f"{named} is longer than {limit} characters"):
        exchange.logs(AnswerKind.ANSWER, **{field: "é" * (limit + 1)})  # type: ignore[arg-type]
    answer = exchange.logs(AnswerKind.ANSWER, **{field: "é" * limit})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=f"{named} is longer than {limit} characters"):
        correct_answer(
            exchange.session,
            answer,
            Corrections(**{field: "é" * (limit + 1)}),  # type: ignore[arg-type]
            now=LATER,
            by="Rosa",
            house=exchange.house,
        )
    assert getattr(answer, field) == "é" * limit


def test_a_summary_that_is_too_long_is_declined(exchange: Exchange) -> None:
    with pytest.raises(InvalidInput, match="It has 20,001 characters; 20,000 are the most"):
        exchange.logs(summary="é" * 20_001)
