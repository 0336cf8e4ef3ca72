"""Who has signed and not confirmed is reminded once, before the deadline; who had to wait for that is asked."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.floods import Asked, Asking, judge_asking
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, SignatureState
from outreach.store.database import Database
from outreach.store.signing import asked_so_far, may_be_asked
from outreach.store.tables import Call, Message, Signature
from outreach.usecases.close_call import close_call
from outreach.usecases.confirm_signature import confirm_signature, disown_signature
from outreach.usecases.queue_message import queue_for_signature
from outreach.usecases.remind_unconfirmed import AT_ONCE, ask_at_last
from outreach.usecases.ring import ring
from outreach.usecases.sign import Signed, sign_publicly
from outreach.usecases.sign_off import sign_off
from tests import make
from tests.make import NOON

ASKS, REMINDS = MessageKind.CONFIRMATION, MessageKind.CONFIRMATION_REMINDER
DAY = timedelta(days=1)


class Signing:
    """A launched call, and whoever signs it by the public form."""

    def __init__(self, session: Session, house: House, call: Call) -> None:
        self.session, self.house, self.call = session, house, call

    def signs(
        self, address: str = "amal@quay.example", now: datetime = NOON, name: str = "Quay House"
    ) -> Signature:
        entry = make.entry(SignatureKind.ORGANISATION, name)
        done = sign_publicly(self.session, self.call, address, entry, now=now, house=self.house, language="en")
        assert isinstance(done, Signed)
        return done.signature

    def mails(self, kind: MessageKind) -> list[Message]:
        return make.messages(self.session, Message.kind == kind)

    def goes_on(self, until: datetime) -> None:
        """Whatever is due leaves, before each day is over, and each time at another hour of the day."""
        now = NOON
        while now < until:
            now = min(now + timedelta(hours=18), until)
            ring(self.session, now=now, house=self.house)
            make.submitted(self.session, now=now)


@pytest.fixture
def signing(database: Database) -> Iterator[Signing]:
    house = make.house(database)
    with database.changing() as session:
        make.contact(session, house, "idris@harbour.example")
        call, _ = make.launched(session, house)
        yield Signing(session, house, call)


def test_who_has_not_confirmed_is_reminded_once_and_at_a_good_hour(signing: Signing) -> None:
    signing.signs()
    signing.goes_on(NOON + 20 * DAY)
    (reminder,) = signing.mails(REMINDS)
    assert NOON + 2 * DAY <= reminder.due_at <= NOON + 4 * DAY
    assert signing.house.hours.allows(reminder.due_at, signing.house.time_zone)
    assert reminder.not_after == signing.call.deadline_at
    assert len(signing.mails(ASKS)) == 1


def test_who_has_confirmed_is_not_reminded(signing: Signing) -> None:
    confirm_signature(signing.session, signing.signs(), now=NOON + DAY, house=signing.house)
    signing.goes_on(NOON + 20 * DAY)
    assert signing.mails(REMINDS) == []


def test_who_confirms_while_the_reminder_waits_does_not_get_it(signing: Signing) -> None:
    signature = signing.signs()
    now = NOON + 2 * DAY
    ring(signing.session, now=now, house=signing.house)
    assert len(signing.mails(REMINDS)) == 1
    confirm_signature(signing.session, signature, now=now, house=signing.house)
    make.submitted(signing.session, now=now)
    assert [one.state for one in signing.mails(REMINDS)] == [MessageState.CANCELLED]


def test_nobody_is_reminded_after_the_deadline(signing: Signing) -> None:
    deadline = signing.call.deadline_at
    signing.signs(now=deadline - timedelta(hours=20))
    ring(signing.session, now=deadline + timedelta(hours=30), house=signing.house)
    assert signing.mails(REMINDS) == []


def test_in_the_last_days_a_day_is_enough_to_wait(signing: Signing) -> None:
    signed_at = signing.call.deadline_at - 2 * DAY
    signing.signs(now=signed_at)
    ring(signing.session, now=signed_at + DAY, house=signing.house)
    assert len(signing.mails(REMINDS)) == 1


def test_a_second_signature_of_the_day_is_asked_about_the_next_day(signing: Signing) -> None:
    signing.signs()
    signing.signs(name="Casa del Muelle", now=NOON + timedelta(hours=1))
    assert len(signing.mails(ASKS)) == 1
    signing.goes_on(NOON + 26 * timedelta(hours=1))
    assert len(signing.mails(ASKS)) == 2


def test_what_was_given_in_time_is_asked_about_until_the_list_is_signed_off(signing: Signing) -> None:
    """Both were given a few hours before the deadline: the mailbox could have only one mail before it."""
    deadline = signing.call.deadline_at
    signing.signs(now=deadline - timedelta(hours=3))
    signing.signs(name="Casa del Muelle", now=deadline - timedelta(hours=2))
    close_call(signing.session, signing.call, now=deadline, by="Rosa")
    ring(signing.session, now=deadline + timedelta(hours=22), house=signing.house)
    assert len(signing.mails(ASKS)) == 2
    assert signing.mails(REMINDS) == []


def test_nobody_is_asked_when_the_list_is_signed_off(signing: Signing) -> None:
    deadline = signing.call.deadline_at
    confirm_signature(
        signing.session, signing.signs("vera@lamp.example", name="Lamp"), now=NOON, house=signing.house
    )
    signing.signs(now=deadline - timedelta(hours=3))
    signing.signs(name="Casa del Muelle", now=deadline - timedelta(hours=2))
    close_call(signing.session, signing.call, now=deadline, by="Rosa")
    sign_off(signing.session, signing.call, now=deadline, by="Rosa", house=signing.house)
    ring(signing.session, now=deadline + 2 * DAY, house=signing.house)
    assert len(signing.mails(ASKS)) == 2


def test_a_mailbox_that_confirms_one_is_asked_about_the_others_at_once(signing: Signing) -> None:
    first = signing.signs()
    for number in range(1, 5):
        signing.signs(name=f"Casa {number}", now=NOON + timedelta(minutes=number))
    assert len(signing.mails(ASKS)) == 1
    now = NOON + timedelta(hours=1)
    confirm_signature(signing.session, first, now=now, house=signing.house)
    asked = [mail.signature_id for mail in signing.mails(ASKS)]
    assert asked[:2] == [first.id, (first.id or 0) + 1]
    assert len(set(asked)) == len(asked) == 4, "three at once, however many were given in its name"


def test_a_crowd_that_may_not_be_asked_today_delays_nobody(signing: Signing) -> None:
    person = make.contact(signing.session, signing.house, "vera@lamp.example")
    make.signature(signing.session, signing.call, person, state=SignatureState.PENDING, key="first", at=NOON)
    ask_at_last(signing.session, now=NOON, house=signing.house)
    for number in range(AT_ONCE + 1):
        pending = SignatureState.PENDING
        make.signature(signing.session, signing.call, person, state=pending, key=str(number), at=NOON)
    honest = make.contact(signing.session, signing.house, "amal@quay.example")
    make.signature(signing.session, signing.call, honest, state=SignatureState.PENDING, at=NOON)
    assert ask_at_last(signing.session, now=NOON + timedelta(hours=1), house=signing.house) == 1
    assert [mail.address for mail in signing.mails(ASKS)] == [person.address, honest.address]


def test_who_looks_after_a_mail_server_stands_in_nobodys_way(signing: Signing) -> None:
    signing.signs("Abuse@quay.example")
    before = ask_at_last(signing.session, now=NOON + 3 * DAY, house=signing.house)
    assert (before, signing.mails(ASKS)) == (0, [])


def test_signatures_from_before_mailboxes_were_kept_are_reminded_and_asked_each_for_itself(
    signing: Signing,
) -> None:
    """An older database has no mailbox beside a signature: its contact says whose it is."""
    pending = SignatureState.PENDING
    people = [make.contact(signing.session, signing.house, f"p{one}@quay.example") for one in range(5)]
    for person in people:
        old = make.signature(signing.session, signing.call, person, state=pending, at=NOON, asked_at=NOON)
        old.mailbox_digest = ""
        signing.session.add(old)
    signing.goes_on(NOON + 5 * DAY)
    assert sorted(mail.address for mail in signing.mails(REMINDS)) == [person.address for person in people]
    kept = {one.mailbox_digest for one in signing.session.exec(select(Signature))}
    assert len(kept) == 5
    assert "" not in kept


@given(times=st.lists(st.integers(1, 100), max_size=13), invited=st.booleans(), proved=st.integers(0, 100))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_limits_are_the_same_in_the_database(
    sqlite: Database,
    times: list[int],
    invited: bool,  # noqa: FBT001  one of a property's values
    proved: int,
) -> None:
    """What is looked for at every ring is what ``judge_asking`` allows, whatever a mailbox has had."""
    house, now = make.house(sqlite), NOON + timedelta(hours=100)
    with suppress(Rolled), sqlite.changing() as session:
        person = make.contact(session, house, "amal@quay.example")
        call, _ = make.launched(session, house)
        one = make.signature(session, call, person, key="one", at=NOON, confirmed_at=NOON + timedelta(hours=proved))
        other = make.signature(session, call, person, key="other", state=SignatureState.PENDING, invited=invited)
        for hour in sorted(set(times)):
            at = NOON + timedelta(hours=hour)
            queue_for_signature(session, call, one, ASKS, now=at, house=house, at=at)
        asked = asked_so_far(session, other, now)
        since = [hour for hour in set(times) if hour > proved]
        assert asked == Asked(sum(hour > 76 for hour in since), len(since))
        allowed = judge_asking(asked, invited=invited, in_last_hour=0, per_hour=120) is Asking.NOW
        found = session.exec(select(Signature.id).where(Signature.id == other.id, may_be_asked(now - DAY))).all()
        assert bool(found) is allowed
        raise Rolled


class Rolled(Exception):  # noqa: N818  no error: the next example begins with an empty database
    """Takes back what an example wrote."""


def test_a_mailbox_gets_three_mails_however_much_is_signed_in_its_name(signing: Signing) -> None:
    for day in range(10):
        for name in range(8):
            address = f"victim+{day}{name}@gmail.com"
            now = NOON + day * DAY + name * timedelta(minutes=1)
            entry = make.entry(name=f"Otto {day} {name}")
            sign_publicly(
                signing.session, signing.call, address, entry, now=now, house=signing.house, language="en"
            )
    signing.goes_on(NOON + 20 * DAY)
    mails = [*signing.mails(ASKS), *signing.mails(REMINDS)]
    assert len(mails) == 3
    moments = sorted(mail.queued_at for mail in mails)
    assert all(later - earlier >= DAY for earlier, later in pairwise(moments))
    assert not any("Otto" in str(mail.values) for mail in mails)


def test_a_mailbox_that_said_no_hears_no_more_of_this_letter(signing: Signing) -> None:
    disown_signature(signing.session, signing.signs(), now=NOON)
    signing.signs(name="Casa del Muelle", now=NOON + 2 * DAY)
    signing.goes_on(NOON + 20 * DAY)
    assert len(signing.mails(ASKS)) == 1
    assert signing.mails(REMINDS) == []


def test_a_pause_reminds_nobody_to_confirm(signing: Signing) -> None:
    signing.signs()
    signing.call.paused_at = NOON
    signing.session.add(signing.call)
    signing.goes_on(NOON + 5 * DAY)
    assert signing.mails(REMINDS) == []
