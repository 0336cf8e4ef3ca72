"""The ledger: one transaction settles, opens or closes the breaker, and claims; and it remembers what left."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import Refusal
from outreach.domain.judging import ACCOUNT_RESTS, Rest, Verdict
from outreach.domain.pacing import Pace, Pacer, Rooms
from outreach.domain.states import MessageState
from outreach.store.accounts import let_rest, resting, wake
from outreach.store.database import Database
from outreach.store.doubts import recover, resolve_unknown
from outreach.store.ownership import owning
from outreach.store.settling import Settlement, settle
from outreach.worker.ledger import Ledger, Turn
from tests import make
from tests.worker.setting import invite, left_by_the_dead, people, rows, states

NOW = make.NOON
PAUSE = timedelta(minutes=15)
PACE = Pace(per_minute=5, per_hour=100, per_day=1000, domain_per_minute=2)


def turn(ledger: Ledger, *settlements: Settlement, lanes: int = 1, room: int = 99) -> Turn:
    return ledger.turn(settlements, lanes=lanes, room=room, rooms=Rooms(), now=NOW)


def rests(reason: str, wait: timedelta | None = PAUSE) -> Verdict:
    rest = Rest(wait, reason)
    return Verdict(MessageState.DEFERRED, ACCOUNT_RESTS, reason, PAUSE, counted=False, rest=rest)


def prepared(database: Database, count: int) -> House:
    house = make.house(database)
    invite(database, house, people(count))
    return house


def room_for_one(database: Database) -> int:
    """What the limits leave five seconds later to a worker that begins then."""
    pacer, ledger = Pacer(PACE), Ledger(database, "one", rehearsal=False)
    ledger.remember(pacer, NOW + timedelta(seconds=5), monotonic=1000.0)
    ledger.close()
    return pacer.room(1000.0)


def test_what_is_ready_is_settled_and_the_next_is_claimed_in_one_transaction(database: Database) -> None:
    prepared(database, 3)
    with owning(database) as owner:
        ledger = Ledger(database, owner, rehearsal=False)
        (first,) = turn(ledger).claimed
        (second,) = turn(ledger, Settlement(first.id, make.ACCEPTED, NOW)).claimed
        assert [message.state.value for message in rows(database)] == ["sent", "sending", "queued"]
        assert second.id != first.id
        ledger.close()


def test_nothing_is_claimed_where_there_is_no_room(database: Database) -> None:
    prepared(database, 3)
    with owning(database) as owner:
        ledger = Ledger(database, owner, rehearsal=False)
        assert len(turn(ledger, lanes=3, room=2).claimed) == 2
        nothing = turn(ledger, lanes=3, room=0)
        assert (nothing.claimed, nothing.next_due) == ((), NOW)
        ledger.close()


def test_a_rest_that_needs_a_person_is_not_shortened_by_one_that_does_not(database: Database) -> None:
    prepared(database, 3)
    with owning(database) as owner:
        ledger = Ledger(database, owner, rehearsal=False)
        one, two = turn(ledger, lanes=2).claimed
        verdicts = rests("535 who are you?", None), rests("421 too busy")
        settlements = [
            Settlement(found.id, verdict, NOW) for found, verdict in zip((one, two), verdicts, strict=True)
        ]
        assert turn(ledger, *settlements) == Turn((), None, "535 who are you?")
        ledger.close()
    with database.reading() as session:
        account = resting(session, NOW + timedelta(days=9))
        assert account is not None
        assert account.needs_person


def test_a_success_ends_the_rest_and_what_waited_for_it_goes_on(database: Database) -> None:
    prepared(database, 3)
    with owning(database) as owner:
        ledger = Ledger(database, owner, rehearsal=False)
        (first,) = turn(ledger).claimed
        turn(ledger, Settlement(first.id, rests("421 too busy"), NOW))
        assert turn(ledger).claimed == ()
        later = NOW + PAUSE
        (second,) = ledger.turn((), lanes=1, room=9, rooms=Rooms(), now=later).claimed
        settled = Settlement(second.id, make.ACCEPTED, later)
        claimed = ledger.turn([settled], lanes=2, room=9, rooms=Rooms(), now=later).claimed
        assert {found.id for found in claimed} == {1, 2, 3} - {second.id}
        ledger.close()
    with database.changing() as session:
        assert not wake(session, later), "the breaker is closed already"


def test_two_workers_that_are_refused_at_once_both_go_on(postgresql: Database) -> None:
    """Both find no row for the account and would write the first one."""
    with postgresql.changing() as one, postgresql.reading() as two:
        assert resting(two, NOW) is None
        let_rest(one, Rest(PAUSE, "421"), NOW)
        one.commit()
        let_rest(two, Rest(None, "535"), NOW)
        two.commit()
    with postgresql.reading() as session:
        assert _reason(session) == "535"


def _reason(session: Session) -> str:
    account = resting(session, NOW)
    return account.reason if account else ""


def test_a_restart_counts_in_whatever_was_tried_lately(database: Database) -> None:
    prepared(database, 4)
    verdicts = [
        make.ACCEPTED,
        Verdict(MessageState.UNKNOWN, "no answer", copy=True),
        Verdict(MessageState.DEFERRED, "later"),
    ]
    with database.changing() as session:
        for seconds, verdict in zip((0, 20, 40), verdicts, strict=True):
            now = NOW + timedelta(seconds=seconds)
            (found,) = make.claimed(session, now=now, want=1)
            settle(session, [Settlement(found.id, replace(verdict, wait=timedelta(hours=1)), now)], make.WORKER)
    pacer = Pacer(PACE)
    ledger = Ledger(database, "another", rehearsal=False)
    ledger.remember(pacer, NOW + timedelta(seconds=50), monotonic=1000.0)
    ledger.close()
    assert pacer.room(1000.0) == 2
    assert pacer.rooms(1000.0).full == ["harbour.example"]
    # Three have left within a minute where two may: there is room when two of them are older than that.
    assert pacer.wait(1000.0) == pytest.approx(30)
    assert pacer.room(1011.0) == 3


def test_what_the_dead_left_is_in_doubt_and_what_the_living_hold_is_not(database: Database) -> None:
    prepared(database, 3)
    with owning(database) as owner:
        ledger = Ledger(database, owner, rehearsal=False)
        turn(ledger)
        with database.changing() as session:
            left_by_the_dead(session, 2)
        assert ledger.recover(NOW) == 1
        ledger.close()
    assert states(database) == {"sending": 1, "unknown": 1, "queued": 1}


def test_what_another_worker_has_under_way_counts_as_left_for_it_may_be_dead(postgresql: Database) -> None:
    prepared(postgresql, 3)
    with postgresql.changing() as session:
        left_by_the_dead(session, 1, 2)
    assert room_for_one(postgresql) == PACE.per_minute - 2


def test_what_goes_once_more_because_nobody_knows_has_perhaps_left_and_counts(database: Database) -> None:
    prepared(database, 3)
    with database.changing() as session:
        left_by_the_dead(session, 1, 2)
        recover(session, now=NOW, dead_owner="harbour:1:dead")
        assert resolve_unknown(session, now=NOW, bulk_again=True) == 2
    assert room_for_one(database) == PACE.per_minute - 2


def test_an_owner_whose_lock_is_gone_settles_what_it_did_and_claims_nothing(postgresql: Database) -> None:
    prepared(postgresql, 2)
    with owning(postgresql) as owner:
        ledger = Ledger(postgresql, owner, rehearsal=False)
        (first,) = turn(ledger).claimed
    with pytest.raises(Refusal, match="ended the session"):
        turn(ledger, Settlement(first.id, make.ACCEPTED, NOW))
    ledger.close()
    assert states(postgresql) == {"sent": 1, "queued": 1}


def test_the_ledger_never_works_in_the_thread_of_the_event_loop(sqlite: Database) -> None:
    ledger = Ledger(sqlite, "one", rehearsal=False)
    names = [asyncio.run(ledger.run(lambda: threading.current_thread().name)) for _ in range(2)]
    ledger.close()
    assert names == ["ledger_0", "ledger_0"]
