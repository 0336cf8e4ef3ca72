"""A second person launches what a colleague asked for, as it was asked for, and nothing else."""

import pytest
from sqlmodel import Session, select

from outreach.domain.errors import Refusal
from outreach.domain.states import CallState
from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.database import Database
from outreach.store.tables import Event, User, UserRole
from outreach.usecases.ask_to_launch import ask_to_launch
from outreach.usecases.consent_to_launch import consent_to_launch
from tests import make
from tests.make import NOON

ROSA, AMINA = "rosa@coalition.example", "amina@coalition.example"


def rosa(session: Session) -> User:
    user = User(address=ROSA, name="Rosa", state=UserState.ACTIVE, invited_at=NOON, created_at=NOON)
    session.add(user)
    session.flush()
    session.add(UserRole(user_id=user.id or 0, call_id=EVERYTHING, role=Role.COORDINATOR))
    session.flush()
    return user


def test_it_is_launched_in_the_name_of_who_asked_with_the_consent_of_who_did_not(database: Database) -> None:
    house = make.house(database, workspace={"second_person": True})
    with database.changing() as session:
        rosa(session)
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        with pytest.raises(Refusal, match="Nobody has asked"):
            consent_to_launch(session, call, now=NOON, by=AMINA, house=house)
        ask_to_launch(session, call, now=NOON, by=ROSA, house=house)
        with pytest.raises(Refusal, match="somebody else"):
            consent_to_launch(session, call, now=NOON, by=ROSA.upper(), house=house)
        assert consent_to_launch(session, call, now=NOON, by=AMINA, house=house).invitations == 1
        assert call.state is CallState.OPEN
    with database.reading() as session:
        launched = session.exec(select(Event).where(Event.verb == "launch_call")).one()
        assert (launched.by, launched.facts["authorised_by"]) == (ROSA, AMINA)


@pytest.mark.parametrize("what", ["the draft", "who asked"])
def test_a_consent_is_for_what_was_asked_for_and_who_may_still_ask(database: Database, what: str) -> None:
    house = make.house(database, workspace={"second_person": True})
    with database.changing() as session:
        user = rosa(session)
        make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        ask_to_launch(session, call, now=NOON, by=ROSA, house=house)
        if what == "the draft":
            call.title = "Another title"
        else:
            user.state = UserState.DISABLED
        session.flush()
        with pytest.raises(Refusal, match="ask for it anew"):
            consent_to_launch(session, call, now=NOON, by=AMINA, house=house)


def test_nobody_is_asked_to_consent_to_what_cannot_be_launched(database: Database) -> None:
    house = make.house(database, workspace={"second_person": True})
    with database.changing() as session, pytest.raises(Refusal, match="The audience is empty"):
        ask_to_launch(session, make.call(session, house), now=NOON, by=ROSA, house=house)
