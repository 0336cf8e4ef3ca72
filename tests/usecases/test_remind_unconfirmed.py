"""Who has signed and not confirmed is reminded once, before the deadline; who had to wait for that is asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.kinds import MessageKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState
from outreach.store.database import Database
from outreach.store.tables import Call, Message, Signature
from outreach.usecases.confirm_signature import confirm_signature, disown_signature
from outreach.usecases.ring import ring
from outreach.usecases.sign import Signed, sign_publicly
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
        """Whatever is due leaves, every few hours."""
        now = NOON
        while now < until:
            now = min(now + timedelta(hours=6), until)
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
