"""Reads of the letters' pages: which letters wait for what, how far each official's is, and what holds it back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.correspondence import DeliveryKind
from outreach.domain.officials import Way
from outreach.domain.states import AddresseeState, CallState
from outreach.domain.users import EVERYTHING, Held, Role
from outreach.queries.home import Need, home
from outreach.queries.letter_addressees import (
    BROUGHT,
    NOT_OUT,
    Stage,
    addressed_among,
    count_not_addressed,
    not_addressed,
    officials_of,
    posts_of,
    stage_counts,
)
from outreach.queries.letter_check import check_letter
from outreach.queries.letter_list import Waiting, Which, listed_letters
from outreach.queries.official_search import Wanted
from outreach.store.database import Database
from outreach.store.tables import Addressee, Call, Delivery, Edition, Letter, Post
from outreach.usecases.authorise_letter import authorise_letter
from outreach.usecases.change_signature import withdraw_signature
from outreach.usecases.sign_off import sign_off
from tests import make, officials, users
from tests.make import NOON

TODAY = NOON.date()


@pytest.fixture
def house(database: Database) -> House:
    return make.house(database, workspace={"second_person": True})


def letter(session: Session, house: House, *, ended: bool = True, by: str = "Rosa") -> tuple[Letter, Call]:
    call = make.call(session, house)
    make.signature(session, call, name="Harbour Lamp")
    if ended:
        call.state, call.launched_at, call.closed_at = CallState.CLOSED, NOON, NOON
        session.flush()
        sign_off(session, call, now=NOON, by=by, house=house)
    return session.get_one(Letter, call.letter_id), call


def to(session: Session, letter: Letter, slug: str, **more: Any) -> Addressee:
    """The letter to a post of its own, held by somebody."""
    post = officials.post(session, slug, state=more.pop("in_state", "CL"), **more.pop("post", {}))
    if more.pop("held", True):
        officials.holder(session, post)
    added = Addressee(letter_id=letter.id or 0, post_id=post.id or 0, added_by="Rosa", added_at=NOON, **more)
    session.add(added)
    session.flush()
    return added


def went(session: Session, addressee: Addressee, *, failed: bool = False) -> None:
    addressee.released_at = NOON
    session.add(
        Delivery(
            addressee_id=addressee.id or 0,
            kind=DeliveryKind.LETTER,
            way=Way.MAIL,
            by="Rosa",
            at=NOON,
            failed_at=NOON if failed else None,
        )
    )
    session.flush()


def every_stage(session: Session, letter: Letter) -> None:
    to(session, letter, "a-to-go")
    went(session, to(session, letter, "b-came-back"), failed=True)
    went(session, to(session, letter, "c-leaving"))
    to(session, letter, "d-to-bring", released_at=NOON)
    due = TODAY + timedelta(days=7)
    to(session, letter, "e-sent", state=AddresseeState.SENT, released_at=NOON, sent_at=NOON, due_on=due)
    late = TODAY - timedelta(days=7)
    to(session, letter, "f-overdue", state=AddresseeState.SENT, released_at=NOON, sent_at=NOON, due_on=late)
    to(session, letter, "g-answered", state=AddresseeState.ANSWERED, released_at=NOON, answered_at=NOON)


def test_each_official_is_at_one_stage_and_every_stage_is_counted_and_found(
    database: Database, house: House
) -> None:
    with database.changing() as session:
        found, _ = letter(session, house)
        every_stage(session, found)
        counts = stage_counts(session, found, today=TODAY)
        assert counts == dict.fromkeys(
            [
                Stage.TO_GO, Stage.CAME_BACK, Stage.LEAVING, Stage.TO_BRING, Stage.SENT, Stage.OVERDUE,
                Stage.ANSWERED,
            ],
            1,
        )  # fmt: skip
        assert list(counts) == sorted(counts, key=list(Stage).index)
        for stage in counts:
            (line,) = officials_of(session, found, stages=[stage], today=TODAY, house=house).lines
            assert line.stage is stage
            assert line.post[2:] == stage
        assert [
            one.post for one in officials_of(session, found, stages=NOT_OUT, today=TODAY, house=house).lines
        ] == [
            "a-to-go",
            "b-came-back",
        ]
        assert len(officials_of(session, found, stages=BROUGHT, today=TODAY, house=house).lines) == 2


def test_officials_are_read_page_by_page_by_words_and_by_number(database: Database, house: House) -> None:
    with database.changing() as session:
        found, _ = letter(session, house)
        every_stage(session, found)
        first = officials_of(session, found, limit=3, today=TODAY, house=house)
        rest = officials_of(session, found, after=first.after, today=TODAY, house=house)
        assert [one.post[0] for one in (*first.lines, *rest.lines)] == list("abcdefg")
        assert rest.after == ""
        (late,) = officials_of(session, found, words="f-over", today=TODAY, house=house).lines
        assert late.days == 5
        (again,) = officials_of(session, found, posts=[late.number], today=TODAY, house=house).lines
        assert again == late
        assert [post.slug for post in posts_of(session, found, [late.number, 7777])] == ["f-overdue"]


def test_who_gets_it_already_is_not_offered_again_and_no_closed_post_is(database: Database, house: House) -> None:
    with database.changing() as session:
        found, _ = letter(session, house)
        there = to(session, found, "chile")
        officials.post(session, "kenya", state="KE")
        officials.post(session, "spain", state="ES", closed_at=NOON)
        assert count_not_addressed(session, found, Wanted()) == 1
        assert [post.slug for post in not_addressed(session, found, Wanted(), most=9)] == ["kenya"]
        assert count_not_addressed(session, found, Wanted(state="CL")) == 0
        assert addressed_among(session, found, [there.post_id, 7777]) == {there.post_id}


def test_the_check_tells_the_held_from_the_ready_and_counts_ways_and_copies(
    database: Database, house: House
) -> None:
    with database.changing() as session:
        found, call = letter(session, house)
        to(session, found, "chile", post={"copies_to": ["a@geneva.example", "b@geneva.example"]})
        to(session, found, "kenya", post={"ways": [Way.HAND.value]})
        to(session, found, "spain", held=False)
        seen = check_letter(session, found, call, today=TODAY, house=house)
    assert [one.line.post for one in seen.held] == ["spain"]
    assert [one.line.post for one in seen.ready] == ["chile", "kenya"]
    assert seen.ways == {Way.MAIL: 1, Way.HAND: 1}
    assert seen.copies == 2
    assert not seen.changed


def test_what_came_back_is_looked_at_as_it_would_go_anew(database: Database, house: House) -> None:
    with database.changing() as session:
        found, call = letter(session, house)
        back = to(session, found, "chile", frozen={"name": "Berta Before", "language": "en"})
        went(session, back, failed=True)
        (one,) = check_letter(session, found, call, stages=NOT_OUT, today=TODAY, house=house).officials
    assert one.to.official.name == "Vera Fuentes"
    assert not one.is_out


def waiting(session: Session, house: House, which: Which = Which.ALL, by: str = "Idris") -> list[Waiting]:
    lines = listed_letters(session, None, which, by=by, today=TODAY, second_person=True)
    return [one.waiting for one in lines]


def test_a_letter_is_listed_with_what_it_waits_for_from_signing_to_the_last_answer(
    database: Database, house: House
) -> None:
    with database.changing() as session:
        found, call = letter(session, house, ended=False)
        assert waiting(session, house) == [], "it goes to no official"
        one = to(session, found, "chile")
        assert waiting(session, house) == [Waiting.SIGNING]
        call.state, call.launched_at, call.closed_at = CallState.CLOSED, NOON, NOON
        session.flush()
        assert waiting(session, house) == [Waiting.SIGN_OFF]
        sign_off(session, call, now=NOON, by="Rosa", house=house)
        assert waiting(session, house) == waiting(session, house, Which.TO_AUTHORISE) == [Waiting.AUTHORISE]
        assert waiting(session, house, Which.TO_DELIVER) == []
        authorise_letter(session, found, now=NOON, by="Idris")
        assert waiting(session, house) == waiting(session, house, Which.TO_DELIVER) == [Waiting.DELIVER]
        assert waiting(session, house, Which.TO_AUTHORISE) == []
        went(session, one)
        assert waiting(session, house) == [Waiting.OFFICES]
        assert waiting(session, house, Which.TO_DELIVER) == []
        one.state = AddresseeState.ANSWERED
        session.flush()
        assert waiting(session, house) == [Waiting.NOTHING]


def test_whoever_withdraws_from_the_list_has_not_signed_it_off(database: Database, house: House) -> None:
    with database.changing() as session:
        found, call = letter(session, house)
        to(session, found, "chile")
        other = make.signature(session, call, name="Pier Watch")
        sign_off(session, call, now=NOON, by="Rosa", house=house)
        withdraw_signature(session, other, now=NOON, house=house)
        assert waiting(session, house, Which.TO_AUTHORISE, by="Rosa") == [], "she signed it off"
        assert waiting(session, house, Which.TO_AUTHORISE) == [Waiting.AUTHORISE]
        (line,) = listed_letters(session, None, Which.ALL, by="Idris", today=TODAY, second_person=True)
    assert (line.edition, line.signed_off_by) == (3, "Rosa")


def test_a_typing_error_mended_after_the_sign_off_is_signed_off_before_anybody_consents_to_it(
    database: Database, house: House
) -> None:
    with database.changing() as session:
        found, _ = letter(session, house)
        to(session, found, "chile")
        found.version += 1
        session.flush()
        assert waiting(session, house) == [Waiting.SIGN_OFF]
        assert waiting(session, house, Which.TO_AUTHORISE) == []


def test_what_the_first_page_counts_is_what_the_list_shows_to_whom_may_consent(
    database: Database, house: House
) -> None:
    with database.changing() as session:
        rosa = users.user(session, "rosa@coalition.example")
        idris = users.user(session, "idris@coalition.example")
        found, call = letter(session, house, by="Rosa@Coalition.example")
        to(session, found, "chile")
        for user, count in ((rosa, 0), (idris, 1)):
            listed = listed_letters(
                session, None, Which.TO_AUTHORISE, by=user.address, today=TODAY, second_person=True
            )
            held = (Held(Role.COORDINATOR, EVERYTHING),)
            needs = home(session, held, user.id or 0, now=NOON, today=TODAY, house=house).needs
            assert len(listed) == count
            assert [one.count for one in needs if one.need is Need.LETTERS_TO_AUTHORISE] == [1] * count
        make.signature(session, call, name="One more", key="more")
        sign_off(session, call, now=NOON, by="idris@coalition.example", house=house)
        newest = session.exec(select(Edition).order_by(Edition.number.desc())).first()  # type: ignore[attr-defined]
        assert newest is not None
        assert waiting(session, house, Which.TO_AUTHORISE, by=idris.address) == [], "the newest is his own"
        assert waiting(session, house, Which.TO_AUTHORISE, by=rosa.address) == [Waiting.AUTHORISE]


def test_only_letters_of_the_calls_that_she_may_see_are_listed_page_by_page(
    database: Database, house: House
) -> None:
    with database.changing() as session:
        found, call = letter(session, house)
        to(session, found, "chile")
        for number in range(3):
            other = make.call(session, house, slug=f"other-{number}")
            post = session.exec(select(Post)).one()
            session.add(Addressee(letter_id=other.letter_id, post_id=post.id or 0, added_by="R", added_at=NOON))
        session.flush()

        def listed(calls: set[int] | None, before: int = 0, limit: int = 50) -> list[Any]:
            return listed_letters(
                session, calls, Which.ALL, by="", today=TODAY, second_person=True, before=before, limit=limit
            )

        assert [one.slug for one in listed({call.id or 0})] == ["safe-passage"]
        assert listed(set()) == []
        first = listed(None, limit=2)
        assert [one.slug for one in (*first, *listed(None, before=first[-1].id))] == [
            "other-2",
            "other-1",
            "other-0",
            "safe-passage",
        ]
