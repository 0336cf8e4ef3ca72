"""What proves that a mail was taken, and how much it needs to prove that it was not."""

from datetime import timedelta

import pytest

from outreach.config.house import House
from outreach.domain.outcomes import Accepted, Lost, Outcome, Phase, Reply
from outreach.domain.proofs import Proof
from outreach.domain.states import MessageState
from outreach.ports.witness import Seen
from outreach.queries.audit import audit
from outreach.rendering.personal import message_id
from outreach.store.database import Database
from outreach.store.doubts import doubts
from outreach.store.tables import Message
from outreach.usecases.reconcile_unknown import LAG, reconcile_unknown
from outreach.usecases.ring import ring
from tests import make
from tests.stage import RecordingTransport, stage, submit
from tests.worker.setting import invite, people

TAKEN, BROKEN = Accepted(Reply(250, "taken")), Lost(Phase.DOT, "the line broke")
OUTCOMES: tuple[Outcome, ...] = (TAKEN, BROKEN, TAKEN)


class Waters:
    """Three mails, the second of which is in doubt; the first left an hour before it, the third after it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.house: House = make.house(database, limits={"connections": 1})
        clock = make.TurnedClock()
        app = stage(database, self.house, clock, RecordingTransport(clock, outcomes=list(OUTCOMES)))
        invite(database, self.house, people(len(OUTCOMES)))
        with database.changing() as session:
            for number, each in enumerate(make.messages(session)):
                each.due_at = make.NOON + timedelta(hours=number)
                session.add(each)
        for _ in OUTCOMES:
            submit(app)
            clock.turn(timedelta(hours=1))
        self.now = clock.now()
        self.ids = [each.id or 0 for each in self.messages()]
        self.names = [message_id(number, self.house) for number in self.ids]

    def messages(self) -> list[Message]:
        with self.database.reading() as session:
            return make.messages(session)

    def hear(self, said: Seen, *, after: timedelta = timedelta(hours=2)) -> Message:
        """The mail that was in doubt, when the witness has spoken."""
        with self.database.changing() as session:
            found = doubts(session)
            now = found[0].since + after
            reconcile_unknown(session, found, [said], now=now, house=self.house)
        with self.database.reading() as session:
            assert audit(session, self.now + timedelta(days=1)).disagreements == ()
        return self.messages()[1]


@pytest.fixture
def waters(database: Database) -> Waters:
    return Waters(database)


def test_a_mail_that_a_witness_has_is_sent_with_the_proof_in_its_history(waters: Waters) -> None:
    mail = waters.hear(Seen(Proof.RELAY_LOG, {waters.names[1]: "qmgr: 4A: from=<calls@quay.example>"}))
    assert (mail.state, mail.reason) == (MessageState.SENT, Proof.RELAY_LOG)
    assert mail.detail.startswith("qmgr")
    assert mail.sent_at == mail.claimed_at


def test_a_mail_that_is_in_no_log_although_the_log_covers_the_time_waits_again(waters: Waters) -> None:
    first, _, third = waters.names
    mail = waters.hear(Seen(Proof.RELAY_LOG, first=(first,), last=(third,)))
    assert (mail.state, mail.reason, mail.copies) == (MessageState.QUEUED, Proof.NOT_IN_RELAY_LOG, 1)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ((), (), "the log is empty, or another host's"),
        ((0,), (0,), "the log may lag behind"),
        ((2,), (2,), "the log begins too late: it was rotated"),
    ],
)
def test_a_log_that_may_miss_the_moment_proves_nothing(
    waters: Waters, first: tuple[int, ...], last: tuple[int, ...], why: str
) -> None:
    names = waters.names
    said = Seen(Proof.RELAY_LOG, first=tuple(names[i] for i in first), last=tuple(names[i] for i in last))
    assert waters.hear(said).state is MessageState.UNKNOWN, why


def test_others_message_ids_and_a_mail_that_was_begun_prove_nothing(waters: Waters) -> None:
    first, doubtful, third = waters.names
    forged = ("<mabcdefgh@lanterncoast.coop>",)
    assert waters.hear(Seen(Proof.RELAY_LOG, first=forged, last=forged)).state is MessageState.UNKNOWN
    begun = Seen(Proof.RELAY_LOG, begun=frozenset({doubtful}), first=(first,), last=(third,))
    assert waters.hear(begun).state is MessageState.UNKNOWN


def test_a_log_is_given_time_before_its_silence_counts(waters: Waters) -> None:
    first, _, third = waters.names
    said = Seen(Proof.RELAY_LOG, first=(first,), last=(third,))
    assert waters.hear(said, after=LAG / 2).state is MessageState.UNKNOWN


def test_nothing_is_submitted_once_more_by_rule_before_a_witness_has_had_time_to_speak(database: Database) -> None:
    house = make.house(database, mail={"when_unknown": "again", "relay_log": "mail.log"})
    invite(database, house, people(1))
    clock = make.TurnedClock()
    submit(stage(database, house, clock, RecordingTransport(clock, outcomes=[BROKEN])))
    with database.reading() as session:
        (doubt,) = doubts(session)
    for seconds, again in ((1, 0), (59, 0), (60, 1)):
        with database.changing() as session:
            assert ring(session, now=doubt.since + timedelta(seconds=seconds), house=house).again == again
