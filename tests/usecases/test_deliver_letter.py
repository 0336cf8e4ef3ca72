"""A letter to many officials: each gets its own, once, as the record said it on the day of its release."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addressing import Addressed
from outreach.domain.editions import CopyKind
from outreach.domain.judging import Verdict
from outreach.domain.kinds import MessageKind
from outreach.domain.officials import Way
from outreach.domain.signatures import Visibility
from outreach.domain.states import AddresseeState, CallState, MessageState
from outreach.queries.official_letters import Deliverable, deliverable, for_official
from outreach.store.addressees import find_addressee
from outreach.store.database import Database
from outreach.store.documents import content_of
from outreach.store.letters_to_officials import ToOfficial, letters_to_officials
from outreach.store.tables import (
    Addressee,
    Call,
    Delivery,
    EditionCopy,
    Event,
    Letter,
    LetterText,
    Message,
    MessageDocument,
    Post,
    Signature,
)
from outreach.usecases.address_letter import address_letter
from outreach.usecases.attach_document import attach_document
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.deliver_letter import Delivered, HeldBack, Printed, deliver_letter, is_on_its_way
from outreach.usecases.retry_messages import retry_messages
from outreach.usecases.sign_off import sign_off
from outreach.usecases.track_deliveries import track_deliveries
from tests import make
from tests.make import NOON
from tests.officials import fact, holder, post

TODAY = NOON.date()
LATER = NOON + timedelta(days=1)
PASSAGE = (
    "{% if facts.ratified %}We commend your ratification of {{ facts.ratified.year }}."
    "{% else %}Your State has not yet ratified.{% endif %}"
)
PDF = b"%PDF a letter"


def signed_letter(session: Session, house: House, body: str = PASSAGE) -> Letter:
    """A closed call, signed off, whose letter says ``body``."""
    call = make.call(session, house)
    call.state, call.launched_at, call.closed_at = CallState.CLOSED, NOON, NOON
    for text in session.exec(select(LetterText)).all():
        text.body = body
    for name, visibility in (
        ("Harbour Lamp", Visibility.PUBLIC),
        ("Quiet House", Visibility.ADDRESSEE),
        ("ZZCANARY", Visibility.COUNTED),
    ):
        make.signature(session, call, name=name, visibility=visibility, key=name)
    session.flush()
    sign_off(session, call, now=NOON, by="Rosa", house=house)
    return session.get_one(Letter, call.letter_id)


def mission(session: Session, state: str, ratified: str = "yes", name: str = "", **more: Any) -> Post:
    """The mission of a State, held by somebody, with what is known of its ratification ("" for nothing)."""
    found = post(
        session, f"mission-{state.lower()}", state=state, address=f"{state.lower()}@geneva.example", **more
    )
    holder(session, found, name or f"Vera {state.title()}land", since=date(2020, 1, 1))
    if ratified:
        fact(session, "ratified", ratified, date(2004, 7, 9), state=state)
    return found


def printed(
    session: Session,
    house: House,
    letter: Letter,
    posts: Sequence[str] = (),
    day: date = TODAY,
    *,
    anew: bool = False,
) -> tuple[Deliverable, list[Printed]]:
    """The letters that can go, as if the press had set them."""
    what = deliverable(session, letter)
    lines = letters_to_officials(
        session, letter, what.call, what.edition, day=day, posts=posts, house=house, anew=anew
    )
    ready = [one for one in lines if not one.problems]
    return what, [
        Printed(one, for_official(session, what.call, what.edition, one, day=day, house=house), PDF)
        for one in ready
    ]


def delivered(
    session: Session, house: House, what: Deliverable, one: Printed, *, way: Way | None = None
) -> Delivered | HeldBack:
    return deliver_letter(
        session,
        what.letter,
        what.call,
        what.edition,
        one,
        way=way,
        authorised_by="",
        now=NOON,
        by="Rosa",
        house=house,
    )


def line_of(session: Session, house: House, letter: Letter, slug: str, day: date = TODAY) -> ToOfficial:
    what = deliverable(session, letter)
    (one,) = letters_to_officials(session, letter, what.call, what.edition, day=day, posts=[slug], house=house)
    return one


def test_each_official_reads_the_passage_that_concerns_that_state(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        posts = [mission(session, "CL", "yes"), mission(session, "EG", "no")]
        address_letter(session, letter, posts, now=NOON, by="Rosa")
        _, (chile, egypt) = printed(session, house, letter)
        assert "We commend your ratification of 2004." in chile.publication.body
        assert "Your State has not yet ratified." in egypt.publication.body


def test_one_missing_fact_holds_one_letter_and_lets_the_others_go(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        posts = [mission(session, "CL"), mission(session, "EG", ""), mission(session, "MA")]
        address_letter(session, letter, posts, now=NOON, by="Rosa")
        (reason,) = line_of(session, house, letter, "mission-eg").problems
        assert "ratified" in reason
        what, ready = printed(session, house, letter)
        assert [one.to.post for one in ready] == ["mission-cl", "mission-ma"]
        assert all(isinstance(delivered(session, house, what, one), Delivered) for one in ready)
        states = {one.to.post: find_addressee(session, letter, posts[0]).released_at for one in ready}
        assert states["mission-cl"] == NOON


def test_by_mail_each_office_gets_one_message_with_the_pdf_and_what_was_attached(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL", copies_to=["desk@foreign.example"])
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        attach_document(session, letter, "annex.pdf", "application/pdf", b"annex", now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        assert delivered(session, house, what, one) == Delivered(Way.MAIL, 1)
        sent = make.messages(session, Message.kind == MessageKind.DELIVERY)
        assert [message.address for message in sent] == ["cl@geneva.example", "desk@foreign.example"]
        carried = session.exec(select(MessageDocument).where(MessageDocument.message_id == sent[0].id)).all()
        assert [content_of(session, each.document_id) for each in carried] == [PDF, b"annex"]
        assert make.submitted(session) == ["cl@geneva.example", "desk@foreign.example"]
        track_deliveries(session, now=LATER, house=house)
        addressee = find_addressee(session, letter, office)
        assert (addressee.state, addressee.sent_at) == (AddresseeState.SENT, NOON)
        assert addressee.due_on is not None


def test_a_letter_is_released_to_an_official_once_however_often_somebody_tries(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        address_letter(session, letter, [mission(session, "CL")], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        first, second = (delivered(session, house, what, one) for _ in range(2))
        assert isinstance(first, Delivered)
        assert second == HeldBack("it was released to this official before.")
        assert len(session.exec(select(Delivery)).all()) == 1


def test_the_addressee_reads_the_names_meant_for_the_addressee_and_none_of_those_that_are_counted(
    sqlite: Database,
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        address_letter(session, letter, [mission(session, "CL")], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        delivered(session, house, what, one)
        assert [name.line for name in one.publication.names()] == ["Harbour Lamp", "Quiet House"]
        rows = str([message.values for message in make.messages(session)])
        assert "Quiet House" in rows
        assert "ZZCANARY" not in rows
        copy = session.exec(select(EditionCopy).where(EditionCopy.kind == CopyKind.DELIVERY)).one()
        assert "for the addressee" in copy.detail
        facts = session.exec(select(Event).where(Event.verb == "deliver_letter")).one().facts
        assert not {"Harbour Lamp", "Vera Clland"} & set(map(str, facts.values()))


def test_name_title_and_state_are_frozen_with_the_letter_and_a_new_holder_is_shown(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL", name="Vera Fuentes")
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        delivered(session, house, what, one)
        holder(session, office, "Otto Krane", since=TODAY + timedelta(days=1))
        after = line_of(session, house, letter, "mission-cl", TODAY + timedelta(days=2))
        assert after.official.name == "Vera Fuentes"
        assert after.holder_now == "Otto Krane"
        frozen = Addressed.read(find_addressee(session, letter, office).frozen)
        assert frozen == one.to.official
        assert frozen.facts["ratified"].value == "yes"


def test_what_changes_in_the_record_while_the_press_works_holds_the_letter_back(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL")
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        holder(session, office, "Otto Krane", since=TODAY)
        outcome = delivered(session, house, what, one)
        assert isinstance(outcome, HeldBack)
        assert "has changed meanwhile" in outcome.reason
        assert make.messages(session) == []


def test_a_list_that_changes_while_the_press_works_holds_the_letter_back(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        address_letter(session, letter, [mission(session, "CL")], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        call = session.exec(select(Call)).one()
        make.signature(session, call, name="Late Lamp", key="late")
        sign_off(session, call, now=LATER, by="Rosa", house=house)
        outcome = delivered(session, house, what, one)
        assert isinstance(outcome, HeldBack)
        assert "the list has changed meanwhile" in outcome.reason


def test_on_paper_nothing_is_mailed_and_the_letter_waits_to_be_brought(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL")
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        assert delivered(session, house, what, one, way=Way.HAND) == Delivered(Way.HAND, 0)
        addressee = find_addressee(session, letter, office)
        assert addressee.state is AddresseeState.TO_SEND
        assert addressee.document_id is not None
        assert content_of(session, addressee.document_id) == PDF
        assert make.messages(session) == []


@pytest.mark.parametrize("way", [Way.FAX, Way.FORM, Way.POST])
def test_by_a_way_for_which_nothing_is_known_of_the_office_no_letter_is_released(
    sqlite: Database, way: Way
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL", postal_address=[])
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        outcome = delivered(session, house, what, one, way=way)
        assert isinstance(outcome, HeldBack)
        assert "the office has no" in outcome.reason
        assert find_addressee(session, letter, office).released_at is None


def test_a_mail_that_is_too_heavy_is_held_back_before_it_leaves(sqlite: Database) -> None:
    house = make.house(sqlite, correspondence={"largest_mail_megabytes": 1})
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        address_letter(session, letter, [mission(session, "CL")], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        outcome = delivered(session, house, what, replace(one, pdf=bytes(800_000)))
        assert isinstance(outcome, HeldBack)
        assert "1.1 MB, and 1 MB are the most" in outcome.reason
        assert session.exec(select(Addressee)).one().frozen == {}


def test_what_came_back_is_released_again_to_whom_the_record_names_now(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL")
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        delivered(session, house, what, one)
        for each in session.exec(select(Delivery)).all():
            each.failed_at, each.failure = NOON, "550 5.1.1 no such mailbox"
        office.address = "embassy@chile.example"
        session.flush()
        what, (again,) = printed(session, house, letter, anew=True)
        assert isinstance(delivered(session, house, what, again), Delivered)
        to = [message.address for message in make.messages(session)]
        assert to == ["cl@geneva.example", "embassy@chile.example"]


def test_a_mail_that_still_waits_does_not_go_with_a_name_that_was_taken_back(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL")
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        delivered(session, house, what, one)
        quiet = session.exec(select(Signature).where(Signature.name == "Quiet House")).one()
        withdraw_signature(session, quiet, now=NOON, by="Rosa", house=house)
        assert make.submitted(session, now=LATER) == []
        track_deliveries(session, now=LATER, house=house)
        assert not is_on_its_way(session, find_addressee(session, letter, office))
        what, (again,) = printed(session, house, letter, anew=True)
        assert [name.line for name in again.publication.names()] == ["Harbour Lamp"]
        assert isinstance(delivered(session, house, what, again), Delivered)
        assert make.submitted(session, now=LATER) == ["cl@geneva.example"]


def test_a_mail_that_failed_is_not_retried_once_the_letter_was_released_anew(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        office = mission(session, "CL")
        address_letter(session, letter, [office], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        delivered(session, house, what, one)
        make.submitted(session, now=NOON, verdict=Verdict(MessageState.FAILED, "person", "550 5.1.1 gone"))
        track_deliveries(session, now=LATER, house=house)
        office.address = "embassy@chile.example"
        session.flush()
        what, (again,) = printed(session, house, letter, anew=True)
        delivered(session, house, what, replace(again, pdf=b"%PDF anew"))
        assert make.submitted(session, now=LATER) == ["embassy@chile.example"]
        retry_messages(session, None, state=MessageState.FAILED, now=LATER, by="Rosa")
        assert make.submitted(session, now=LATER) == []


def test_what_was_amended_while_the_press_worked_is_held_back(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        letter = signed_letter(session, house)
        address_letter(session, letter, [mission(session, "CL")], now=NOON, by="Rosa")
        what, (one,) = printed(session, house, letter)
        letter.version = letter.substance = 2
        session.flush()
        outcome = delivered(session, house, what, one)
        assert isinstance(outcome, HeldBack)


def test_nothing_of_an_official_is_delivered_before_a_list_is_signed_off(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = make.call(session, house)
        letter = session.get_one(Letter, call.letter_id)
        with pytest.raises(Exception, match="when signing has ended"):
            deliverable(session, letter)


def test_two_who_deliver_at_once_deliver_once(database: Database) -> None:
    """The second waits for the row, and finds that it was released."""
    house = make.house(database)
    with database.changing() as session:
        letter = signed_letter(session, house)
        address_letter(session, letter, [mission(session, "CL")], now=NOON, by="Rosa")
        slug = letter.slug
    with database.reading() as session:
        letter = session.exec(select(Letter).where(Letter.slug == slug)).one()
        what, (one,) = printed(session, house, letter)

    def deliver() -> Delivered | HeldBack:
        with database.changing() as session:
            return delivered(session, house, what, one)

    with ThreadPoolExecutor(2) as both:
        outcomes = [attempt.result() for attempt in (both.submit(deliver), both.submit(deliver))]
    assert {type(outcome) for outcome in outcomes} == {Delivered, HeldBack}
    with database.reading() as session:
        count = session.execute(sa.select(sa.func.count()).select_from(Delivery)).scalar()
        assert count == 1
        assert session.exec(select(col(Addressee.state))).all() == [AddresseeState.TO_SEND]
