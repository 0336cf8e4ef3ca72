"""What proves that a mail was taken, and how much it needs to prove that it was not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from outreach.config.house import House
from outreach.domain.judging import Rest
from outreach.domain.kinds import MessageKind
from outreach.domain.outcomes import Accepted, Lost, Outcome, Phase, Reply
from outreach.domain.proofs import Proof
from outreach.domain.states import MessageState
from outreach.ports.witness import Seen
from outreach.queries.audit import audit
from outreach.rendering.personal import message_id
from outreach.store.accounts import let_rest
from outreach.store.database import Database
from outreach.store.doubts import Doubt, doubts
from outreach.store.tables import Message
from outreach.usecases.reconcile_unknown import LAG, UNHEARD, reconcile_unknown
from outreach.usecases.ring import ring
from outreach.usecases.start_mail import start_mail
from outreach.usecases.stop_mail import stop_mail
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

    def covering(self) -> Seen:
        """A log that has the first mail and the third."""
        return Seen(Proof.RELAY_LOG, first=(self.names[0],), last=(self.names[2],))

    def hear(self, *said: Seen, after: timedelta = timedelta(hours=2)) -> Message:
        """The mail that was in doubt, when the witness has spoken."""
        with self.database.changing() as session:
            found = doubts(session)
            now = found[0].since + after
            reconcile_unknown(session, found, said, now=now, house=self.house)
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


def test_a_mail_that_is_in_no_log_although_the_log_covers_the_time_waits_again(sqlite: Database) -> None:
    waters = Waters(sqlite)
    mail = waters.hear(waters.covering())
    assert (mail.state, mail.reason, mail.copies) == (MessageState.QUEUED, Proof.NOT_IN_RELAY_LOG, 1)


def test_where_another_machine_may_have_submitted_it_the_log_of_this_one_proves_nothing_by_silence(
    postgresql: Database,
) -> None:
    waters = Waters(postgresql)
    assert waters.hear(waters.covering()).state is MessageState.UNKNOWN


def test_a_letter_to_an_official_waits_for_a_person_whatever_the_log_lacks(sqlite: Database) -> None:
    waters = Waters(sqlite)
    for kind, again in ((MessageKind.DELIVERY, 0), (MessageKind.INVITATION, 1)):
        with sqlite.changing() as session:
            doubt = replace(doubts(session)[0], kind=kind)
            now = doubt.since + 2 * LAG
            heard = reconcile_unknown(session, [doubt], [waters.covering()], now=now, house=waters.house)
            assert heard == (0, again)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ((), (), "the log is empty, or another host's"),
        ((0,), (0,), "the log may lag behind"),
        ((2,), (2,), "the log begins too late: it was rotated"),
    ],
)
def test_a_log_that_may_miss_the_moment_proves_nothing(
    sqlite: Database, first: tuple[int, ...], last: tuple[int, ...], why: str
) -> None:
    waters = Waters(sqlite)
    names = waters.names
    said = Seen(Proof.RELAY_LOG, first=tuple(names[i] for i in first), last=tuple(names[i] for i in last))
    assert waters.hear(said).state is MessageState.UNKNOWN, why


def test_others_message_ids_and_a_mail_that_was_begun_prove_nothing(sqlite: Database) -> None:
    waters = Waters(sqlite)
    first, doubtful, third = waters.names
    forged = ("<mabcdefgh@lanterncoast.coop>",)
    assert waters.hear(Seen(Proof.RELAY_LOG, first=forged, last=forged)).state is MessageState.UNKNOWN
    begun = Seen(Proof.RELAY_LOG, begun=frozenset({doubtful}), first=(first,), last=(third,))
    assert waters.hear(begun).state is MessageState.UNKNOWN
    elsewhere = Seen(Proof.RELAY_LOG, begun=frozenset({doubtful}))
    assert waters.hear(elsewhere, waters.covering()).state is MessageState.UNKNOWN, "begun in another file"


def test_what_lies_between_two_files_of_a_log_may_have_been_in_a_third(sqlite: Database) -> None:
    waters = Waters(sqlite)
    first, _, third = waters.names
    older, newer = (Seen(Proof.RELAY_LOG, first=(one,), last=(one,)) for one in (first, third))
    assert waters.hear(older, newer).state is MessageState.UNKNOWN


def test_a_log_is_given_time_before_its_silence_counts(sqlite: Database) -> None:
    waters = Waters(sqlite)
    assert waters.hear(waters.covering(), after=LAG / 2).state is MessageState.UNKNOWN


def in_doubt(database: Database, house: House) -> Doubt:
    """One mail in doubt."""
    invite(database, house, people(1))
    clock = make.TurnedClock()
    submit(stage(database, house, clock, RecordingTransport(clock, outcomes=[BROKEN])))
    with database.reading() as session:
        return doubts(session)[0]


@pytest.mark.parametrize(("heard", "patience"), [(True, LAG), (False, UNHEARD)], ids=["asked", "away"])
def test_nothing_is_submitted_once_more_by_rule_before_a_witness_has_had_time_to_speak(
    database: Database, *, heard: bool, patience: timedelta
) -> None:
    house = make.house(database, mail={"when_unknown": "again", "relay_log": "mail.log"})
    doubt = in_doubt(database, house)
    for waited, again in ((timedelta(seconds=1), 0), (patience - timedelta(seconds=1), 0), (patience, 1)):
        with database.changing() as session:
            assert ring(session, now=doubt.since + waited, house=house, heard=heard).again == again


def test_while_nothing_may_leave_a_mail_stays_in_doubt_and_what_shows_that_it_was_taken_counts(
    database: Database,
) -> None:
    house = make.house(database, mail={"when_unknown": "again"})
    doubt = in_doubt(database, house)
    with database.changing() as session:
        stop_mail(session, reason="", now=doubt.since, by="Rosa")
        assert ring(session, now=doubt.since + UNHEARD, house=house).again == 0
        assert doubts(session) == [doubt]
        start_mail(session, now=doubt.since + UNHEARD, by="Rosa")
        let_rest(session, Rest(timedelta(hours=2), "421 later"), doubt.since + UNHEARD)
        assert ring(session, now=doubt.since + UNHEARD, house=house).again == 0
        assert ring(session, now=doubt.since + 4 * UNHEARD, house=house).again == 1
