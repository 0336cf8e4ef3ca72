"""Signing by a personal link: once however often one clicks, in time or late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.tables import Call, Contact, Event, Message, Organisation, Signature
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import Confirmation, confirm_signature
from outreach.usecases.opt_out import opt_out
from outreach.usecases.sign import NotOpen, Signed, sign
from tests import make

NOW = make.NOON
ORGANISATION, INDIVIDUAL = SignatureKind.ORGANISATION, SignatureKind.INDIVIDUAL


def opened(session: Session, house: House, *names: str) -> tuple[Call, list[Contact]]:
    """A launched call; all speak for the same house."""
    people = [
        make.contact(session, house, f"{name}@harbour.example", organisation="Harbour Lamp") for name in names
    ]
    return make.launched(session, house)[0], people


def signed(result: Signed | NotOpen) -> Signed:
    assert isinstance(result, Signed)
    return result


def confirmations(session: Session) -> list[Message]:
    return make.messages(session, col(Message.kind) == MessageKind.CONFIRMATION)


def test_a_signature_waits_for_its_mailbox_and_a_confirmation_is_on_its_way(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        found = signed(sign(session, call, idris, make.entry(ORGANISATION, "Harbour Lamp"), now=NOW, house=house))
        assert (found.repeated, found.late) == (False, False)
        given = found.signature
        assert (given.name, given.state) == ("Harbour Lamp", SignatureState.PENDING)
        assert given.organisation_id == idris.organisation_id
        (mail,) = confirmations(session)
        assert (mail.address, mail.bulk, mail.priority) == (idris.address, False, 0)
        assert mail.signature_id == given.id
        assert session.exec(select(Event).where(Event.verb == "sign")).one().by == f"contact {idris.id}"


@pytest.mark.parametrize("kind", list(SignatureKind))
def test_signing_twice_is_signing_once(database: Database, kind: SignatureKind) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        sign(session, call, idris, make.entry(kind, "Harbour Lamp"), now=NOW, house=house)
        again = signed(sign(session, call, idris, make.entry(kind, "Harbour LAMP"), now=NOW, house=house))
        assert again.repeated
        assert len(session.exec(select(Signature)).all()) == 1
        assert len(confirmations(session)) == 1


def test_each_of_two_colleagues_is_asked_and_nobody_learns_that_the_other_has_signed(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris, amal) = opened(session, house, "idris", "amal")
        sign(session, call, idris, make.entry(ORGANISATION, "Harbour Lamp"), now=NOW, house=house)
        second = signed(
            sign(session, call, amal, make.entry(ORGANISATION, "The Harbour Lamp"), now=NOW, house=house)
        )
        assert not second.repeated
        assert second.signature.organisation_id == idris.organisation_id
        assert [mail.address for mail in confirmations(session)] == [idris.address, amal.address]


def test_one_person_may_sign_for_the_organisation_and_in_person(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        sign(session, call, idris, make.entry(ORGANISATION, "Harbour Lamp"), now=NOW, house=house)
        sign(session, call, idris, make.entry(INDIVIDUAL, "Idris Belhaj"), now=NOW, house=house)
        assert len(session.exec(select(Signature)).all()) == len(confirmations(session)) == 2


def test_somebody_may_sign_for_another_organisation_than_the_known_one(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        sign(session, call, idris, make.entry(ORGANISATION, "Quay House"), now=NOW, house=house, for_another=True)
        (given,) = session.exec(select(Signature)).all()
        assert (given.name, given.organisation_id) == ("Quay House", None)
        assert session.exec(select(Organisation.name)).all() == ["Harbour Lamp"], "nobody has proved anything yet"
        confirm_signature(session, given, now=NOW, house=house)
        assert session.get_one(Organisation, given.organisation_id).name == "Quay House"


def test_a_withdrawn_signature_can_be_given_again(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        first = signed(
            sign(session, call, idris, make.entry(ORGANISATION, "Harbour Lamp"), now=NOW, house=house)
        ).signature
        confirm_signature(session, first, now=NOW, house=house)
        withdraw_signature(session, first, now=NOW, house=house)
        later = NOW + timedelta(days=1)
        again = signed(
            sign(session, call, idris, make.entry(ORGANISATION, "Harbour Lamp e.V."), now=later, house=house)
        )
        assert (again.repeated, again.signature.id) == (False, first.id)
        assert (again.signature.state, again.signature.name) == (SignatureState.PENDING, "Harbour Lamp e.V.")
        assert (again.signature.confirmed_at, again.signature.withdrawn_at) == (None, None)
        assert [mail.address for mail in confirmations(session)] == [idris.address] * 2
        assert confirm_signature(session, first, now=later, house=house).state is SignatureState.CONFIRMED


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.RELEASED, CallState.CANCELLED])
def test_nobody_signs_before_the_launch_or_after_the_release(database: Database, state: CallState) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        call.state = state
        session.add(call)
        assert sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=NOW, house=house) == NotOpen(state)
        assert session.exec(select(Signature)).all() == []


def test_a_signature_a_second_before_the_deadline_counts_however_late_it_is_confirmed(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        in_time = signed(
            sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=call.deadline_at, house=house)
        )
        after = call.deadline_at + timedelta(days=2)
        close_call(session, call, now=call.deadline_at, by="scheduler")
        assert not in_time.late
        assert (
            confirm_signature(session, in_time.signature, now=after, house=house).state is SignatureState.CONFIRMED
        )


def test_a_signature_a_second_after_the_deadline_is_kept_as_late(database: Database) -> None:
    """Even while the machine slept and nobody has closed the call."""
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        now = call.deadline_at + timedelta(seconds=1)
        late = signed(sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=now, house=house))
        assert late.late
        assert confirm_signature(session, late.signature, now=now, house=house).state is SignatureState.LATE
        assert late.signature.late_at == now
        assert make.messages(session, col(Message.kind) == MessageKind.RECEIPT) == []


def test_what_comes_after_an_early_closing_is_late_and_what_came_before_it_is_not(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris, amal) = opened(session, house, "idris", "amal")
        before = signed(sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=NOW, house=house))
        close_call(session, call, now=NOW + timedelta(hours=1), by="Rosa")
        now = NOW + timedelta(hours=2)
        after = signed(sign(session, call, amal, make.entry(INDIVIDUAL, "Amal"), now=now, house=house))
        assert (before.late, after.late) == (False, True)
        assert confirm_signature(session, before.signature, now=now, house=house).state is SignatureState.CONFIRMED
        assert confirm_signature(session, after.signature, now=now, house=house).state is SignatureState.LATE


def test_a_signature_confirmed_when_the_list_is_signed_off_is_late(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris, amal) = opened(session, house, "idris", "amal")
        given = signed(sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=NOW, house=house)).signature
        make.signature(session, call, amal)
        close_call(session, call, now=NOW, by="Rosa")
        make.edition(session, call, house)
        assert confirm_signature(session, given, now=NOW, house=house).state is SignatureState.LATE


def test_confirming_twice_is_confirming_once(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        given = signed(sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=NOW, house=house)).signature
        for hours in (1, 2):
            at = NOW + timedelta(hours=hours)
            assert confirm_signature(session, given, now=at, house=house).state is SignatureState.CONFIRMED
        assert given.confirmed_at == NOW + timedelta(hours=1)
        assert len(make.messages(session, col(Message.kind) == MessageKind.RECEIPT)) == 1
        assert len(session.exec(select(Event).where(Event.verb == "confirm_signature")).all()) == 1


@pytest.mark.parametrize("state", [SignatureState.WITHDRAWN, SignatureState.REJECTED, SignatureState.MERGED])
def test_an_old_link_brings_nothing_back(database: Database, state: SignatureState) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        given = make.signature(session, call, idris, state=state)
        assert confirm_signature(session, given, now=NOW, house=house).state is state


def test_nothing_is_confirmed_of_a_call_that_was_cancelled(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        given = signed(sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=NOW, house=house)).signature
        cancel_call(session, call, now=NOW, by="Rosa")
        assert confirm_signature(session, given, now=NOW, house=house).state is SignatureState.PENDING


def test_an_opt_out_stops_what_waits_in_bulk_and_not_the_confirmation(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris, amal) = opened(session, house, "idris", "amal")
        sign(session, call, idris, make.entry(INDIVIDUAL, "Idris"), now=NOW, house=house)
        assert opt_out(session, idris, scope=0, evidence="link", now=NOW)
        states = {(one.address, one.kind): one.state for one in make.messages(session)}
        assert states[idris.address, MessageKind.INVITATION] is MessageState.CANCELLED
        assert states[idris.address, MessageKind.CONFIRMATION] is MessageState.QUEUED
        assert states[amal.address, MessageKind.INVITATION] is MessageState.QUEUED
        kinds = {one.record.kind for one in make.claimed(session) if one.record.address == idris.address}
        assert kinds == {MessageKind.CONFIRMATION}


def test_a_second_opt_out_is_as_fine_as_the_first(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        for scope in (call.id or 0, 0):
            assert opt_out(session, idris, scope=scope, evidence="one click", now=NOW)
            assert not opt_out(session, idris, scope=scope, evidence="one click", now=NOW)
        assert len(session.exec(select(Event).where(Event.verb == "opt_out")).all()) == 2


def test_fifty_clicks_at_once_are_one_signature_and_one_confirmation(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
    start = Barrier(8)

    def click(_: int) -> bool:
        start.wait(timeout=20)
        with database.changing() as session:
            contact = session.get_one(Contact, idris.id)
            mine = session.get_one(Call, call.id)
            return signed(
                sign(session, mine, contact, make.entry(ORGANISATION, "Lamp"), now=NOW, house=house)
            ).repeated

    with ThreadPoolExecutor(8) as pool:
        repeated = list(pool.map(click, range(8)))

    assert repeated.count(False) == 1
    with database.reading() as session:
        assert len(session.exec(select(Signature)).all()) == len(confirmations(session)) == 1


@pytest.mark.parametrize("verb", ["confirm", "opt out"])
def test_a_double_click_does_nothing_twice(database: Database, verb: str) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        given = make.signature(session, call, idris, kind=INDIVIDUAL, state=SignatureState.PENDING)
    start = Barrier(4)

    def click(_: int) -> object:
        start.wait(timeout=20)
        with database.changing() as session:
            if verb == "confirm":
                mine = session.get_one(Signature, given.id)
                return confirm_signature(session, mine, now=NOW, house=house)
            return opt_out(session, session.get_one(Contact, idris.id), scope=0, evidence="link", now=NOW)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))

    if verb == "opt out":
        assert answers.count(True) == 1
    else:
        assert set(answers) == {Confirmation(SignatureState.CONFIRMED)}
        with database.reading() as session:
            assert len(make.messages(session, col(Message.kind) == MessageKind.RECEIPT)) == 1


def test_a_signature_whose_confirmation_was_lost_can_be_given_again_after_a_day(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call, (idris,) = opened(session, house, "idris")
        given = [
            signed(sign(session, call, idris, make.entry(name="Harbour Lamp"), now=at, house=house))
            for at in (NOW, NOW + timedelta(hours=23), NOW + timedelta(days=1))
        ]
        assert [one.repeated for one in given] == [False, True, False]
        assert len({one.signature.id for one in given}) == 1
        assert [message.address for message in confirmations(session)] == [idris.address] * 2


def test_who_asks_for_a_new_confirmation_keeps_the_moment_of_signing(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        ana = make.contact(session, house, "ana@harbour.example")
        call, _ = make.launched(session, house)
        kind = SignatureKind.INDIVIDUAL
        sign(session, call, ana, make.entry(kind, "Ana Ruiz"), now=make.NOON, house=house)
        again = sign(
            session, call, ana, make.entry(kind, "Ana Ruiz"), now=make.NOON + timedelta(days=2), house=house
        )
        assert isinstance(again, Signed)
        assert again.signature.submitted_at == make.NOON
        assert len(make.messages(session, Message.kind == MessageKind.CONFIRMATION)) == 2
