"""The first page's numbers: each is what its rows are, and only of the calls for which somebody has the right."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from outreach.domain.replies import ReplyKind
from outreach.domain.states import MessageState, SignatureState
from outreach.domain.tasks import TaskState, TaskVerb
from outreach.domain.users import Held, Role
from outreach.queries.home import HomePage, Need, home
from outreach.store.database import Database
from outreach.store.tables import Call, Reply, Task, User
from outreach.usecases.ask_to_launch import ask_to_launch
from tests import make, users

TODAY = date(2027, 1, 11)


def _page(session: Session, house: Any, *held: Held, user_id: int = 0) -> HomePage:
    return home(session, held, user_id, now=make.NOON + timedelta(hours=1), today=TODAY, house=house)


def _needs(page: HomePage) -> dict[Need, int]:
    return {one.need: one.count for one in page.needs}


def _busy_call(session: Session, house: Any, slug: str) -> Call:
    """A call with one of everything that needs somebody."""
    people = [make.contact(session, house, f"{name}@{slug}.example") for name in "abcd"]
    draft, _ = make.launched(session, house, slug=slug)
    states = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.HELD)
    mails = [mail for mail in make.messages(session) if mail.call_id == draft.id]
    for mail, state in zip(mails, states, strict=False):
        mail.state = state
        session.add(mail)
    session.add(Reply(at=make.NOON, kind=ReplyKind.QUESTION, first_kind=ReplyKind.QUESTION, call_id=draft.id))
    make.signature(session, draft, people[0], state=SignatureState.PROPOSED, name="Coast Watch", key="1")
    make.signature(session, draft, people[1], state=SignatureState.CONFIRMED, name="US Citizen", key="2")
    make.signature(session, draft, people[2], state=SignatureState.CONFIRMED, name="Dune Rescue", key="3")
    session.flush()
    return draft


@pytest.fixture
def house(database: Database) -> Any:
    return make.house(database)


def test_an_empty_workspace_needs_nobody(database: Database, house: Any) -> None:
    with database.reading() as session:
        page = _page(session, house, Held(Role.ADMINISTRATOR))
    assert page == HomePage((), (), 0, 0)


def test_whoever_has_the_right_for_everything_sees_what_every_call_needs(database: Database, house: Any) -> None:
    with database.changing() as session:
        _busy_call(session, house, "one")
        session.add(Reply(at=make.NOON, kind=ReplyKind.OTHER, first_kind=ReplyKind.OTHER))
        session.flush()
        page = _page(session, house, Held(Role.COORDINATOR))
    needs = _needs(page)
    assert needs[Need.REPLIES] == 2
    assert (needs[Need.TO_DECIDE], needs[Need.DOUBTFUL]) == (1, 1)
    assert (needs[Need.FAILED], needs[Need.UNKNOWN], needs[Need.HELD]) == (1, 1, 1)
    assert [call.slug for call in page.open_calls] == ["one"]
    assert page.open_calls[0].signatures == 2
    assert page.open_calls[0].next_at is not None


def test_who_coordinates_one_call_sees_that_call_alone(database: Database, house: Any) -> None:
    with database.changing() as session:
        mine = _busy_call(session, house, "mine")
        _busy_call(session, house, "other")
        session.add(Reply(at=make.NOON, kind=ReplyKind.OTHER, first_kind=ReplyKind.OTHER))
        session.flush()
        page = _page(session, house, Held(Role.COORDINATOR, mine.id or 0))
    assert set(_needs(page).values()) == {1}
    assert [call.slug for call in page.open_calls] == ["mine"]
    assert all("other" not in one.to for one in page.needs)


def test_an_observer_is_shown_how_calls_stand_and_asked_for_nothing(database: Database, house: Any) -> None:
    with database.changing() as session:
        _busy_call(session, house, "one")
        page = _page(session, house, Held(Role.OBSERVER))
    assert page.needs == ()
    assert [call.slug for call in page.open_calls] == ["one"]


def test_a_task_that_was_refused_is_put_before_who_asked_for_it_for_a_week(database: Database, house: Any) -> None:
    with database.changing() as session:
        user = User(address="rosa@lanterncoast.example", name="Rosa", invited_at=make.NOON, created_at=make.NOON)
        session.add(user)
        session.flush()
        for days, state in ((0, TaskState.REFUSED), (8, TaskState.FAILED), (0, TaskState.DONE)):
            ended = make.NOON - timedelta(days=days)
            session.add(
                Task(verb=TaskVerb.SIGN_OFF, state=state, user_id=user.id or 0, asked_at=ended, ended_at=ended)
            )
        session.flush()
        assert _needs(_page(session, house, Held(Role.COORDINATOR), user_id=user.id or 0)) == {Need.TASKS: 1}
        assert _needs(_page(session, house, Held(Role.COORDINATOR), user_id=(user.id or 0) + 1)) == {}


def test_a_launch_that_a_colleague_asked_for_waits_for_whoever_may_consent_and_not_for_who_asked(
    database: Database,
) -> None:
    house = make.house(database, workspace={"second_person": True})
    with database.changing() as session:
        rosa, amina = (users.user(session, f"{name}@lanterncoast.example") for name in ("rosa", "amina"))
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        ask_to_launch(session, call, now=make.NOON, by=rosa.address, house=house)
        coordinator, staff = Held(Role.COORDINATOR), Held(Role.STAFF)
        waits = _page(session, house, coordinator, user_id=amina.id or 0).needs
        assert [(one.need, one.count, one.to) for one in waits] == [
            (Need.LAUNCHES, 1, f"/console/calls/{call.slug}/make/check")
        ]
        for held, who in ((coordinator, rosa), (staff, amina), (Held(Role.COORDINATOR, 99), amina)):
            assert _page(session, house, held, user_id=who.id or 0).needs == ()
        call.title = "Another title"
        session.flush()
        assert _page(session, house, coordinator, user_id=amina.id or 0).needs == ()
