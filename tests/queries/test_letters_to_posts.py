"""How far letters have come with officials, page by page, for those who may see some calls only."""

from collections.abc import Iterator
from datetime import date

import pytest

from outreach.domain.correspondence import AnswerKind
from outreach.queries.correspondence import thread
from outreach.queries.letters_to_posts import (
    Wanted,
    calls_written,
    letters_to_posts,
    standing_counts,
    states_written,
    unplaced,
)
from outreach.queries.overdue import overdue
from outreach.queries.responses import responses_to, signatories
from outreach.store.addressees import Standing
from outreach.store.database import Database
from tests import make, rounds
from tests.exchange import Exchange

TODAY = date(2027, 2, 10)


@pytest.fixture
def exchange(database: Database) -> Iterator[Exchange]:
    house = make.house(database)
    with database.changing() as session:
        yield Exchange.begun(session, house)


def found(exchange: Exchange, **more: object) -> list[str]:
    wanted = Wanted(**more)  # type: ignore[arg-type]
    page = letters_to_posts(exchange.session, wanted, today=TODAY, house=exchange.house)
    return [one.line.post for one in page.letters]


def test_letters_are_narrowed_by_call_state_office_and_standing(exchange: Exchange) -> None:
    exchange.logs(AnswerKind.ANSWER)
    assert found(exchange) == ["kenya-geneva", "chile-geneva"]
    assert found(exchange, state="KE") == ["kenya-geneva"]
    assert found(exchange, post=exchange.chile.id) == ["chile-geneva"]
    assert found(exchange, standing=Standing.ANSWERED) == ["chile-geneva"]
    assert found(exchange, standing=Standing.OVERDUE) == ["kenya-geneva"]
    assert found(exchange, standing=Standing.SENT) == []
    assert found(exchange, call=exchange.call.slug) == ["kenya-geneva", "chile-geneva"]
    assert found(exchange, call="nowhere") == []
    counts = standing_counts(exchange.session, Wanted(), today=TODAY)
    assert counts == {"answered": 1, "overdue": 1}


def test_a_page_goes_on_below_the_last_of_the_one_before(exchange: Exchange) -> None:
    session, house = exchange.session, exchange.house
    first = letters_to_posts(session, Wanted(), today=TODAY, house=house, limit=1)
    second = letters_to_posts(session, Wanted(), before=first.before, today=TODAY, house=house, limit=1)
    assert [one.line.post for page in (first, second) for one in page.letters] == ["kenya-geneva", "chile-geneva"]
    assert second.before == 0
    assert first.letters[0].call == exchange.call.slug


def test_of_other_calls_nothing_is_read(exchange: Exchange) -> None:
    session, house, own = exchange.session, exchange.house, frozenset({exchange.call.id or 0})
    exchange.logs(addressee=None)
    for calls, number in ((None, 2), (own, 2), (frozenset({999}), 0), (frozenset[int](), 0)):
        assert len(found(exchange, calls=calls)) == number
        assert len(overdue(session, calls=calls, today=TODAY, house=house)) == number
        assert len(calls_written(session, calls)) == bool(number)
        assert len(states_written(session, calls)) == number
    posts = [exchange.chile]
    assert len(thread(session, posts, house)) == 2
    assert len(thread(session, posts, house, calls=own)) == 1, "what answers nobody knows what is nobody's call's"
    assert thread(session, posts, house, calls=frozenset({999})) == []
    assert len(unplaced(session, None)) == 1
    assert unplaced(session, own) == []


def test_who_signed_is_who_may_approve_a_response(database: Database) -> None:
    with database.changing() as session:
        made = rounds.drafted(session, make.house(database))
        who = signatories(session, made.answer)
        assert [one.name for one in who] == sorted(rounds.HOME.values())
        assert [one.name for one in who if not one.can_be_asked] == [rounds.HOME["four"]]
        assert [one.slug for one in responses_to(session, made.answer)] == ["response"]
