"""Who belongs, who is left out and why: the SQL against the same rules said plainly, over small random worlds."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.kinds import KINDS, MessageKind, Recipients
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import CallState, SignatureState
from outreach.store import wanted
from outreach.store.audiences import (
    EXCLUDED,
    NO_BASIS,
    chosen,
    count_by,
    count_by_reason,
    left_out,
    members,
    survey,
)
from outreach.store.database import Database
from outreach.store.preflight import people_left_out
from outreach.store.tables import (
    Affiliation,
    Alias,
    Call,
    CallExclusion,
    CallText,
    Contact,
    ContactTag,
    Message,
    Organisation,
    SuppressionReason,
)
from tests import make

NOW = make.NOON
HOUSES = ("Harbour Lamp", "Quay House")


@dataclass(frozen=True)
class Person:
    """A contact as the rules see one."""

    tags: frozenset[str]
    country: str
    language: str
    basis: str
    houses: frozenset[int]
    """Which organisations the person speaks for, by number."""
    suppressed: tuple[tuple[SuppressionReason, str], ...]
    """Each reason with its scope: everything, this call, another."""
    excluded: bool
    signed: tuple[tuple[SignatureKind, SignatureState, str], ...]
    """Each signature with the call it belongs to: this, another."""


@dataclass(frozen=True)
class Mail:
    """A message as the rules see one; ``to`` is the number of its person."""

    to: int
    kind: MessageKind
    test: bool
    due_before_end: bool
    old_deadline: bool


@dataclass(frozen=True)
class World:
    people: tuple[Person, ...]
    audience: Audience
    state: CallState
    mails: tuple[Mail, ...] = field(default=())


SCOPES = st.sampled_from(["everything", "this", "another"])
PEOPLE = st.builds(
    Person,
    tags=st.frozensets(st.sampled_from(["migration", "press"])),
    country=st.sampled_from(["BE", "KE", ""]),
    language=st.sampled_from(["en", "fr", ""]),
    basis=st.sampled_from(["member", "member", ""]),
    houses=st.frozensets(st.sampled_from([0, 1])),
    suppressed=st.lists(
        st.tuples(st.sampled_from(SuppressionReason), SCOPES).filter(
            lambda one: one[0] is SuppressionReason.OPT_OUT or one[1] == "everything"
        ),
        max_size=2,
        unique=True,
    ).map(tuple),
    excluded=st.sampled_from([False, False, True]),
    signed=st.lists(
        st.tuples(
            st.sampled_from(SignatureKind), st.sampled_from(SignatureState), st.sampled_from(["this", "another"])
        ),
        max_size=2,
        unique_by=lambda one: (one[0], one[2]),
    ).map(tuple),
)
AUDIENCES = st.builds(
    Audience,
    tags=st.sampled_from([(), ("migration",), ("migration", "press")]),
    exclude_tags=st.sampled_from([(), (), ("press",)]),
    countries=st.sampled_from([(), ("BE",)]),
    languages=st.sampled_from([(), ("fr", "en")]),
    organisations=st.sampled_from([(), ("harbour lamp",), ("QH", "nobody")]),
    exclude_organisations=st.sampled_from([(), (), ("The Quay",)]),
    signed=st.sampled_from([(), (), ("open-ports",)]),
    exclude=st.sampled_from([(), ("0@HARBOUR.example",)]),
)
MAILS = st.builds(
    Mail,
    to=st.integers(0, 3),
    kind=st.sampled_from(MessageKind),
    test=st.sampled_from([False, False, True]),
    due_before_end=st.sampled_from([True, True, False]),
    old_deadline=st.sampled_from([False, False, True]),
)
WORLDS = st.builds(
    World,
    people=st.lists(PEOPLE, min_size=1, max_size=4).map(tuple),
    audience=AUDIENCES,
    state=st.sampled_from([CallState.OPEN, CallState.OPEN, CallState.CLOSED, CallState.CANCELLED]),
    mails=st.lists(MAILS, max_size=5).map(tuple),
)


# The rules, said plainly.


def answers(person: Person, world: World, call: str, states: set[SignatureState]) -> bool:
    """The person has signed, or somebody has for an organisation for which the person speaks.

    What a reply only proposes is no answer of the organisation's.
    """
    if any(state in states and where == call for _, state, where in person.signed):
        return True
    signed_for = {
        first_house(other)
        for other in world.people
        for kind, state, where in other.signed
        if kind is SignatureKind.ORGANISATION and state in states - {SignatureState.PROPOSED} and where == call
    } - {None}
    return bool(signed_for & person.houses)


def first_house(person: Person) -> int | None:
    return min(person.houses, default=None)


def is_dead(person: Person) -> bool:
    return any(reason is not SuppressionReason.OPT_OUT for reason, _ in person.suppressed)


def opted_out(person: Person) -> bool:
    return any(
        reason is SuppressionReason.OPT_OUT and scope in ("everything", "this")
        for reason, scope in person.suppressed
    )


def belongs(number: int, world: World) -> bool:
    person, wants = world.people[number], world.audience
    houses = {"harbour lamp": 0, "QH": 1, "The Quay": 1}

    def speaks(names: tuple[str, ...]) -> bool:
        return bool({houses.get(name) for name in names} & person.houses)

    return all(
        (
            not wants.tags or set(wants.tags) & person.tags,
            not set(wants.exclude_tags) & person.tags,
            not wants.countries or person.country in wants.countries,
            not wants.languages or person.language in wants.languages,
            not wants.organisations or speaks(wants.organisations),
            not wants.exclude_organisations or not speaks(wants.exclude_organisations),
            not wants.signed or answers(person, world, "another", {SignatureState.CONFIRMED}),
            not wants.exclude or number != 0,
        )
    )


ANSWERS = set(SignatureState) - {SignatureState.REJECTED}


def reason_left_out(person: Person, world: World) -> str:
    if is_dead(person):
        return wanted.DEAD_ADDRESS
    if opted_out(person):
        return wanted.OPTED_OUT
    if not person.basis:
        return NO_BASIS
    if person.excluded:
        return EXCLUDED
    return wanted.HAS_ANSWERED if answers(person, world, "this", ANSWERS) else ""


def reason_unwanted(number: int, world: World) -> str | None:  # noqa: C901, PLR0911  one rule after the other
    mail = world.mails[number]
    person, rules = world.people[mail.to], KINDS[mail.kind]
    if not mail.due_before_end:
        return wanted.TOO_LATE
    if is_dead(person):
        return wanted.DEAD_ADDRESS
    if mail.test:
        return None
    if world.state is CallState.CANCELLED and not rules.house:
        return wanted.CALL_OVER
    # A new draft is told to an organisation of a round that has not said a word yet: that asks it for something.
    about_a_new_draft = mail.kind is MessageKind.LETTER_CHANGED and signature_of(person) is None
    if (rules.bulk or about_a_new_draft) and opted_out(person):
        return wanted.OPTED_OUT
    if rules.asks and world.state is not CallState.OPEN:
        return wanted.CALL_OVER
    tied = rules.asks or mail.kind is MessageKind.THANK_YOU
    if tied and mail.kind is not MessageKind.INVITATION and mail.old_deadline:
        return wanted.EXTENDED
    if any(replaces(later, mail) for later in world.mails[number + 1 :]):
        return wanted.REPLACED
    if rules.asks and answers(person, world, "this", ANSWERS):
        return wanted.HAS_ANSWERED
    about = signature_of(person)
    if rules.to is Recipients.SIGNATORIES and about not in (SignatureState.CONFIRMED, SignatureState.MERGED):
        return wanted.WITHDRAWN
    asks_to_confirm = {"confirmation", "confirmation-reminder", "letter-changed"}
    if mail.kind.value in asks_to_confirm and about is not SignatureState.PENDING:
        return wanted.NOTHING_TO_CONFIRM
    return None


def signature_of(person: Person) -> SignatureState | None:
    """The state of the signature that a mail to the person is about: one that counts, or else the first."""
    given = [state for _, state, where in person.signed if where == "this"]
    return SignatureState.CONFIRMED if SignatureState.CONFIRMED in given else next(iter(given), None)


def replaces(later: Mail, mail: Mail) -> bool:
    reminding = {MessageKind.REMINDER, MessageKind.LAST_CALL}
    same = mail.kind in reminding and later.kind in reminding
    both = mail.kind is later.kind is MessageKind.INVITATION
    return later.to == mail.to and not later.test and (same or both)


# The same world in the database.


@contextmanager
def made(database: Database, world: World) -> Iterator[tuple[Session, House, Call]]:
    house = make.house(database)
    with database.changing(dry_run=True) as session:
        houses = [Organisation(name=name, name_key=name.casefold(), created_at=NOW) for name in HOUSES]
        houses[1].acronym = "QH"
        session.add_all(houses)
        session.flush()
        session.add(Alias(organisation_id=houses[1].id or 0, name="The Quay", name_key="the quay"))
        another = make.call(session, house, slug="open-ports")
        call = make.call(session, house, audience=world.audience)
        call.state, call.deadline_revision = world.state, 2
        session.add(call)
        people = [_person(session, house, n, one, houses) for n, one in enumerate(world.people)]
        signatures: dict[int, int] = {}
        for number, (one, person) in enumerate(zip(world.people, people, strict=True)):
            _suppressed(session, one, person, call, another)
            for kind, state, where in one.signed:
                given = _signature(session, call if where == "this" else another, person, kind, state)
                if where == "this" and (state is SignatureState.CONFIRMED or number not in signatures):
                    signatures[number] = given
        _mails(session, call, world, people, signatures)
        session.flush()
        yield session, house, call


def _person(session: Session, house: House, number: int, one: Person, houses: list[Organisation]) -> Contact:
    person = make.contact(
        session,
        house,
        f"{number}@harbour.example",
        tags=tuple(one.tags),
        country=one.country,
        language=one.language,
        basis=one.basis,
    )
    first = first_house(one)
    person.organisation_id = None if first is None else houses[first].id
    session.add(person)
    session.add_all(Affiliation(contact_id=person.id or 0, organisation_id=houses[n].id or 0) for n in one.houses)
    session.flush()
    return person


def _suppressed(session: Session, one: Person, person: Contact, call: Call, another: Call) -> None:
    scopes = {"everything": 0, "this": call.id or 0, "another": another.id or 0}
    for reason, scope in one.suppressed:
        make.suppression(session, person, reason, scope=scopes[scope])
    if one.excluded:
        session.add(CallExclusion(call_id=call.id or 0, address_digest=person.address_digest))


def _signature(session: Session, call: Call, person: Contact, kind: SignatureKind, state: SignatureState) -> int:
    key = f"{kind} {person.id}"
    given = make.signature(session, call, person, kind=kind, state=state, key=key, invited=True)
    return given.id or 0


def _mails(session: Session, call: Call, world: World, people: list[Contact], signatures: dict[int, int]) -> None:
    text = session.execute(sa.select(sa.func.min(CallText.id))).scalar_one()
    for number, mail in enumerate(world.mails):
        person = people[mail.to]
        mailing = make.mailing(session, call, mail.kind, f"{number}", revision=1 if mail.old_deadline else 2)
        session.add(
            Message(
                kind=mail.kind,
                bulk=KINDS[mail.kind].bulk,
                test=mail.test,
                priority=KINDS[mail.kind].priority,
                call_id=call.id,
                mailing_id=mailing.id,
                contact_id=person.id,
                signature_id=signatures.get(mail.to),
                address=person.address,
                address_digest=person.address_digest,
                domain=person.domain,
                language="en",
                text_id=text,
                due_at=NOW,
                not_after=NOW + timedelta(hours=1 if mail.due_before_end else 0),
                queued_at=NOW,
            )
        )
        session.flush()


@cache
def reasons() -> sa.Select[Any]:
    """Why each message is no longer wanted, in their order; written once, which takes longer than asking."""
    return sa.select(wanted.unwanted(NOW)).select_from(Message).order_by(col(Message.id))


def _valid(world: World) -> World:
    mails = tuple(mail for mail in world.mails if mail.to < len(world.people))
    return World(world.people, world.audience, world.state, mails)


LITTLE: dict[str, Any] = {
    "max_examples": 40,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@settings(**LITTLE)
@given(WORLDS.map(_valid))
def test_the_audience_in_sql_is_the_audience_said_plainly(sqlite: Database, world: World) -> None:
    with made(sqlite, world) as (session, house, call):
        expected = [n for n in range(len(world.people)) if belongs(n, world)]
        rows = session.execute(
            sa.select(col(Contact.address), left_out(call.id))
            .where(*chosen(Audience.read(call.audience), house.salt))
            .order_by(col(Contact.id))
        ).all()
        said = [(f"{n}@harbour.example", reason_left_out(world.people[n], world) or None) for n in expected]
        assert [tuple(row) for row in rows] == said
        inside = session.execute(members(call, house.salt)).scalars().all()
        assert len(inside) == sum(reason is None for _, reason in said)
        assert count_by_reason(session, call, house.salt) == Counter(reason or "" for _, reason in said)
        assert people_left_out(session, call, house) == [(who, why) for who, why in said if why]


UNSIGNED = Person(
    tags=frozenset(),
    country="BE",
    language="en",
    basis="member",
    houses=frozenset(),
    suppressed=((SuppressionReason.OPT_OUT, "everything"),),
    excluded=False,
    signed=(),
)
NEW_DRAFT = Mail(to=0, kind=MessageKind.LETTER_CHANGED, test=False, due_before_end=True, old_deadline=False)


@settings(**LITTLE)
@given(WORLDS.map(_valid).filter(lambda world: bool(world.mails)))
@example(World((UNSIGNED,), Audience(), CallState.OPEN, (NEW_DRAFT,)))
def test_what_is_wanted_in_sql_is_what_is_wanted_said_plainly(sqlite: Database, world: World) -> None:
    with made(sqlite, world) as (session, _, _):
        assert list(session.execute(reasons()).scalars()) == [
            reason_unwanted(number, world) for number in range(len(world.mails))
        ]


@pytest.mark.parametrize("seed", range(3))
def test_postgresql_says_the_same(postgresql: Database, seed: int) -> None:
    """The same statements on the other database, on a world in which every rule has a case."""
    everybody = tuple(
        Person(
            tags=frozenset({"migration"}),
            country="BE",
            language="en",
            basis="" if number == 4 else "member",
            houses=frozenset({(number + seed) % 2}),
            suppressed=((list(SuppressionReason)[number], "everything"),) if number < 2 else (),
            excluded=number == 3,
            signed=((SignatureKind.ORGANISATION, list(SignatureState)[seed], "this"),) if number == 2 else (),
        )
        for number in range(5)
    )
    mails = tuple(
        Mail(
            to=number % 5, kind=kind, test=number % 4 == seed, due_before_end=number != 6, old_deadline=number == 3
        )
        for number, kind in enumerate([*MessageKind, *MessageKind])
    )
    world = World(everybody, Audience(tags=("migration",)), CallState.OPEN, mails)
    with made(postgresql, world) as (session, house, call):
        assert people_left_out(session, call, house) == [
            (f"{n}@harbour.example", why) for n, one in enumerate(everybody) if (why := reason_left_out(one, world))
        ]
        assert list(session.execute(reasons()).scalars()) == [
            reason_unwanted(number, world) for number in range(len(mails))
        ]


def test_a_contact_who_speaks_for_several_is_counted_once(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        person = make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp")
        other = Organisation(name="Quay House", name_key="quay house", created_at=NOW)
        session.add(other)
        session.flush()
        session.add(Affiliation(contact_id=person.id or 0, organisation_id=other.id or 0))
        session.add(ContactTag(contact_id=person.id or 0, tag="sea"))
        audience = Audience(tags=("migration", "sea"), organisations=("Harbour Lamp", "Quay House"))
        call = make.call(session, house, audience=audience)
        assert count_by_reason(session, call, house.salt) == {"": 1}


def test_an_audience_that_is_gone_through_once_is_counted_as_column_by_column(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        for number, zone in enumerate(("Europe/Brussels", "Africa/Nairobi", "Europe/Brussels", "", "Asia/Manila")):
            language = "en" if number == 3 else "fr"
            basis, address = "" if number == 4 else "member", f"p{number}@town{number % 2}.example"
            make.contact(session, house, address, time_zone=zone, language=language, basis=basis)
        make.suppression(session, make.contact(session, house, "out@town1.example"))
        make.contact(session, house, "press@town1.example", tags=("press",))
        call = make.call(session, house)
        found = survey(session, call, house.salt)
        by_reason = count_by_reason(session, call, house.salt)
        assert found.people == by_reason.pop("") == 4
        assert found.left_out == by_reason == {NO_BASIS: 1, wanted.OPTED_OUT: 1}
        for counted, column in (
            (found.zones, Contact.time_zone),
            (found.languages, Contact.language),
            (found.domains, Contact.domain),
        ):
            assert counted == count_by(session, call, house.salt, column)
        of_each = [members(call, house.salt).where(col(Contact.language) == one) for one in ("fr", "en")]
        assert found.first == [min(filter(None, session.execute(one).scalars())) for one in of_each]
