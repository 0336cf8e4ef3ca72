from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.correspondence import AnswerKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.officials import Way
from outreach.domain.officials.rows import SaidOfHolder
from outreach.domain.states import AddresseeState
from outreach.store.addressees import Standing, advance, find_addressee, standing_of
from outreach.store.database import Database
from outreach.store.editions import signed_off_by
from outreach.store.tables import Addressee, Call, Delivery, Event, Letter, Post
from outreach.usecases.address_letter import address_letter, take_off_letter
from outreach.usecases.attach_document import attach_document
from outreach.usecases.authorise_letter import authorise_letter, may_deliver
from outreach.usecases.change_holder import change_holder
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.close_call import close_call
from outreach.usecases.detach_document import detach_document
from outreach.usecases.edit_official import edit_official
from outreach.usecases.log_answer import log_answer
from outreach.usecases.record_delivery import record_delivery
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.make import NOON
from tests.officials import post

TODAY = NOON.date()


def letter_of(session: Session, call: Call) -> Letter:
    return session.get_one(Letter, call.letter_id)


def addressed(session: Session, house: House, *, released: bool = True) -> tuple[Letter, Post, Addressee]:
    letter = letter_of(session, make.call(session, house))
    chile = post(session, "mission-chl", state="CL")
    address_letter(session, letter, [chile], now=NOON, by="Rosa")
    addressee = find_addressee(session, letter, chile)
    if released:
        addressee.released_at = NOON
        session.add(addressee)
        session.flush()
    return letter, chile, addressee


def test_whoever_is_named_twice_gets_the_letter_once(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = letter_of(session, make.call(session, house))
        chile, egypt = post(session, "mission-chl"), post(session, "mission-egy")
        first = address_letter(session, letter, [chile], now=NOON, by="Rosa")
        second = address_letter(session, letter, [chile, egypt], now=NOON, by="Rosa")
        assert (first.added, first.there, second.added, second.there) == (1, 0, 1, 1)
        assert len(session.exec(select(Addressee)).all()) == 2


def test_a_letter_is_not_addressed_to_a_post_that_exists_no_more(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = letter_of(session, make.call(session, house))
        gone = post(session, "mission-old")
        gone.closed_at = NOON
        with pytest.raises(Refusal, match="exist no more: mission-old"):
            address_letter(session, letter, [gone], now=NOON, by="Rosa")


def test_only_an_official_who_has_not_got_the_letter_is_taken_off(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter, chile, addressee = addressed(session, house, released=False)
        take_off_letter(session, letter, chile, now=NOON, by="Rosa")
        with pytest.raises(Refusal, match="is not addressed to mission-chl"):
            find_addressee(session, letter, chile)
        address_letter(session, letter, [chile], now=NOON, by="Rosa")
        addressee = find_addressee(session, letter, chile)
        addressee.released_at = NOON
        with pytest.raises(Refusal, match="stays on record"):
            take_off_letter(session, letter, chile, now=NOON, by="Rosa")


def test_who_signed_off_the_list_does_not_authorise_the_letter(sqlite: Database) -> None:
    house = make.house(sqlite, workspace={"second_person": True})
    with sqlite.changing() as session:
        person = make.contact(session, house, "a@harbour.example", organisation="Harbour")
        call, _ = make.launched(session, make.house(sqlite), now=NOON)
        letter = letter_of(session, call)
        with pytest.raises(Refusal, match="is not signed off"):
            authorise_letter(session, letter, now=NOON, by="Idris")
        make.signature(session, call, person)
        other = make.signature(session, call, make.contact(session, house, "b@pier.example", organisation="Pier"))
        close_call(session, call, now=NOON, by="Rosa")
        make.edition(session, call, house)
        with pytest.raises(Refusal, match="somebody else"):
            authorise_letter(session, letter, now=NOON, by="rosa ")
        with pytest.raises(Refusal, match="second person"):
            may_deliver(letter, house, by="Rosa")
        withdraw_signature(session, other, now=NOON, house=house)
        assert signed_off_by(session, letter.id or 0) == "Rosa", "who withdraws signs nothing off"
        with pytest.raises(Refusal, match="somebody else"):
            authorise_letter(session, letter, now=NOON, by="Rosa")
        authorise_letter(session, letter, now=NOON, by="Idris")
        may_deliver(letter, house, by="Rosa")
        with pytest.raises(Refusal, match="second person"):
            may_deliver(letter, house, by="Idris")
        with pytest.raises(Refusal, match="already, by Idris"):
            authorise_letter(session, letter, now=NOON, by="Vera")


def test_consent_to_one_version_is_no_consent_to_the_next(sqlite: Database) -> None:
    house = make.house(sqlite, workspace={"second_person": True})
    with sqlite.changing() as session:
        letter = letter_of(session, make.call(session, house))
        letter.authorised_version, letter.authorised_by = 1, "Idris"
        letter.version = 2
        with pytest.raises(Refusal, match="second person"):
            may_deliver(letter, house, by="Rosa")


def test_consent_is_to_the_list_the_files_and_the_officials_that_the_second_person_saw(sqlite: Database) -> None:
    house = make.house(sqlite, workspace={"second_person": True})
    with sqlite.changing() as session:
        make.contact(session, house, "a@harbour.example", organisation="Harbour")
        call, _ = make.launched(session, make.house(sqlite), now=NOON)
        letter, egypt = letter_of(session, call), post(session, "mission-egy")
        make.signature(session, call, name="Harbour Lamp", key="Harbour Lamp")
        close_call(session, call, now=NOON, by="Rosa")
        make.edition(session, call, house)

        def more_sign_off() -> None:
            make.signature(session, call, name="Quiet House", key="Quiet House")
            sign_off(session, call, now=NOON, by="Rosa", house=house)

        changes: list[Callable[[], object]] = [
            lambda: address_letter(session, letter, [egypt], now=NOON, by="Rosa"),
            lambda: attach_document(session, letter, "a.pdf", "application/pdf", b"a", now=NOON, by="Rosa"),
            lambda: detach_document(session, letter, "a.pdf", now=NOON, by="Rosa"),
            more_sign_off,
            lambda: edit_official(session, egypt, {"address": "b@cairo.example"}, now=NOON, by="Rosa", house=house),
            lambda: change_holder(session, egypt, SaidOfHolder("Nadia Fares", since=TODAY), now=NOON, by="Rosa"),
        ]
        for change in changes:
            authorise_letter(session, letter, now=NOON, by="Idris")
            assert may_deliver(letter, house, by="Rosa") == "Idris"
            change()
            with pytest.raises(Refusal, match="second person"):
                may_deliver(letter, house, by="Rosa")
        authorise_letter(session, letter, now=NOON, by="Idris")
        address_letter(session, letter, [egypt], now=NOON, by="Rosa")
        edit_official(session, egypt, {"note": "met in May"}, now=NOON, by="Rosa", house=house)
        assert may_deliver(letter, house, by="Rosa") == "Idris", "it goes where it went before"


def test_of_two_who_note_the_same_at_once_one_is_told(postgresql: Database) -> None:
    house = make.house(postgresql)
    with postgresql.changing() as session:
        _, _, addressee = addressed(session, house)

    def noted(session: Session, to: Addressee, by: str) -> None:
        record_delivery(
            session, to, Way.HAND, TODAY, arrived=False, proof=None, note="", now=NOON, by=by, house=house
        )

    with postgresql.changing() as hers:
        seen = hers.get_one(Addressee, addressee.id)
        with postgresql.changing() as his:
            noted(his, his.get_one(Addressee, addressee.id), "Idris")
        with pytest.raises(Refusal, match="noted already"):
            noted(hers, seen, "Rosa")


def test_what_is_handed_over_has_arrived_and_an_answer_is_due_in_working_days(sqlite: Database) -> None:
    house = make.house(sqlite, correspondence={"acknowledged_within": 10})
    with sqlite.changing() as session:
        _, _, addressee = addressed(session, house)
        done = record_delivery(
            session,
            addressee,
            Way.HAND,
            TODAY,
            arrived=False,
            proof=None,
            note="",
            now=NOON,
            by="Rosa",
            house=house,
        )
        assert (addressee.state, done.on, done.by) == (AddresseeState.DELIVERED, TODAY, "Rosa")
        assert addressee.due_on is not None
        assert addressee.due_on - TODAY >= timedelta(days=14)
        assert standing_of(addressee, addressee.due_on) is Standing.DELIVERED
        assert standing_of(addressee, addressee.due_on + timedelta(days=1)) is Standing.OVERDUE
        assert session.exec(select(Event).where(Event.verb == "record_delivery")).one().facts["way"] == "hand"


def test_what_is_posted_is_underway_until_somebody_says_that_it_arrived(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        _, _, addressee = addressed(session, house)
        states = []
        for arrived in (False, True):
            record_delivery(
                session,
                addressee,
                Way.POST,
                TODAY,
                arrived=arrived,
                proof=None,
                note="",
                now=NOON,
                by="Rosa",
                house=house,
            )
            states.append(addressee.state)
        assert states == [AddresseeState.SENT, AddresseeState.DELIVERED]


def test_a_delivery_is_noted_once_unless_there_is_more_to_say_of_it(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        _, _, addressee = addressed(session, house)

        def note(words: str) -> None:
            record_delivery(
                session,
                addressee,
                Way.HAND,
                TODAY,
                arrived=True,
                proof=None,
                note=words,
                now=NOON,
                by="Rosa",
                house=house,
            )

        note("at the gate")
        with pytest.raises(Refusal, match=f"went on {TODAY} in this way is noted already"):
            note("at the gate")
        note("a second copy, at the office")
        assert len(session.exec(select(Delivery)).all()) == 2


def test_a_delivery_that_is_noted_after_the_answer_leaves_it_answered(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        _, chile, addressee = addressed(session, house)
        log_answer(
            session,
            chile,
            addressee=addressee,
            kind=AnswerKind.ANSWER,
            way=Way.POST,
            dated=TODAY,
            received_on=TODAY,
            sender="Vera Fuentes",
            summary="They will look at it.",
            now=NOON,
            by="Rosa",
            house=house,
        )
        record_delivery(
            session, addressee, Way.HAND, TODAY, arrived=True, proof=None, note="", now=NOON, by="Rosa", house=house
        )
        assert (addressee.state, addressee.due_on) == (AddresseeState.ANSWERED, None)
        assert addressee.delivered_at is not None


@pytest.mark.parametrize(
    ("way", "day", "why"),
    [
        (Way.MAIL, TODAY, "noted by itself"),
        (Way.TELEPHONE, TODAY, "No letter is delivered by telephone"),
        (Way.HAND, TODAY + timedelta(days=2), "yet to come"),
        (Way.HAND, date(1, 1, 1), "before the letter was released"),
    ],
)
def test_a_delivery_that_cannot_have_been_is_refused(sqlite: Database, way: Way, day: date, why: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        _, _, addressee = addressed(session, house)
        with pytest.raises(InvalidInput, match=why):
            record_delivery(
                session, addressee, way, day, arrived=False, proof=None, note="", now=NOON, by="Rosa", house=house
            )


def test_what_was_not_released_was_not_handed_over(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        _, _, addressee = addressed(session, house, released=False)
        with pytest.raises(Refusal, match="not released to mission-chl yet"):
            record_delivery(
                session,
                addressee,
                Way.HAND,
                TODAY,
                arrived=True,
                proof=None,
                note="",
                now=NOON,
                by="Rosa",
                house=house,
            )


def test_an_answer_that_was_another_letters_moves_the_state_back_and_starts_the_clock_again(
    sqlite: Database,
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        _, _, addressee = addressed(session, house)
        advance(session, addressee, AddresseeState.SENT, at=NOON, house=house)
        advance(session, addressee, AddresseeState.ANSWERED, at=NOON + timedelta(days=3), house=house)
        assert addressee.due_on is None
        advance(session, addressee, AddresseeState.SENT, at=NOON, house=house)
        assert addressee.answered_at is None
        assert addressee.due_on is not None


def test_a_file_goes_with_a_letter_once(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter, _, _ = addressed(session, house, released=False)
        first = attach_document(session, letter, "../annex.pdf", "application/pdf", b"one", now=NOON, by="Rosa")
        assert first.name == "annex.pdf"
        with pytest.raises(Refusal, match="already"):
            attach_document(session, letter, "copy.pdf", "application/pdf", b"one", now=NOON, by="Rosa")
        with pytest.raises(Refusal, match="another name"):
            attach_document(session, letter, "annex.pdf", "application/pdf", b"two", now=NOON, by="Rosa")
