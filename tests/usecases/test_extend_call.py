"""Moving the deadline: those it concerns are told, what names the old one does not go, nobody is invited twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, MailingState, MessageState, SignatureState
from outreach.rendering.composing import compose
from outreach.store import wanted
from outreach.store.database import Database
from outreach.store.outbox import load_message
from outreach.store.settling import Settlement, settle
from outreach.store.tables import Call, Contact, Mailing, Message
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import confirm_signature
from outreach.usecases.extend_call import Extended, extend_call
from outreach.usecases.issue_erratum import issue_erratum
from outreach.usecases.opt_out import opt_out
from outreach.usecases.release_call import release_call
from outreach.usecases.retry_messages import retry_messages
from outreach.usecases.ring import ring
from outreach.usecases.sign import Signed, sign
from tests import make

NOW = make.NOON
LATER = parse_wall_clock("2027-03-12 17:00 America/Los_Angeles")
RELEASE = parse_wall_clock("2027-03-16 09:00 America/Los_Angeles")
INVITATION, TOLD = MessageKind.INVITATION, MessageKind.DEADLINE_EXTENDED
LOST = Verdict(MessageState.DEFERRED, "connection lost", "reset", timedelta(minutes=5))


def running(session: Session, house: House, *names: str) -> tuple[Call, list[Contact]]:
    """A launched call whose invitations wait."""
    people = [
        make.contact(session, house, f"{name}@harbour.example", organisation=f"{name} house") for name in names
    ]
    return make.launched(session, house)[0], people


def extend(session: Session, call: Call, house: House, **options: Any) -> Extended:
    return extend_call(
        session, call, by="Rosa", house=house, **{"deadline": LATER, "now": NOW, "release": RELEASE, **options}
    )


def names(session: Session, kind: MessageKind, *states: MessageState) -> list[str]:
    rows = make.messages(session, col(Message.kind) == kind)
    return [row.address.partition("@")[0] for row in rows if not states or row.state in states]


def test_the_silent_are_told_and_those_who_answered_are_not(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (rosa, idris, _) = running(session, house, "rosa", "idris", "otto")
        make.submitted(session)
        make.signature(session, call, rosa)
        opt_out(session, idris, scope=call.id or 0, evidence="link", now=NOW)
        assert extend(session, call, house) == Extended(cancelled=0, told=1, invited=0, in_time=0)
        assert names(session, TOLD) == ["otto"]
        assert (call.deadline, call.deadline_at) == (str(LATER), LATER.instant())


def test_whoever_was_not_yet_invited_is_invited_under_the_new_deadline_and_only_so(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "first", "second")
        (first,) = make.claimed(session, want=1)
        settle(session, [Settlement(first.id, make.ACCEPTED, NOW)], make.WORKER)
        make.contact(session, house, "new@harbour.example")
        assert extend(session, call, house) == Extended(cancelled=1, told=1, invited=2, in_time=0)
        assert names(session, INVITATION, MessageState.CANCELLED) == ["second"]
        assert sorted(make.submitted(session)) == [
            "first@harbour.example",
            "new@harbour.example",
            "second@harbour.example",
        ]
        sent = make.messages(session, col(Message.state) == MessageState.SENT, col(Message.kind) == INVITATION)
        assert len(sent) == len({row.address for row in sent}) == 3


def test_the_mails_name_the_new_deadline_and_the_previous_one(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        make.submitted(session)
        extend(session, call, house)
        (told,) = make.messages(session, col(Message.kind) == TOLD)
        loaded = load_message(session, told.id or 0)
        assert loaded is not None
        content = compose(loaded.record, house).content
    assert "12 March 2027" in content.text  # in Los Angeles; in Brussels it is the 13th
    assert "26 February 2027" in content.text or "27 February 2027" in content.text


def test_what_was_planned_for_the_old_deadline_is_planned_anew(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        make.submitted(session)
        extend(session, call, house)
        rows = session.exec(select(Mailing)).all()
        old = [row for row in rows if row.deadline_revision == 1 and row.kind is not INVITATION]
        assert {row.state for row in old} == {MailingState.CANCELLED}
        new = [row for row in rows if row.deadline_revision == 2 and row.state is MailingState.PLANNED]
        assert {(row.kind, row.occurrence) for row in new} == {(row.kind, row.occurrence) for row in old}
        asking = [row for row in new if row.not_after is not None]
        assert all(row.not_after == LATER.instant() - house.margin for row in asking)


def test_a_reminder_that_waits_under_the_old_deadline_does_not_go(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        make.submitted(session)
        now = datetime(2027, 2, 8, 12, tzinfo=UTC)
        ring(session, now=now, house=house)
        assert extend(session, call, house, now=now).cancelled == 1
        assert sorted(make.submitted(session, now=now)) == ["otto@harbour.example"]
        assert names(session, TOLD, MessageState.SENT) == ["otto"]


def test_a_reminder_in_flight_that_comes_back_does_not_go_any_more(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        make.submitted(session)
        now = datetime(2027, 2, 8, 12, tzinfo=UTC)
        ring(session, now=now, house=house)
        (flying,) = make.claimed(session, now=now)
        extend(session, call, house, now=now)
        settle(session, [Settlement(flying.id, LOST, now)], make.WORKER)
        make.submitted(session, now=now + timedelta(hours=1))
        (reminder,) = make.messages(session, col(Message.kind) == MessageKind.REMINDER)
        assert (reminder.state, reminder.reason) == (MessageState.CANCELLED, wanted.EXTENDED)


@pytest.mark.parametrize("verdict", [make.ACCEPTED, LOST])
def test_an_invitation_in_flight_arrives_once_whatever_becomes_of_it(database: Database, verdict: Verdict) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        (flying,) = make.claimed(session)
        assert extend(session, call, house).invited == 0
        settle(session, [Settlement(flying.id, verdict, NOW)], make.WORKER)
        make.submitted(session, now=NOW + timedelta(hours=1))
        assert names(session, INVITATION, MessageState.SENT) == ["otto"]


def test_a_held_invitation_is_not_sent_beside_the_new_one(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        issue_erratum(session, call, "A wrong date.", corrects=INVITATION, now=NOW, by="Rosa", house=house)
        assert extend(session, call, house).invited == 1
        retry_messages(session, call, state=MessageState.HELD, now=NOW, by="Rosa")
        assert make.submitted(session) == ["otto@harbour.example"]


def test_a_closed_call_opens_again_and_its_signatories_are_thanked_once(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (rosa, idris, otto) = running(session, house, "rosa", "idris", "otto")
        make.submitted(session)
        make.signature(session, call, rosa)
        deadline = call.deadline_at
        ring(session, now=deadline, house=house)
        monday = datetime(2027, 3, 1, 9, tzinfo=UTC)
        assert make.submitted(session, now=monday) == [rosa.address]  # thanked
        assert extend(session, call, house, now=monday) == Extended(cancelled=0, told=2, invited=0, in_time=0)
        assert (call.state, call.closed_at) == (CallState.OPEN, None)
        assert sorted(names(session, TOLD)) == ["idris", "otto"]
        assert {idris.address, otto.address} == set(make.submitted(session, now=monday))
        given = sign(session, call, idris, make.entry(SignatureKind.ORGANISATION, "Idris"), now=monday, house=house)
        assert isinstance(given, Signed)
        assert not given.late
        confirm_signature(session, given.signature, now=monday, house=house)
        ring(session, now=LATER.instant(), house=house)
        assert names(session, MessageKind.THANK_YOU) == ["rosa", "idris"]


def test_thanks_that_wait_for_the_morning_do_not_go_when_signing_goes_on(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (rosa,) = running(session, house, "rosa")
        make.submitted(session)
        make.signature(session, call, rosa)
        ring(session, now=call.deadline_at, house=house)
        assert extend(session, call, house, now=call.deadline_at).cancelled == 1
        assert make.submitted(session, now=datetime(2027, 3, 2, 9, tzinfo=UTC)) == []


def test_extending_twice_tells_twice_and_invites_nobody_again(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "otto")
        make.submitted(session)
        extend(session, call, house)
        even_later = parse_wall_clock("2027-03-15 17:00 America/Los_Angeles")
        assert extend(session, call, house, deadline=even_later) == Extended(
            cancelled=1, told=1, invited=0, in_time=0
        )
        assert make.submitted(session) == ["otto@harbour.example"]


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (make.DEADLINE, "is not later than the present one"),
        ("2027-02-25 17:00 America/Los_Angeles", "is not later than the present one"),
        ("2027-03-20 17:00 America/Los_Angeles", "is after the release"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(sqlite: Database, deadline: str, said: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call, _ = running(session, house, "otto")
        with pytest.raises(Refusal, match=said):
            extend(session, call, house, deadline=parse_wall_clock(deadline))
        assert call.deadline_revision == 1


@pytest.mark.parametrize("minutes", [-1, 0, 60])
def test_a_deadline_before_which_nobody_could_be_told_is_refused(sqlite: Database, minutes: int) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call, _ = running(session, house, "otto")
        now = LATER.instant() - timedelta(minutes=minutes)
        close_call(session, call, now=now, by="scheduler")
        with pytest.raises(Refusal, match=r"passed already|so near"):
            extend(session, call, house, now=now)


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.RELEASED, CallState.CANCELLED])
def test_only_an_open_or_closed_call_is_extended(sqlite: Database, state: CallState) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call, _ = running(session, house, "otto")
        call.state = state
        with pytest.raises(Refusal, match=f"is {state.value}; only an open or closed one"):
            extend(session, call, house)


def test_the_release_goes_at_its_new_time_to_confirmed_signatories_only(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (rosa, idris, amal) = running(session, house, "rosa", "idris", "amal")
        make.submitted(session)
        make.signature(session, call, rosa)
        make.signature(session, call, amal, state=SignatureState.PENDING)
        extend(session, call, house)
        make.signature(session, call, idris, state=SignatureState.LATE)
        ring(session, now=LATER.instant(), house=house)
        make.edition(session, call, house, now=LATER.instant())
        assert ring(session, now=RELEASE.instant() - timedelta(seconds=1), house=house).released == 0
        assert names(session, MessageKind.RELEASED) == []
        assert ring(session, now=RELEASE.instant(), house=house).released == 1
        assert names(session, MessageKind.RELEASED) == ["rosa"]
        assert call.state is CallState.RELEASED
        assert ring(session, now=RELEASE.instant(), house=house).released == 0


def test_a_release_by_hand_tells_the_signatories_even_if_it_had_no_time(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example")
        call, _ = make.launched(session, house, release=None)
        make.submitted(session)
        make.signature(session, call, rosa)
        with pytest.raises(Refusal, match="only a closed one can be released"):
            release_call(session, call, now=NOW, by="Rosa", house=house)
        close_call(session, call, now=NOW, by="Rosa")
        make.edition(session, call, house)
        assert release_call(session, call, now=NOW, by="Rosa", house=house) == 1
        assert make.submitted(session) == [rosa.address]


def test_nothing_of_the_old_deadline_is_left_to_go(database: Database) -> None:
    """Whatever waits after an extension belongs to the new revision."""
    house = make.house(database)
    with database.changing() as session:
        call, _ = running(session, house, "rosa", "otto", "vera")
        make.claimed(session, want=1)
        extend(session, call, house)
        waiting = session.execute(
            sa.select(col(Mailing.deadline_revision))
            .join(Message, col(Message.mailing_id) == col(Mailing.id))
            .where(col(Message.state) == MessageState.QUEUED)
        ).scalars()
        assert set(waiting) == {2}


def test_who_signed_a_little_late_is_in_time_for_the_new_deadline(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        ana = make.contact(session, house, "ana@harbour.example")
        call, _ = make.launched(session, house, release=None)
        late = call.deadline_at + timedelta(minutes=5)
        close_call(session, call, now=call.deadline_at, by="scheduler")
        signed = sign(session, call, ana, make.entry(SignatureKind.INDIVIDUAL, "Ana Ruiz"), now=late, house=house)
        assert isinstance(signed, Signed)
        confirm_signature(session, signed.signature, now=late, house=house)
        assert signed.signature.state is SignatureState.LATE
        later = parse_wall_clock("2027-03-05 17:00 America/Los_Angeles")
        moved = extend_call(session, call, later, now=late, by="Rosa", house=house)
        assert (moved.in_time, signed.signature.state) == (1, SignatureState.CONFIRMED)
        kinds = [message.kind for message in make.messages(session)]
        assert MessageKind.RECEIPT in kinds
