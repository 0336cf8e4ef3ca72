"""What was logged by mistake leaves the record with its files, and the letter stands as if it had never come."""

from datetime import date

import pytest
from sqlmodel import select

from outreach.domain.errors import Refusal
from outreach.domain.officials import Way
from outreach.domain.replies import ReplyKind
from outreach.domain.states import AddresseeState, ReplyState
from outreach.store.tables import Answer, AnswerDocument, Document, DocumentContent, Reply, ResponseLetter
from outreach.usecases.withdraw_answer import withdraw_answer
from tests.exchange import LATER, Exchange, scan


def withdraws(exchange: Exchange, answer: Answer) -> None:
    withdraw_answer(exchange.session, answer, now=LATER, by="Idris", house=exchange.house)


def test_the_letter_stands_as_before_and_its_clock_runs_again(exchange: Exchange) -> None:
    answer = exchange.logs(reference="N/2027/14")
    withdraws(exchange, answer)
    to = exchange.to_chile
    assert (to.state, to.due_on, to.answered_at, to.reference) == (
        AddresseeState.SENT,
        date(2027, 1, 25),
        None,
        "",
    )
    assert exchange.session.exec(select(Answer)).all() == []


def test_what_remains_on_record_still_counts(exchange: Exchange) -> None:
    first = exchange.logs(reference="N/2027/14")
    second = exchange.logs(reference="N/2027/15")
    withdraws(exchange, second)
    assert (exchange.to_chile.state, exchange.to_chile.reference) == (AddresseeState.ANSWERED, first.reference)


def test_its_files_are_gone_and_the_log_has_their_digests(exchange: Exchange) -> None:
    document = scan(exchange.session)
    digest = document.sha256
    withdraws(exchange, exchange.logs(documents=[document]))
    for table in (AnswerDocument, DocumentContent, Document):
        assert exchange.session.exec(select(table)).all() == []
    (event,) = exchange.events("withdraw_answer")
    assert (event.by, event.facts["documents"]) == ("Idris", [digest])


def test_a_file_that_something_else_holds_stays(exchange: Exchange) -> None:
    shared = scan(exchange.session)
    answer, other = exchange.logs(documents=[shared]), exchange.logs(documents=[shared])
    withdraws(exchange, answer)
    assert exchange.session.exec(select(DocumentContent)).all() != []
    withdraws(exchange, other)
    assert exchange.session.exec(select(DocumentContent)).all() == []


def test_the_mail_that_it_was_made_of_waits_again(exchange: Exchange) -> None:
    reply = Reply(
        at=LATER,
        kind=ReplyKind.ANSWER,
        first_kind=ReplyKind.ANSWER,
        post_id=exchange.chile.id,
        state=ReplyState.DONE,
    )
    exchange.session.add(reply)
    exchange.session.flush()
    withdraws(exchange, exchange.logs(reply=reply, way=Way.MAIL))
    assert reply.state is ReplyState.WAITING


def test_an_answer_to_which_a_letter_responds_stays(exchange: Exchange) -> None:
    answer = exchange.logs()
    exchange.session.add(ResponseLetter(letter_id=exchange.letter.id or 0, answer_id=answer.id or 0))
    exchange.session.flush()
    with pytest.raises(Refusal, match="safe-passage responds to answer"):
        withdraws(exchange, answer)
