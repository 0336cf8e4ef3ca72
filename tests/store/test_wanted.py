"""The claim itself excludes whoever must not be written to, however late that became true."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import CALL_KINDS, MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.store import outbox, wanted
from outreach.store.database import Database
from outreach.store.outbox import retire_unwanted
from outreach.store.tables import (
    Affiliation,
    Call,
    Contact,
    Mailing,
    Message,
    Organisation,
    Signature,
    SuppressionReason,
)
from outreach.store.tables.messages import READY
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import confirm_signature
from outreach.usecases.sign import Signed, sign
from tests import make

NOW = make.NOON


def invited(session: Session, house: House, *names: str) -> tuple[Call, list[Contact]]:
    """A launched call with an invitation for each; they all speak for one house, unless told otherwise."""
    people = [
        make.contact(session, house, f"{name}@harbour.example", organisation=f"{name} house") for name in names
    ]
    return make.launched(session, house)[0], people


def outcome(session: Session, address: str) -> tuple[MessageState, str]:
    (message,) = make.messages(session, Message.address == address)
    return message.state, message.reason


def claimed_addresses(session: Session, **options: object) -> list[str]:
    return [one.record.address for one in make.claimed(session, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(SignatureState))
def test_who_has_answered_a_second_ago_is_asked_no_more(database: Database, state: SignatureState) -> None:
    answers = state is not SignatureState.REJECTED
    with database.changing() as session:
        call, (rosa, _) = invited(session, make.house(database), "rosa", "idris")
        make.signature(session, call, rosa, state=state, at=NOW)
        expected = ["idris@harbour.example"] if answers else ["rosa@harbour.example", "idris@harbour.example"]
        assert claimed_addresses(session) == expected
        if answers:
            assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.HAS_ANSWERED)


def test_a_colleague_of_the_same_organisation_answers_for_it(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "idris@quay.example", organisation="Quay House")
        call, _ = make.launched(session, house)
        make.signature(session, call, rosa)
        assert claimed_addresses(session) == ["idris@quay.example"]
        assert outcome(session, "amal@harbour.example") == (MessageState.CANCELLED, wanted.HAS_ANSWERED)


def test_an_organisation_that_signed_answers_for_all_who_speak_for_it(database: Database) -> None:
    """Amal is known for another organisation, and speaks for this one as well."""
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        amal = make.contact(session, house, "amal@quay.example", organisation="Quay House")
        session.add(Affiliation(contact_id=amal.id or 0, organisation_id=rosa.organisation_id or 0))
        call, _ = make.launched(session, house)
        make.signature(session, call, rosa)
        assert claimed_addresses(session) == []


def test_an_individual_answers_for_nobody_else(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        call, _ = make.launched(session, house)
        make.signature(session, call, rosa, kind=SignatureKind.INDIVIDUAL)
        assert claimed_addresses(session) == ["amal@harbour.example"]


def test_a_signature_under_another_call_is_no_answer(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example")
        earlier = make.call(session, house, slug="open-ports")
        make.launched(session, house)
        make.signature(session, earlier, rosa)
        assert claimed_addresses(session) == [rosa.address]


@pytest.mark.parametrize("everything", [True, False])
def test_who_opted_out_a_second_ago_gets_no_bulk_mail(database: Database, *, everything: bool) -> None:
    with database.changing() as session:
        call, (rosa, _) = invited(session, make.house(database), "rosa", "idris")
        make.suppression(session, rosa, scope=0 if everything else call.id or 0)
        assert claimed_addresses(session) == ["idris@harbour.example"]
        assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.OPTED_OUT)


def test_an_opt_out_of_one_call_stops_no_other(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        other = make.call(session, house, slug="open-ports")
        _, (rosa,) = invited(session, house, "rosa")
        make.suppression(session, rosa, scope=other.id or 0)
        assert claimed_addresses(session) == [rosa.address]


def _receipt(session: Session, invitation: Message) -> None:
    """The invitation becomes a transactional mail of no mailing."""
    session.execute(
        sa.update(Message)
        .where(Message.id == invitation.id)  # type: ignore[arg-type]
        .values(kind=MessageKind.RECEIPT, bulk=False, mailing_id=None, not_after=None)
    )


def test_an_opt_out_stops_no_answer_to_what_somebody_did(database: Database) -> None:
    with database.changing() as session:
        _, (rosa,) = invited(session, make.house(database), "rosa")
        _receipt(session, make.messages(session)[0])
        make.suppression(session, rosa)
        assert claimed_addresses(session) == [rosa.address]


@pytest.mark.parametrize("reason", [r for r in SuppressionReason if r is not SuppressionReason.OPT_OUT])
@pytest.mark.parametrize("bulk", [True, False])
def test_nothing_at_all_goes_to_a_dead_address(
    database: Database, reason: SuppressionReason, *, bulk: bool
) -> None:
    with database.changing() as session:
        _, (rosa,) = invited(session, make.house(database), "rosa")
        if not bulk:
            _receipt(session, make.messages(session)[0])
        make.suppression(session, rosa, reason)
        assert claimed_addresses(session) == []
        assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.DEAD_ADDRESS)


def test_what_has_become_too_late_expires(database: Database) -> None:
    with database.changing() as session:
        _, (rosa,) = invited(session, make.house(database), "rosa")
        not_after = make.messages(session)[0].not_after
        assert not_after is not None
        assert claimed_addresses(session, now=not_after) == []
        assert outcome(session, rosa.address) == (MessageState.EXPIRED, wanted.TOO_LATE)


def test_a_second_before_it_is_too_late_it_still_goes(database: Database) -> None:
    with database.changing() as session:
        _, (rosa,) = invited(session, make.house(database), "rosa")
        not_after = make.messages(session)[0].not_after
        assert not_after is not None
        assert claimed_addresses(session, now=not_after - timedelta(seconds=1)) == [rosa.address]


def test_a_closed_call_asks_nobody(database: Database) -> None:
    with database.changing() as session:
        call, (rosa, _) = invited(session, make.house(database), "rosa", "idris")
        (first,) = make.claimed(session, want=1)  # in flight while the call is closed
        close_call(session, call, now=NOW, by="Rosa")
        _deferred(session, first.id)
        assert claimed_addresses(session) == []
        assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.CALL_OVER)


def _deferred(session: Session, message_id: int) -> None:
    session.flush()
    session.execute(
        sa.update(Message)
        .where(Message.id == message_id)  # type: ignore[arg-type]
        .values(state=MessageState.DEFERRED, due_at=NOW)
    )


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_nothing_of_a_cancelled_call_goes_not_even_what_was_in_flight(
    database: Database, kind: MessageKind
) -> None:
    with database.changing() as session:
        call, (rosa,) = invited(session, make.house(database), "rosa")
        (message,) = make.messages(session)
        message.kind = kind
        call.state = CallState.CANCELLED
        session.add_all([call, message])
        session.flush()
        assert claimed_addresses(session) == []
        assert outcome(session, rosa.address)[0] is MessageState.CANCELLED


def test_thanks_go_only_to_those_whose_signature_still_stands(database: Database) -> None:
    with database.changing() as session:
        call, (rosa, idris) = invited(session, make.house(database), "rosa", "idris")
        for message, person in zip(make.messages(session), (rosa, idris), strict=True):
            message.kind = MessageKind.THANK_YOU
            message.signature_id = make.signature(session, call, person).id
            session.add(message)
        call.state = CallState.CLOSED
        session.flush()
        withdrawn = session.get_one(Signature, make.messages(session)[0].signature_id)
        withdrawn.state = SignatureState.WITHDRAWN
        session.add(withdrawn)
        assert claimed_addresses(session) == [idris.address]
        assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.WITHDRAWN)


def _another(session: Session, message: Message, **changes: object) -> Message:
    """A second message to the same person, of a mailing of its own."""
    old = session.get_one(Mailing, message.mailing_id)
    mailing = Mailing.model_validate(
        {**old.model_dump(exclude={"id"}), "occurrence": "another", "kind": changes.get("kind", old.kind)}
    )
    mailing.deadline_revision = int(str(changes.pop("deadline_revision", old.deadline_revision)))
    session.add(mailing)
    session.flush()
    second = Message.model_validate({**message.model_dump(exclude={"id"}), **changes, "mailing_id": mailing.id})
    session.add(second)
    session.flush()
    return second


@pytest.mark.parametrize("first", wanted.REMINDING)
@pytest.mark.parametrize("second", wanted.REMINDING)
def test_a_reminder_that_comes_back_gives_way_to_a_later_one(
    database: Database, first: MessageKind, second: MessageKind
) -> None:
    with database.changing() as session:
        invited(session, make.house(database), "rosa")
        (early,) = make.messages(session)
        early.kind = first
        later = _another(session, early, kind=second)
        assert [one.id for one in make.claimed(session)] == [later.id]
        assert make.messages(session)[0].reason == wanted.REPLACED


@pytest.mark.parametrize("state", wanted.GONE)
def test_a_later_reminder_that_never_went_replaces_nothing(database: Database, state: MessageState) -> None:
    with database.changing() as session:
        invited(session, make.house(database), "rosa")
        (early,) = make.messages(session)
        early.kind = MessageKind.REMINDER
        _another(session, early, kind=MessageKind.LAST_CALL, state=state)
        assert [one.id for one in make.claimed(session)] == [early.id]


@pytest.mark.parametrize("kind", wanted.TIED_TO_DEADLINE)
def test_what_tells_of_an_old_deadline_does_not_go_once_it_was_moved(database: Database, kind: MessageKind) -> None:
    with database.changing() as session:
        call, (rosa,) = invited(session, make.house(database), "rosa")
        (message,) = make.messages(session)
        message.kind = kind
        call.deadline_revision = 2
        session.add_all([call, message])
        session.flush()
        assert claimed_addresses(session) == []
        assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.EXTENDED)


def test_a_held_invitation_does_not_go_beside_the_one_that_names_the_new_deadline(database: Database) -> None:
    with database.changing() as session:
        invited(session, make.house(database), "rosa")
        (old,) = make.messages(session)
        new = _another(session, old, deadline_revision=2)
        assert [one.id for one in make.claimed(session)] == [new.id]


def test_a_test_mail_goes_whoever_has_signed_or_opted_out(database: Database) -> None:
    with database.changing() as session:
        call, (rosa,) = invited(session, make.house(database), "rosa")
        (message,) = make.messages(session)
        message.test = True
        session.add(message)
        make.signature(session, call, rosa)
        make.suppression(session, rosa)
        assert claimed_addresses(session) == [rosa.address]


def test_a_test_mail_does_not_go_to_a_dead_address(database: Database) -> None:
    with database.changing() as session:
        _, (rosa,) = invited(session, make.house(database), "rosa")
        (message,) = make.messages(session)
        message.test = True
        session.add(message)
        make.suppression(session, rosa, SuppressionReason.HARD_BOUNCE)
        assert claimed_addresses(session) == []


def test_what_is_not_due_leaves_the_queue_as_well_when_nobody_wants_it(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (rosa, idris) = invited(session, house, "rosa", "idris")
        session.execute(sa.update(Message).values(due_at=NOW + timedelta(days=9)))
        make.signature(session, call, rosa)
        assert retire_unwanted(session, NOW) == 1
        assert outcome(session, rosa.address) == (MessageState.CANCELLED, wanted.HAS_ANSWERED)
        assert outcome(session, idris.address)[0] is MessageState.QUEUED
        assert session.get_one(Organisation, rosa.organisation_id).name == "rosa house"


def test_a_long_queue_is_looked_through_a_part_at_a_time_from_ring_to_ring(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOKED_AT", 2)
    house = make.house(database)
    with database.changing() as session:
        call, people = invited(session, house, "rosa", "idris", "amal", "otto", "vera")
        make.signature(session, call, people[0])
        make.signature(session, call, people[3])
        left = [retire_unwanted(session, NOW) for _ in range(4)]
        assert left == [1, 1, 0, 0]
        make.signature(session, call, people[1])
        assert sum(retire_unwanted(session, NOW) for _ in range(3)) == 1
        assert {
            each.address.split("@")[0] for each in make.messages(session) if each.state is MessageState.QUEUED
        } == {
            "amal",
            "vera",
        }


def test_nobody_silences_an_organisation_by_typing_its_name(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        stranger = make.contact(session, house, "otto@elsewhere.example", organisation="Elsewhere")
        target = make.contact(session, house, "amal@harbour.example", organisation="Harbour House")
        call, _ = make.launched(session, house)
        signed = sign(
            session,
            call,
            stranger,
            make.entry(name="Harbour House"),
            now=make.NOON,
            house=house,
            for_another=True,
        )
        assert isinstance(signed, Signed)
        asked = sa.select(wanted.answered(target.id, call.id))
        assert not session.execute(asked).scalar(), "pending, and by nobody of theirs"
        confirm_signature(session, signed.signature, now=make.NOON, house=house)
        session.flush()
        assert session.execute(asked).scalar()


def test_on_postgresql_a_mailing_of_a_moment_ago_is_looked_through_by_address_and_not_mail_by_mail(
    postgresql: Database,
) -> None:
    """The server has no statistics of the new rows yet; each of them must not be compared with all the others."""
    with postgresql.changing() as session:
        invited(session, make.house(postgresql), *(f"member{number}" for number in range(200)))
        asked = sa.select(wanted.unwanted(NOW)).select_from(Message).where(READY)
        text = str(asked.compile(session.connection(), compile_kwargs={"literal_binds": True}))
        plan = "\n".join(line for (line,) in session.connection().exec_driver_sql(f"EXPLAIN {text}"))
    assert "ix_message_address_digest" in plan
