"""What is asked only of those in question says of everybody what asking each would say."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.store import wanted
from outreach.store.audiences import chosen_for, count_by_reason, left_out, members, survey
from outreach.store.database import Database
from outreach.store.in_question import in_question
from outreach.store.parts import parts_of
from outreach.store.recipients import REACHED, recipients
from outreach.store.tables import Call, Contact, Mailing, Message
from tests import make
from tests.store.test_audiences import LITTLE, WORLDS, World, _valid, made
from tests.store.test_wanted_after_replies import replied

REPLIES = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(ReplyKind), st.sampled_from(MatchedBy)), max_size=2)
Replies = list[tuple[int, ReplyKind, MatchedBy]]


@contextmanager
def peopled(database: Database, world: World, replies: Replies) -> Iterator[tuple[Session, House, Call]]:
    """The world, in which some have also replied to the call."""
    with made(database, world) as (session, house, call):
        people = session.exec(select(Contact).order_by(col(Contact.id))).all()
        for who, kind, by in replies:
            if who < len(people):
                replied(session, call, people[who], kind, by)
        yield session, house, call


def gets(session: Session, call: Call, mailing: Mailing, house: House) -> list[int]:
    """Who gets the mailing, gone through two contacts at a time."""
    whom = recipients(session, call, mailing, house.salt)
    return [
        number
        for part in parts_of(session, col(Contact.id), 2)
        for number in session.execute(
            sa.select(col(Contact.id)).where(*whom(part)).order_by(col(Contact.id))
        ).scalars()
    ]


@settings(**LITTLE)
@given(WORLDS.map(_valid), REPLIES)
def test_an_audience_is_counted_as_if_each_was_asked(database: Database, world: World, replies: Replies) -> None:
    with peopled(database, world, replies) as (session, house, call):
        chosen = chosen_for(call, house.salt)
        each = session.execute(sa.select(col(Contact.language), left_out(call.id)).where(*chosen)).all()
        assert count_by_reason(session, call, house.salt) == Counter(why or "" for _, why in each)
        found = survey(session, call, house.salt)
        assert found.languages == Counter(language for language, why in each if why is None)
        assert found.left_out == Counter(why for _, why in each if why)
        assert (found.people, found.people) == (found.zones.total(), found.domains.total())


@settings(**LITTLE)
@given(WORLDS.map(_valid), REPLIES)
def test_a_mailing_goes_to_whom_asking_each_would_have_named(
    database: Database, world: World, replies: Replies
) -> None:
    with peopled(database, world, replies) as (session, house, call):
        session.execute(sa.delete(Message))
        invitation = make.mailing(session, call, MessageKind.INVITATION, "first", revision=2)
        inside = session.execute(members(call, house.salt).order_by(col(Contact.id))).scalars().all()
        assert gets(session, call, invitation, house) == inside


@settings(**LITTLE)
@given(WORLDS.map(_valid).filter(lambda world: bool(world.mails)), REPLIES, st.sampled_from(REACHED))
def test_a_reminder_goes_to_whom_asking_each_would_have_named(
    database: Database, world: World, replies: Replies, state: str
) -> None:
    with peopled(database, world, replies) as (session, house, call):
        session.execute(sa.update(Message).values(state=state))
        reminder = make.mailing(session, call, MessageKind.REMINDER, "once", revision=2)
        mails = session.execute(sa.select(col(Message.contact_id), col(Message.kind), col(Message.test))).all()
        invited = {who for who, kind, test in mails if kind is MessageKind.INVITATION and not test}
        asked = sa.select(col(Contact.id)).where(
            ~wanted.answered(col(Contact.id), call.id),
            ~wanted.opted_out(col(Contact.address_digest), call.id),
            ~wanted.dead_address(col(Contact.address_digest)),
        )
        silent = session.execute(asked.order_by(col(Contact.id))).scalars().all()
        assert gets(session, call, reminder, house) == [who for who in silent if who in invited]


def test_nobody_is_in_question_of_whom_nothing_is_known(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        rosa = make.contact(session, house, "rosa@harbour.example", organisation="Harbour Lamp")
        amal = make.contact(session, house, "amal@harbour.example", organisation="Harbour Lamp")
        make.contact(session, house, "idris@quay.example", organisation="Quay House")
        make.suppression(session, make.contact(session, house, "otto@quay.example"))
        call = make.call(session, house)
        make.signature(session, call, rosa)
        otto = session.exec(select(Contact.id).where(Contact.address == "otto@quay.example")).one()
        assert set(session.execute(in_question(call.id)).scalars()) == {rosa.id, amal.id, otto}


def test_every_contact_is_in_one_part_of_the_list(sqlite: Database) -> None:
    house, number = make.house(sqlite), col(Contact.id)
    with sqlite.changing() as session:
        assert list(parts_of(session, number, 2)) == []
        ids = [make.contact(session, house, f"{n}@harbour.example").id for n in range(5)]
        parts = list(parts_of(session, number, 2))
        found = [session.execute(sa.select(number).where(part.of(number))).scalars().all() for part in parts]
        assert found == [ids[:2], ids[2:4], ids[4:]]
