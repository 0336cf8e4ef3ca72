"""A mistake in an answer is corrected, and the letters stand as if it had been known from the beginning."""

from datetime import date

import pytest

from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput
from outreach.domain.states import AddresseeState
from outreach.store.tables import Answer
from outreach.usecases.correct_answer import Corrections, correct_answer
from tests.exchange import LATER, Exchange, scan


def corrects(exchange: Exchange, answer: Answer, **corrections: object) -> Answer:
    values = Corrections(**corrections)  # type: ignore[arg-type]
    return correct_answer(exchange.session, answer, values, now=LATER, by="Idris", house=exchange.house)


def test_what_was_an_acknowledgement_is_no_answer(exchange: Exchange) -> None:
    answer = exchange.logs()
    corrects(exchange, answer, kind=AnswerKind.ACKNOWLEDGEMENT)
    assert exchange.to_chile.state is AddresseeState.ACKNOWLEDGED
    assert (exchange.to_chile.answered_at, exchange.to_chile.due_on) == (None, date(2027, 3, 22))


def test_an_answer_to_another_letter_gives_the_first_one_its_clock_back(exchange: Exchange) -> None:
    answer = exchange.logs(reference="N/2027/14")
    corrects(exchange, answer, addressee=exchange.to_kenya)
    assert (exchange.to_chile.state, exchange.to_chile.due_on) == (AddresseeState.SENT, date(2027, 1, 25))
    assert (exchange.to_chile.reference, exchange.to_kenya.reference) == ("", "N/2027/14")
    assert exchange.to_kenya.state is AddresseeState.ANSWERED
    assert answer.post_id == exchange.kenya.id, "it is the other office's answer then"


def test_nobody_may_know_after_all_what_an_answer_is_to(exchange: Exchange) -> None:
    answer = exchange.logs()
    corrects(exchange, answer, to_no_letter=True)
    assert (answer.addressee_id, answer.post_id) == (None, exchange.chile.id)
    assert exchange.to_chile.state is AddresseeState.SENT


def test_an_acknowledgement_that_was_wrong_is_forgotten_too(exchange: Exchange) -> None:
    answer = exchange.logs(AnswerKind.ACKNOWLEDGEMENT)
    corrects(exchange, answer, addressee=exchange.to_kenya)
    assert (exchange.to_chile.state, exchange.to_chile.acknowledged_at) == (AddresseeState.SENT, None)


def test_a_corrected_reference_is_the_letters(exchange: Exchange) -> None:
    answer = exchange.logs(reference="N/2027/41")
    corrects(exchange, answer, reference="N/2027/14", sender="Vera  Fuentes Rojas")
    assert (exchange.to_chile.reference, answer.sender) == ("N/2027/14", "Vera Fuentes Rojas")
    corrects(exchange, answer, reference="")
    assert exchange.to_chile.reference == ""


def test_days_are_held_to_one_another(exchange: Exchange) -> None:
    answer = exchange.logs()
    with pytest.raises(InvalidInput, match="received on 2027-02-01 cannot be dated 2027-02-04"):
        corrects(exchange, answer, received_on=date(2027, 2, 1))


def test_an_answer_keeps_a_word_of_what_it_says_or_its_document(exchange: Exchange) -> None:
    answer = exchange.logs()
    with pytest.raises(InvalidInput, match="nothing would be left"):
        corrects(exchange, answer, summary=" ")
    documented = exchange.logs(documents=[scan(exchange.session)])
    assert corrects(exchange, documented, summary="").summary == ""


def test_nothing_to_correct_is_said(exchange: Exchange) -> None:
    with pytest.raises(InvalidInput, match="Say what is different"):
        corrects(exchange, exchange.logs())


def test_the_log_says_what_was_corrected_and_by_whom(exchange: Exchange) -> None:
    corrects(exchange, exchange.logs(), summary="They will not look at it.", kind=AnswerKind.ACKNOWLEDGEMENT)
    (event,) = exchange.events("correct_answer")
    assert (event.by, event.facts["corrected"]) == ("Idris", ["kind", "summary"])
    assert "look" not in str(event.facts)
