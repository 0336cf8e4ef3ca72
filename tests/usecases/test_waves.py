"""Invitations in two waves: who signed the earlier letter first, the others later, and nobody twice."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import MailingState, MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.preflight import preflight
from outreach.store.tables import Call, Contact, Mailing, Message
from outreach.store.waves import OTHERS, count_to_come
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.extend_call import extend_call
from outreach.usecases.launch_call import launch_call
from outreach.usecases.ring import ring
from tests import make

NOW = make.NOON
LATER = NOW + timedelta(days=3)
AFTER = parse_wall_clock("2027-03-12 17:00 America/Los_Angeles")
WAVES = Audience(first_signed=("open-ports",), others_after="3d")
FIRST = {"ada", "bo", "cy"}
OTHER = {"dina", "eli"}


def follow_up(session: Session, house: House, audience: Audience = WAVES) -> Call:
    """Ada signed the earlier letter, Bo's colleague did, Cy's organisation stands there from a printed list."""
    earlier = make.call(session, house, slug="open-ports")
    make.signature(session, earlier, make.contact(session, house, "ada@harbour.example", organisation="Harbour"))
    make.contact(session, house, "bo@quay.example", organisation="Quay")
    gone = make.contact(session, house, "gone@quay.example", organisation="Quay", basis="")
    make.signature(session, earlier, gone, name="Quay")
    cy = make.contact(session, house, "cy@lamp.example", organisation="Lamp")
    make.signature(session, earlier, name="Lamp", key="lamp").organisation_id = cy.organisation_id
    make.contact(session, house, "dina@elsewhere.example", organisation="Elsewhere")
    withdrew = make.contact(session, house, "eli@other.example", organisation="Other")
    make.signature(session, earlier, withdrew, state=SignatureState.WITHDRAWN)
    return make.call(session, house, audience=audience, follows="open-ports")


def launch(session: Session, house: House, call: Call, now: datetime = NOW) -> None:
    launch_call(session, call, now=now, by="Rosa", house=house)


def invited(session: Session, *states: MessageState) -> list[str]:
    rows = make.messages(session, col(Message.kind) == MessageKind.INVITATION)
    return sorted(row.address.partition("@")[0] for row in rows if not states or row.state in states)


def others(session: Session, revision: int = 1) -> Mailing:
    return session.exec(
        select(Mailing).where(Mailing.occurrence == OTHERS, Mailing.deadline_revision == revision)
    ).one()


def test_earlier_signatories_are_invited_at_the_launch_and_the_others_days_later(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        launch(session, house, follow_up(session, house))
        assert set(invited(session)) == FIRST
        make.submitted(session)
        ring(session, now=LATER - timedelta(minutes=1), house=house)
        assert set(invited(session)) == FIRST
        assert others(session).state is MailingState.PLANNED
        ring(session, now=LATER, house=house)
        assert invited(session) == sorted(FIRST | OTHER)
        ring(session, now=LATER + timedelta(days=1), house=house)
        assert invited(session) == sorted(FIRST | OTHER)


def test_the_pre_flight_says_how_many_are_in_each_wave_and_when(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = follow_up(session, house)
        facts = preflight(session, call, now=NOW, house=house)
        waves = [(one.occurrence, one.people, one.first) for one in facts.mailings[:2]]
        assert (facts.people, waves) == (5, [("", 3, NOW), (OTHERS, 2, LATER)])
        launch(session, house, call)
        assert count_to_come(session, call, others(session), house.salt) == 2


def test_whoever_waits_failed_or_was_cancelled_in_the_first_wave_is_in_no_second(database: Database) -> None:
    """Nothing has left for three days; who opts out or joins meanwhile is looked at when it is their turn."""
    house = make.house(database)
    with database.changing() as session:
        launch(session, house, follow_up(session, house))
        ada, bo, _ = make.messages(session, col(Message.kind) == MessageKind.INVITATION)
        ada.state, bo.state = MessageState.FAILED, MessageState.UNKNOWN
        dina = session.exec(select(Contact).where(col(Contact.address).like("dina@%"))).one()
        make.suppression(session, dina)
        make.contact(session, house, "flo@late.example")
        ring(session, now=LATER, house=house)
        assert invited(session) == ["ada", "bo", "cy", "eli", "flo"]


def test_the_second_wave_keeps_to_the_hours_of_its_readers(sqlite: Database) -> None:
    house = make.house(sqlite)
    night = NOW.replace(hour=1)
    with sqlite.changing() as session:
        launch(session, house, follow_up(session, house), now=night)
        ring(session, now=night + timedelta(days=3), house=house)
        allowed = house.hours.next_allowed(night + timedelta(days=3), "Europe/Brussels")
        assert allowed > night + timedelta(days=3)
        due = [one.due_at for one in make.messages(session, col(Message.mailing_id) == others(session).id)]
        assert due == [allowed] * 2


def test_an_extension_before_the_second_wave_moves_it_and_asks_nobody_twice(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = follow_up(session, house)
        launch(session, house, call)
        (first, *_) = make.claimed(session, want=1)
        day = NOW + timedelta(days=1)
        done = extend_call(session, call, AFTER, now=day, by="Rosa", house=house, release=AFTER)
        assert others(session).state is MailingState.CANCELLED
        assert done.invited == 2, "the one that is being submitted is not invited again"
        assert others(session, 2).earliest_at == LATER
        ring(session, now=LATER, house=house)
        live = invited(session, MessageState.QUEUED, MessageState.SENDING)
        assert live == sorted(FIRST | OTHER)
        assert first.record.id


def test_an_extension_after_the_second_wave_invites_together_who_was_not_reached(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        call = follow_up(session, house)
        launch(session, house, call)
        make.submitted(session)
        ring(session, now=LATER, house=house)
        make.contact(session, house, "flo@late.example")
        done = extend_call(session, call, AFTER, now=LATER, by="Rosa", house=house, release=AFTER)
        assert done.invited == 3
        live = invited(session, MessageState.QUEUED, MessageState.SENT)
        assert live == sorted({*FIRST, *OTHER, "flo"})
        assert not session.exec(
            select(Mailing).where(Mailing.occurrence == OTHERS, Mailing.deadline_revision == 2)
        ).all()


@pytest.mark.parametrize("ends", ["cancel", "close"])
def test_a_call_that_is_over_invites_no_others(sqlite: Database, ends: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        call = follow_up(session, house)
        launch(session, house, call)
        if ends == "cancel":
            cancel_call(session, call, now=NOW, by="Rosa")
        else:
            close_call(session, call, now=NOW, by="Rosa")
        assert others(session).state is MailingState.CANCELLED
        ring(session, now=LATER, house=house)
        assert set(invited(session)) == FIRST


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (Audience(first_signed=("open-ports",), others_after="60d"), "The others would be invited at"),
        (
            Audience(first_signed=("open-ports",), others_after="3d", countries=("KE",)),
            "Nobody in the audience signed",
        ),
    ],
)
def test_a_launch_that_would_invite_somebody_too_late_or_nobody_now_is_refused(
    sqlite: Database, audience: Audience, said: str
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "kamau@harbour.example", country="KE")
        call = follow_up(session, house, audience)
        with pytest.raises(Refusal, match=said):
            launch(session, house, call)
