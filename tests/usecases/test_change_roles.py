"""What somebody may do, what she has lost, and whether she may come at all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Thread
from time import sleep

import pytest
from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.users import EVERYTHING, Held, Role, UserState
from outreach.rendering.access import access_link
from outreach.store.database import Database
from outreach.store.tables import Event, Sitting, User
from outreach.store.users import administrators, known_as, roles_held
from outreach.usecases.change_roles import change_roles
from outreach.usecases.choose_password import welcomed
from outreach.usecases.disable_user import disable_user
from outreach.usecases.enable_user import enable_user
from outreach.usecases.reset_user import reset_user
from tests import make, users
from tests.make import NOON
from tests.users import KEY, ROSA

ANA = "ana@lanterncoast.example"


@dataclass
class Office:
    session: Session
    house: House
    rosa: User
    ana: User

    def change(self, user: User, changes: Mapping[int, Role | None]) -> bool:
        return change_roles(self.session, user, changes, now=NOON, by=ROSA)

    def held(self, user: User) -> tuple[Held, ...]:
        return roles_held(self.session, user.id or 0)

    def link_holds(self, user: User) -> bool:
        token = access_link(user.id or 0, user.stamp, self.house).rpartition("/")[2]
        return welcomed(self.session, token, now=NOON, house=self.house) is user

    def last(self) -> Event:
        return list(self.session.exec(select(Event).order_by(Event.id)))[-1]  # type: ignore[arg-type]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """Rosa administers, Ana is of the staff."""
    with database.changing() as session:
        rosa, ana = users.user(session), users.user(session, ANA, role=Role.STAFF, name="Ana Sousa")
        yield Office(session, make.house(database), rosa, ana)


def test_roles_are_given_changed_and_taken_away(office: Office) -> None:
    call = make.call(office.session, office.house).id or 0
    assert office.change(office.ana, {EVERYTHING: Role.OBSERVER, call: Role.COORDINATOR})
    assert office.held(office.ana) == (Held(Role.OBSERVER), Held(Role.COORDINATOR, call))
    assert office.change(office.ana, {EVERYTHING: None})
    assert office.held(office.ana) == (Held(Role.COORDINATOR, call),)
    assert (office.last().verb, office.last().facts) == ("change_roles", {"roles": [{"call": 0, "role": ""}]})


def test_what_is_so_already_is_no_change(office: Office) -> None:
    assert not office.change(office.ana, {EVERYTHING: Role.STAFF, 5: None})
    assert office.session.exec(select(Event)).all() == []


def test_a_role_is_for_a_call_that_there_is(office: Office) -> None:
    with pytest.raises(InvalidInput, match="no call 9"):
        office.change(office.ana, {9: Role.STAFF})


def test_the_last_administrator_stays_one(office: Office) -> None:
    for changes in ({EVERYTHING: None}, {EVERYTHING: Role.COORDINATOR}):
        with pytest.raises(Refusal, match="last administrator"):
            office.change(office.rosa, changes)
    with pytest.raises(Refusal, match="last administrator"):
        disable_user(office.session, office.rosa.id or 0, now=NOON, by=ROSA)
    office.change(office.ana, {EVERYTHING: Role.ADMINISTRATOR})
    assert office.change(office.rosa, {EVERYTHING: None})


def test_who_cannot_log_in_is_no_administrator_to_be_left_with(office: Office) -> None:
    office.change(office.ana, {EVERYTHING: Role.ADMINISTRATOR})
    reset_user(office.session, office.ana.id or 0, password=True, now=NOON, by=ROSA)
    with pytest.raises(Refusal, match="last administrator"):
        disable_user(office.session, office.rosa.id or 0, now=NOON, by=ROSA)


def _disable(session: Session, user_id: int) -> None:
    disable_user(session, user_id, now=NOON, by=ROSA)


def _demote(session: Session, user_id: int) -> None:
    change_roles(session, session.get_one(User, user_id), {EVERYTHING: None}, now=NOON, by=ROSA)


@pytest.mark.parametrize("deed", [_disable, _demote])
def test_of_two_administrators_who_turn_on_each_other_at_once_one_stays(
    database: Database, deed: Callable[[Session, int], None]
) -> None:
    with database.changing() as session:
        pair = [users.user(session).id or 0, users.user(session, ANA).id or 0]
    outcomes: list[str] = []

    def does(user_id: int) -> None:
        try:
            with database.changing() as session:
                deed(session, user_id)
                sleep(0.1)
            outcomes.append("done")
        except Refusal:
            outcomes.append("refused")

    threads = [Thread(target=does, args=(one,)) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["done", "refused"]
    with database.changing() as session:
        assert len(administrators(session)) == 1


def test_who_lost_her_password_chooses_a_new_one_and_is_logged_out(office: Office) -> None:
    users.sits(office.session, office.ana)
    office.ana.device = KEY
    reset_user(office.session, office.ana.id or 0, password=True, now=NOON, by=ROSA)
    assert (office.ana.state, office.ana.password, office.ana.device) == (UserState.INVITED, "", KEY)
    assert known_as(office.session, ANA).user_id == 0
    assert office.link_holds(office.ana)
    assert office.session.exec(select(Sitting)).all() == []


def test_who_lost_her_device_keeps_her_password(office: Office) -> None:
    office.ana.device, office.ana.counter, kept = KEY, 5, office.ana.password
    reset_user(office.session, office.ana.id or 0, device=True, now=NOON, by=ROSA)
    assert (office.ana.state, office.ana.password) == (UserState.ACTIVE, kept)
    assert (office.ana.device, office.ana.counter) == ("", 0)
    assert not office.link_holds(office.ana)


def test_a_reset_says_what_was_lost(office: Office) -> None:
    with pytest.raises(InvalidInput, match="Say what was lost"):
        reset_user(office.session, office.ana.id or 0, now=NOON, by=ROSA)


def test_a_new_reset_makes_the_older_link_void(office: Office) -> None:
    reset_user(office.session, office.ana.id or 0, password=True, now=NOON, by=ROSA)
    older = access_link(office.ana.id or 0, office.ana.stamp, office.house).rpartition("/")[2]
    reset_user(office.session, office.ana.id or 0, password=True, now=NOON, by=ROSA)
    assert welcomed(office.session, older, now=NOON, house=office.house) is None
    assert office.link_holds(office.ana)


def test_who_is_disabled_is_out_at_once_and_no_link_brings_her_back(office: Office) -> None:
    users.sits(office.session, office.ana)
    reset_user(office.session, office.ana.id or 0, password=True, now=NOON, by=ROSA)
    assert disable_user(office.session, office.ana.id or 0, now=NOON, by=ROSA)
    assert not disable_user(office.session, office.ana.id or 0, now=NOON, by=ROSA)
    assert not office.link_holds(office.ana)
    assert known_as(office.session, ANA).user_id == 0
    assert office.session.exec(select(Sitting)).all() == []
    with pytest.raises(Refusal, match="is disabled"):
        reset_user(office.session, office.ana.id or 0, password=True, now=NOON, by=ROSA)


def test_who_comes_back_chooses_a_password_anew_and_holds_what_she_held(office: Office) -> None:
    disable_user(office.session, office.ana.id or 0, now=NOON, by=ROSA)
    enable_user(office.session, office.ana.id or 0, now=NOON, by=ROSA)
    assert (office.ana.state, office.held(office.ana)) == (UserState.INVITED, (Held(Role.STAFF),))
    assert office.link_holds(office.ana)
    with pytest.raises(Refusal, match="not disabled"):
        enable_user(office.session, office.ana.id or 0, now=NOON, by=ROSA)
