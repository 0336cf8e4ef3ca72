"""Somebody new: a role, a mail with a link that is nowhere else, and a password of her own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.passwords import fits
from outreach.domain.users import Held, Role, UserState
from outreach.rendering.access import access_link
from outreach.rendering.composing import compose
from outreach.store.database import Database
from outreach.store.outbox import Claimed
from outreach.store.tables import Event, Sitting, User
from outreach.store.users import roles_held
from outreach.usecases.add_user import add_user
from outreach.usecases.choose_password import choose_password, welcomed
from outreach.usecases.invite_user import VALID, invite_user
from tests import make, users
from tests.make import NOON

ANA = "ana@lanterncoast.example"
PASSWORD = "seven boats in the rain"
STAFF = (Held(Role.STAFF),)


@dataclass
class Office:
    session: Session
    house: House

    def add(self, address: str = ANA, name: str = "Ana Sousa", held: tuple[Held, ...] = STAFF) -> User:
        return add_user(self.session, address, name, held, now=NOON, by=users.ROSA)

    def invite(self, user: User, *, at: datetime = NOON, again: bool = False) -> None:
        invite_user(self.session, user, now=at, by=users.ROSA, house=self.house, again=again)

    def token(self, user: User) -> str:
        return access_link(user.id or 0, user.stamp, self.house).rpartition("/")[2]

    def choose(self, token: str, password: str = PASSWORD, *, at: datetime = NOON) -> User | None:
        return choose_password(self.session, token, password, now=at, house=self.house)

    def claimed(self) -> Claimed:
        (mail,) = make.claimed(self.session)
        return mail

    def verbs(self) -> list[str]:
        return list(self.session.exec(select(Event.verb).order_by(col(Event.id))))


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with database.changing() as session:
        yield Office(session, make.house(database))


def test_a_new_user_has_roles_and_no_password(office: Office) -> None:
    call = make.call(office.session, office.house)
    made = office.add(
        " Ana@LanternCoast.example", "Ana  Sousa\n", (Held(Role.OBSERVER), Held(Role.STAFF, call.id or 0))
    )
    assert (made.address, made.name, made.state, made.password) == (ANA, "Ana Sousa", UserState.INVITED, "")
    assert roles_held(office.session, made.id or 0) == (Held(Role.OBSERVER), Held(Role.STAFF, call.id or 0))
    assert office.verbs()[-1] == "add_user"


def test_nobody_is_added_twice(office: Office) -> None:
    office.add()
    with pytest.raises(Refusal, match="is a user already"):
        office.add(ANA.upper())


@pytest.mark.parametrize(
    ("address", "name", "held", "why"),
    [
        ("ana", "Ana", STAFF, "has no @"),
        (ANA, " \n", STAFF, "needs a name"),
        (ANA, "Ana", (), "needs a role"),
        (ANA, "Ana", (Held(Role.STAFF, 77),), "no call 77"),
        (ANA, "Ana", (Held(Role.ADMINISTRATOR, 1),), "for everything"),
    ],
)
def test_a_user_has_an_address_a_name_and_a_role_that_there_is(
    office: Office, address: str, name: str, held: tuple[Held, ...], why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        office.add(address, name, held)


def test_the_link_is_in_the_mail_and_nowhere_in_the_outbox(office: Office) -> None:
    user = office.add()
    office.invite(user)
    token = office.token(user)
    (row,) = make.messages(office.session)
    assert (row.kind, row.address, row.bulk, row.not_after) == (MessageKind.ACCESS, ANA, False, NOON + VALID)
    assert token not in repr(row.model_dump())
    mail = compose(office.claimed().record, office.house)
    assert f"http://127.0.0.1:8080/console/welcome/{token}" in mail.content.text
    assert "Hello Ana Sousa," in mail.content.text
    assert b"Auto-Submitted: auto-generated" in mail.envelope.content


def test_who_gets_a_new_password_is_told_so_in_her_language(office: Office) -> None:
    user = office.add()
    user.language = "fr"
    office.invite(user, again=True)
    assert (
        compose(office.claimed().record, office.house).content.subject == "Un nouveau mot de passe pour la console"
    )


def test_who_chooses_a_password_can_log_in_with_it_from_then_on(office: Office) -> None:
    user = office.add()
    assert office.choose(office.token(user)) is user
    assert user.state is UserState.ACTIVE
    assert fits(PASSWORD, user.password)
    assert office.verbs()[-1] == "choose_password"


def test_a_link_works_once(office: Office) -> None:
    user = office.add()
    token = office.token(user)
    office.choose(token)
    assert welcomed(office.session, token, now=NOON, house=office.house) is None
    assert office.choose(token, "another one altogether") is None
    assert fits(PASSWORD, user.password)


def test_a_link_works_for_seven_days_from_the_last_invitation(office: Office) -> None:
    user = office.add()
    late = NOON + VALID
    assert welcomed(office.session, office.token(user), now=late - timedelta(seconds=1), house=office.house) is user
    assert office.choose(office.token(user), at=late) is None
    office.invite(user, at=NOON + timedelta(days=1))
    assert office.choose(office.token(user), at=late) is user


def test_a_link_that_is_none_of_ours_or_for_nobody_opens_nothing(office: Office) -> None:
    user = office.add()
    token = office.token(user)
    stranger = access_link(99, 1, office.house).rpartition("/")[2]
    older = access_link(user.id or 0, 0, office.house).rpartition("/")[2]
    for other in ("", "x", token[:-1], token + "x", token.swapcase(), stranger, older):
        assert office.choose(other) is None


def test_a_weak_password_is_refused_with_the_reason_and_the_link_holds_on(office: Office) -> None:
    user = office.add()
    with pytest.raises(InvalidInput, match="at least 12"):
        office.choose(office.token(user), "short")
    with pytest.raises(InvalidInput, match="your name"):
        office.choose(office.token(user), "LanternCoast lanterncoast")
    assert office.choose(office.token(user)) is user


def test_who_has_a_password_needs_no_invitation(office: Office) -> None:
    with pytest.raises(Refusal, match="is active"):
        office.invite(users.user(office.session))


def test_a_new_password_ends_what_was_open(office: Office) -> None:
    user = office.add()
    users.sits(office.session, user)
    office.choose(office.token(user))
    assert office.session.exec(select(Sitting)).all() == []
