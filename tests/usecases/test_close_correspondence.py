"""A letter is closed with an official by a person, and opened again by one."""

from datetime import date, timedelta

import pytest

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.states import AddresseeState
from outreach.usecases.close_correspondence import close_correspondence
from outreach.usecases.reopen_correspondence import reopen_correspondence
from tests.exchange import LATER, Exchange


def closes(exchange: Exchange, reason: str = "Settled in a meeting.") -> None:
    close_correspondence(exchange.session, exchange.to_chile, reason, now=LATER, by="Idris", house=exchange.house)


def opens(exchange: Exchange) -> None:
    later = LATER + timedelta(days=1)
    reopen_correspondence(exchange.session, exchange.to_chile, now=later, by="Idris", house=exchange.house)


def test_no_clock_runs_for_what_is_closed(exchange: Exchange) -> None:
    closes(exchange)
    to = exchange.to_chile
    assert (to.state, to.due_on, to.reason) == (AddresseeState.CLOSED, None, "Settled in a meeting.")
    assert exchange.to_kenya.state is AddresseeState.SENT


def test_a_reason_is_asked_for(exchange: Exchange) -> None:
    with pytest.raises(InvalidInput, match="Say why"):
        closes(exchange, " \u200b")


def test_what_is_closed_is_not_closed_again(exchange: Exchange) -> None:
    closes(exchange)
    with pytest.raises(Refusal, match="closed since 2027-02-10: Settled in a meeting"):
        closes(exchange)


def test_opened_again_its_clock_runs_from_where_it_began(exchange: Exchange) -> None:
    closes(exchange)
    opens(exchange)
    to = exchange.to_chile
    assert (to.state, to.due_on, to.closed_at, to.reason) == (
        AddresseeState.SENT,
        date(2027, 1, 25),
        None,
        "",
    )


def test_what_came_meanwhile_counts_when_it_is_opened_again(exchange: Exchange) -> None:
    closes(exchange)
    exchange.logs()
    opens(exchange)
    assert exchange.to_chile.state is AddresseeState.ANSWERED


def test_only_what_is_closed_is_opened(exchange: Exchange) -> None:
    with pytest.raises(Refusal, match="It is not closed: it is sent"):
        opens(exchange)


def test_the_log_says_who_closed_and_who_opened(exchange: Exchange) -> None:
    closes(exchange)
    opens(exchange)
    (closed,), (opened,) = exchange.events("close_correspondence"), exchange.events("reopen_correspondence")
    assert (closed.by, closed.subject, closed.subject_id) == ("Idris", "addressee", exchange.to_chile.id)
    assert (opened.facts["after"], opened.facts["closed_on"]) == ("sent", "2027-02-10")
