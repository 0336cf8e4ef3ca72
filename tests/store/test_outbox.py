"""The outbox as a queue: what is claimed, by whom, in which order; what is settled; what is recovered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.judging import Verdict
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.pacing import Rooms
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState
from outreach.rendering.composing import compose
from outreach.store.database import Database
from outreach.store.doubts import recover, resolve_unknown
from outreach.store.outbox import RETIRED_AT_ONCE, claim, load_message, next_due
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Attempt, Call, CallText, Contact, Message
from outreach.usecases.pause_call import pause_call
from outreach.usecases.resume_call import resume_call
from outreach.usecases.sign import sign
from tests import make

NOW = make.NOON
DEFERRED = Verdict(MessageState.DEFERRED, "deferred by the server", "451 not now", timedelta(minutes=5))
REST = Verdict(MessageState.DEFERRED, "account rests", "535 no", timedelta(minutes=15), counted=False)
UNKNOWN = Verdict(MessageState.UNKNOWN, "no answer to the final dot", "reset", copy=True)
FAILED = Verdict(MessageState.FAILED, "person", "550 5.1.1 no such user")


def invited(session: Session, house: House, count: int) -> Call:
    for number in range(count):
        make.contact(session, house, f"{number}@harbour.example")
    return make.launched(session, house)[0]


def change(session: Session, message: Message, **values: object) -> None:
    session.execute(sa.update(Message).where(col(Message.id) == message.id).values(**values))


def queue_more(session: Session, domain: str, count: int = 1) -> Message:
    """Messages to ``domain`` at the end of the queue, like the first one otherwise; the last of them."""
    first = make.messages(session)[0].model_dump(exclude={"id"})
    addresses = [f"vera{number}@{domain}" for number in range(count)]
    session.execute(
        sa.insert(Message),
        [{**first, "address": each, "address_digest": each, "domain": domain} for each in addresses],
    )
    return make.messages(session)[-1]


def only(session: Session) -> Message:
    (message,) = make.messages(session)
    return message


def test_what_waits_is_claimed_up_to_what_is_wanted(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 3)
        found = make.claimed(session, want=2, owner="one")
        assert [one.record.address for one in found] == ["0@harbour.example", "1@harbour.example"]
        first, second, third = make.messages(session)
        assert {first.state, second.state} == {MessageState.SENDING}
        assert (first.claimed_by, first.claimed_at) == ("one", NOW)
        assert (third.state, third.claimed_by) == (MessageState.QUEUED, "")


def test_a_claimed_message_can_be_written_without_looking_anything_up(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        invited(session, house, 1)
        (found,) = make.claimed(session)
    assert b"To: 0@harbour.example\r\n" in compose(found.record, house).envelope.content
    assert (found.domain, found.attempts, found.record.date) == ("harbour.example", 0, NOW)


def test_answers_go_first_then_corrections_then_reminders_then_invitations(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), len(KINDS))
        kinds = list(KINDS)[::-1]
        for message, kind in zip(make.messages(session), kinds, strict=True):
            change(session, message, kind=kind, priority=KINDS[kind].priority, signature_id=None, test=True)
        priorities = [KINDS[one.record.kind].priority for one in make.claimed(session)]
    assert priorities == sorted(priorities)
    assert len(priorities) == len(KINDS)


def test_among_equals_the_longest_due_goes_first(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 3)
        for minutes, message in zip((1, 3, 2), make.messages(session), strict=True):
            change(session, message, due_at=NOW - timedelta(minutes=minutes))
        addresses = [one.record.address.partition("@")[0] for one in make.claimed(session)]
    assert addresses == ["1", "2", "0"]


def test_nothing_goes_before_it_is_due(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        due = NOW + timedelta(minutes=1)
        change(session, only(session), due_at=due)
        assert make.claimed(session, now=due - timedelta(seconds=1)) == []
        assert next_due(session, rehearsal=False) == due
        assert len(make.claimed(session, now=due)) == 1


def test_a_rehearsal_never_goes_through_a_real_server_nor_a_real_mail_into_a_file(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 2)
        change(session, make.messages(session)[0], rehearsal=True)
        assert [one.record.address for one in make.claimed(session)] == ["1@harbour.example"]
        assert make.claimed(session) == []
        assert next_due(session, rehearsal=False) is None
        assert [one.record.address for one in make.claimed(session, rehearsal=True)] == ["0@harbour.example"]


def test_a_domain_that_is_full_waits_and_the_others_go_on(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "vera@full.example")
        make.contact(session, house, "idris@quay.example")
        make.launched(session, house)
        found = claim(session, now=NOW, owner="one", want=9, rehearsal=False, rooms=Rooms(left={"full.example": 0}))
    assert [one.record.address for one in found] == ["idris@quay.example"]


def test_a_domain_gets_no_more_than_it_has_room_for_however_many_lanes_ask(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 5)
        queue_more(session, "quay.example")
        rooms = Rooms(lambda _domain: 2)
        found = claim(session, now=NOW, owner="one", want=4, rehearsal=False, rooms=rooms)
        assert [one.record.address for one in found] == [
            "0@harbour.example",
            "1@harbour.example",
            "vera0@quay.example",
        ]
        assert (rooms.full, rooms.left) == (["harbour.example"], {"harbour.example": 0, "quay.example": 1})


def test_what_is_unwanted_leaves_even_behind_a_full_domain_with_many_mails(database: Database) -> None:
    """Looking at the front of the queue only, the claim would come upon the same row for ever."""
    with database.changing() as session:
        invited(session, make.house(database), 1)
        queue_more(session, "harbour.example", RETIRED_AT_ONCE)
        unwanted = queue_more(session, "quay.example")
        change(session, unwanted, not_after=NOW)
        rooms = Rooms(left={"harbour.example": 0})
        assert claim(session, now=NOW, owner="one", want=1, rehearsal=False, rooms=rooms) == []
        (row,) = make.messages(session, Message.id == unwanted.id)
        assert row.state is MessageState.EXPIRED


def test_a_paused_call_is_left_alone_and_goes_on_when_it_is_resumed(database: Database) -> None:
    with database.changing() as session:
        call = invited(session, make.house(database), 1)
        pause_call(session, call, now=NOW, by="Rosa")
        session.flush()
        assert make.claimed(session) == []
        assert next_due(session, rehearsal=False) is None
        assert only(session).state is MessageState.QUEUED
        resume_call(session, call, now=NOW, by="Rosa")
        session.flush()
        assert len(make.claimed(session)) == 1


def test_a_whole_mailing_that_nobody_wants_leaves_at_the_first_look(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 40)
        not_after = make.messages(session)[0].not_after
        assert not_after is not None
        assert make.claimed(session, now=not_after, want=1) == []
        assert {message.state for message in make.messages(session)} == {MessageState.EXPIRED}


@pytest.mark.shows("F60")
def test_what_comes_back_goes_with_the_text_that_was_edited_meanwhile(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        (found,) = make.claimed(session)
        old = session.get_one(CallText, only(session).text_id)
        new = CallText.model_validate(
            {**old.model_dump(exclude={"id"}), "source": old.source.replace("Dear", "Good day")}
        )
        old.current = False
        session.add_all([old, new])
        session.flush()
        settle(session, [Settlement(found.id, DEFERRED, NOW)], make.WORKER)
        (again,) = make.claimed(session, now=NOW + timedelta(minutes=5))
        assert again.record.source == new.source
        assert only(session).text_id == new.id


@pytest.mark.shows("F7")
def test_two_workers_never_claim_the_same_row(database: Database) -> None:
    """Each holds its transaction open until the other has claimed or waits for it."""
    house = make.house(database)
    with database.changing() as session:
        invited(session, house, 30)
    start = Barrier(3)

    def work(owner: str) -> list[int]:
        start.wait(timeout=20)
        mine: list[int] = []
        for _ in range(5):
            with database.changing() as session:
                found = claim(session, now=NOW, owner=owner, want=2, rehearsal=False)
                mine += [one.id for one in found]
        return mine

    with ThreadPoolExecutor(3) as pool:
        claimed = list(pool.map(work, ("one", "two", "three")))

    ids = [found for mine in claimed for found in mine]
    assert len(ids) == len(set(ids)) == 30
    with database.reading() as session:
        for owner, mine in zip(("one", "two", "three"), claimed, strict=True):
            rows = make.messages(session, Message.claimed_by == owner)
            assert {row.id for row in rows} == set(mine)


def test_a_second_worker_passes_over_what_the_first_is_claiming(postgresql: Database) -> None:
    with postgresql.changing() as session:
        invited(session, make.house(postgresql), 3)
    with postgresql.changing() as first, postgresql.changing() as second:
        assert len(claim(first, now=NOW, owner="one", want=2, rehearsal=False)) == 2
        (left,) = claim(second, now=NOW, owner="two", want=2, rehearsal=False)
        assert left.record.address == "2@harbour.example"


@pytest.mark.parametrize(
    ("verdict", "attempts", "copies", "sent"),
    [(make.ACCEPTED, 1, 1, True), (DEFERRED, 1, 0, False), (REST, 0, 0, False), (UNKNOWN, 1, 1, False)],
)
def test_a_settled_message_says_what_came_of_it(
    database: Database, verdict: Verdict, attempts: int, copies: int, *, sent: bool
) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        make.submitted(session, verdict=verdict)
        message = only(session)
        assert (message.state, message.reason, message.detail) == (verdict.state, verdict.reason, verdict.detail)
        assert (message.attempts, message.copies) == (attempts, copies)
        assert (message.sent_at == NOW, message.settled_at, message.claimed_by) == (sent, NOW, "")
        assert message.due_at == NOW + verdict.wait
        (attempt,) = session.exec(select(Attempt)).all()
        assert (attempt.message_id, attempt.state, attempt.detail) == (message.id, verdict.state, verdict.detail)


def test_a_deferred_message_is_claimed_again_when_its_wait_is_over(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        make.submitted(session, verdict=DEFERRED)
        assert make.claimed(session, now=NOW + timedelta(minutes=4)) == []
        (again,) = make.claimed(session, now=NOW + timedelta(minutes=5))
        assert again.attempts == 1


def test_an_owner_that_was_taken_for_dead_settles_nothing_that_another_is_submitting(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        (slept,) = make.claimed(session, owner="asleep")
        recover(session, now=NOW, dead_owner="asleep")
        resolve_unknown(session, now=NOW, bulk_again=True)
        make.claimed(session, owner="awake")
        settle(session, [Settlement(slept.id, DEFERRED, NOW)], "asleep")
        assert (only(session).state, only(session).claimed_by) == (MessageState.SENDING, "awake")


def test_a_late_word_that_it_was_accepted_settles_what_was_in_doubt(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        (slept,) = make.claimed(session, owner="asleep")
        recover(session, now=NOW, dead_owner="asleep")
        settle(session, [Settlement(slept.id, make.ACCEPTED, NOW)], "asleep")
        assert (only(session).state, only(session).copies) == (MessageState.SENT, 1)


def test_what_a_dead_owner_left_is_in_doubt_and_counts_as_a_copy(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 3)
        make.claimed(session, want=1, owner="dead")
        make.claimed(session, want=1, owner="alive")
        assert recover(session, now=NOW, dead_owner="dead") == 1
        states = [(message.state, message.copies) for message in make.messages(session)]
        assert states == [(MessageState.UNKNOWN, 1), (MessageState.SENDING, 0), (MessageState.QUEUED, 0)]
        assert [attempt.state for attempt in session.exec(select(Attempt))] == [MessageState.UNKNOWN]
        assert recover(session, now=NOW, dead_owner="alive") == 1


@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("bulk_again", [True, False])
def test_what_is_in_doubt_goes_once_more_only_where_a_rule_says_so(
    sqlite: Database, kind: MessageKind, *, bulk_again: bool
) -> None:
    with sqlite.changing() as session:
        invited(session, make.house(sqlite), 1)
        make.submitted(session, verdict=UNKNOWN)
        change(session, only(session), kind=kind, bulk=KINDS[kind].bulk)
        again = KINDS[kind].automatic or (KINDS[kind].bulk and bulk_again)
        assert resolve_unknown(session, now=NOW, bulk_again=bulk_again) == int(again)
        assert only(session).state is (MessageState.QUEUED if again else MessageState.UNKNOWN)


def test_there_is_never_a_third_copy(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        for copies in (1, 2):
            assert len(make.submitted(session, verdict=UNKNOWN)) == 1
            assert only(session).copies == copies
            resolve_unknown(session, now=NOW, bulk_again=True)
        assert only(session).state is MessageState.UNKNOWN
        assert make.claimed(session) == []


def test_the_second_copy_has_the_message_id_of_the_first(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        invited(session, house, 1)
        (first,) = make.claimed(session)
        settle(session, [Settlement(first.id, UNKNOWN, NOW)], make.WORKER)
        resolve_unknown(session, now=NOW, bulk_again=True)
        (second,) = make.claimed(session)

    def identity(mail: bytes) -> bytes:
        return next(line for line in mail.split(b"\r\n") if line.startswith(b"Message-ID:"))

    assert identity(compose(first.record, house).envelope.content) == identity(
        compose(second.record, house).envelope.content
    )


def test_a_message_can_be_looked_at_whatever_its_state(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), 1)
        make.submitted(session, verdict=FAILED)
        found = load_message(session, only(session).id or 0)
        assert found is not None
        assert found.record.address == "0@harbour.example"
        assert load_message(session, 999) is None


def test_a_pause_holds_what_invites_but_not_what_confirms(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = invited(session, house, 2)
        idris = make.messages(session)[0].contact_id
        contact = session.get_one(Contact, idris)
        sign(session, call, contact, make.entry(SignatureKind.INDIVIDUAL, "Idris Belhaj"), now=NOW, house=house)
        pause_call(session, call, now=NOW, by="Rosa")
        session.flush()
        assert [one.record.kind for one in make.claimed(session)] == [MessageKind.CONFIRMATION]
