"""The intake: whatever happens to the mailbox, or to us, every mail is stored once and processed once."""

import asyncio
import random
import re
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event

import pytest
from sqlmodel import Session, select

from outreach.adapters.sample import make_workspace
from outreach.bootstrap import Outreach, open_workspace
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import ReplyKind
from outreach.domain.states import ReplyState
from outreach.ports.mailbox import Arrival, MailboxTrouble
from outreach.store.database import Database
from outreach.store.inbound import content_of
from outreach.store.tables import Event as LogLine
from outreach.store.tables import InboundContent, InboundMail, InboundPlace, Message, Reply, Suppression
from outreach.worker.engine import Engine
from outreach.worker.intake import Intake
from outreach.worker.work import work
from tests import inbound, make
from tests.faults.harbour import ended
from tests.inbound import MemoryMailbox, written
from tests.make import TurnedClock
from tests.parts.boxes import Box, DovecotBox, MaildirBox
from tests.stage import RecordingTransport, stage
from tests.worker.fetching import fetch

PEOPLE = [f"member{number}@harbour{number}.coop" for number in range(12)]


@pytest.fixture(params=["dovecot", "maildir"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Box:
    if request.param == "maildir":
        return MaildirBox(tmp_path / "mail")
    return DovecotBox(request.getfixturevalue("mailstack"))


def opened(database: Database, **sections: dict[str, object]) -> Outreach:
    clock = TurnedClock()
    house = make.house(database, **sections)
    return stage(database, house, clock, RecordingTransport(clock))


def thanks(number: int) -> bytes:
    return written(PEOPLE[number], f"Thank you for your mail, says number {number}.").replace(b"\n", b"\r\n")


def replies(app: Outreach) -> list[Reply]:
    with app.database.reading() as session:
        return list(session.exec(select(Reply).order_by(Reply.id)))  # type: ignore[arg-type]


def senders(app: Outreach) -> list[str]:
    return [one.sender_address for one in replies(app)]


def test_every_mail_becomes_one_reply_the_oldest_first(sqlite: Database, box: Box) -> None:
    app = opened(sqlite)
    for number in range(3):
        box.deliver(thanks(number))
    taken = Intake(app, box.mailbox()).once()
    assert (taken.stored, taken.processed) == (3, 3)
    assert sorted(senders(app)) == sorted(PEOPLE[:3])
    with app.database.reading() as session:
        assert sorted(one.content for one in session.exec(select(InboundContent))) == sorted(map(thanks, range(3)))


def test_what_was_taken_in_is_not_taken_in_again(sqlite: Database, box: Box) -> None:
    app = opened(sqlite)
    box.deliver(thanks(0))
    Intake(app, box.mailbox()).once()
    box.deliver(thanks(1))
    again = Intake(app, box.mailbox()).once()
    assert (again.stored, again.processed) == (1, 1)


@pytest.mark.shows("F47")
def test_a_person_who_reads_along_hides_nothing(sqlite: Database, box: Box) -> None:
    app = opened(sqlite)
    box.deliver(thanks(0))
    box.mark_all_read()
    assert Intake(app, box.mailbox()).once().processed == 1
    marks = box.marks()
    Intake(app, box.mailbox()).once()
    assert box.marks() == marks


@pytest.mark.shows("F46")
def test_a_folder_that_was_made_anew_with_the_same_mails_brings_nothing_new(sqlite: Database, box: Box) -> None:
    app = opened(sqlite)
    box.make("Calls")
    for number in range(3):
        box.deliver(thanks(number), "Calls")
    assert Intake(app, box.mailbox("Calls")).once().stored == 3
    box.make_anew("Calls")
    for number in (2, 0, 1, 3):
        box.deliver(thanks(number), "Calls")
    again = Intake(app, box.mailbox("Calls")).once()
    assert (again.stored, again.processed) == (1, 1)


@pytest.mark.shows("F48")
@pytest.mark.parametrize(
    "name",
    ["", "Message-ID: <the-same@harbour.coop>", "Message-ID: <" + "x" * 9_000 + "\x00\xff@<\r\n >", "Message-ID:"],
    ids=["none", "the same", "hostile", "empty"],
)
def test_a_mail_is_known_by_its_bytes_whatever_it_calls_itself(sqlite: Database, tmp_path: Path, name: str) -> None:
    app, box = opened(sqlite), MaildirBox(tmp_path / "mail")
    called = [re.sub(rb"(?im)^message-id:.*\r\n", b"", thanks(number)) for number in range(3)]
    heads = [name.encode("latin-1") + b"\r\n" if name else b""] * 3
    for head, mail in zip(heads, called, strict=True):
        box.deliver(head + mail)
    assert Intake(app, box.mailbox()).once().processed == 3
    box.make("Later")
    for head, mail in zip(heads, called, strict=True):
        box.deliver(head + mail, "Later")
    assert Intake(app, box.mailbox("INBOX", "Later")).once().stored == 0
    assert len(replies(app)) == 3


@pytest.mark.shows("F47")
def test_a_mail_that_a_person_moved_to_another_folder_is_found_there_and_is_the_same(
    sqlite: Database, box: Box
) -> None:
    app = opened(sqlite)
    box.make("Later")
    box.deliver(thanks(0))
    assert Intake(app, box.mailbox("INBOX", "Later")).once().stored == 1
    box.delete_all()
    box.deliver(thanks(0), "Later")
    assert Intake(app, box.mailbox("INBOX", "Later")).once().stored == 0
    assert len(replies(app)) == 1


def test_processed_mail_moves_away_if_the_operator_wants_it(sqlite: Database, box: Box) -> None:
    app = opened(sqlite, mailbox={"processed_folder": "Taken in"})
    for number in (0, 1, 1):  # the same bytes twice are one mail in two places
        box.deliver(thanks(number))
    taken = Intake(app, box.mailbox()).once()
    assert (taken.stored, taken.processed) == (2, 2)
    assert list(_numbers(box, "INBOX")) == []
    assert len(list(_numbers(box, "Taken in"))) == 3


def test_what_a_stop_left_in_place_is_moved_by_the_next(sqlite: Database, box: Box) -> None:
    box.deliver(thanks(0))
    Intake(opened(sqlite), box.mailbox()).once()
    Intake(opened(sqlite, mailbox={"processed_folder": "Taken in"}), box.mailbox()).once()
    assert list(_numbers(box, "INBOX")) == []


def _numbers(box: Box, folder: str) -> Iterator[str]:
    with box.mailbox(folder).open() as session:
        yield from session.numbers(folder)


def test_what_was_stored_before_a_stop_is_processed_by_the_next(sqlite: Database) -> None:
    app = opened(sqlite)
    with sqlite.changing() as session:
        inbound.stored(session, thanks(0))
    assert Intake(app, MemoryMailbox()).once().processed == 1


@pytest.mark.shows("F49")
def test_of_a_mail_that_is_too_large_the_beginning_is_kept_and_the_whole_stays_in_the_mailbox(
    sqlite: Database, box: Box
) -> None:
    app = opened(sqlite, mailbox={"processed_folder": "Taken in", "largest_megabytes": 1})
    box.deliver(thanks(0) + b"x" * 76 * 1024 + b"\r\n" + (b"y" * 76 + b"\r\n") * 14_000)
    Intake(app, box.mailbox()).once()
    (reply,) = replies(app)
    assert (reply.state, reply.sender_address) == (ReplyState.WAITING, PEOPLE[0])
    assert "too large" in reply.note
    assert len(list(_numbers(box, "INBOX"))) == 1


@dataclass
class BreaksOff(MemoryMailbox):
    """A mailbox whose connection is lost after so many mails, the first times."""

    after: int = 2
    times: int = 1

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        for count, arrival in enumerate(super().fetch(folder, numbers, largest=largest)):
            if self.times and count == self.after:
                self.times -= 1
                raise MailboxTrouble("The connection was lost.", needs_person=False)
            yield arrival


@pytest.mark.shows("F45")
def test_what_came_before_the_connection_was_lost_is_kept_and_the_rest_comes_later(sqlite: Database) -> None:
    app, mailbox = opened(sqlite), BreaksOff()
    for number in range(5):
        mailbox.put(thanks(number))
    with pytest.raises(MailboxTrouble):
        Intake(app, mailbox).once()
    assert len(replies(app)) == 0  # stored, and processed with the next
    taken = Intake(app, mailbox).once()
    assert (taken.stored, taken.processed) == (3, 5)
    assert senders(app) == PEOPLE[:5]
    assert mailbox.fetched == 5 + 1  # the one whose connection was lost was fetched again, no other


@dataclass
class Refusing(MemoryMailbox):
    """A mailbox that lets nobody in, and stops the intake after so many attempts."""

    needs_person: bool = True
    attempts: list[int] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[MemoryMailbox]:
        self.attempts.append(1)
        raise MailboxTrouble("The server refused the log-in.", needs_person=self.needs_person)
        yield self


@pytest.mark.parametrize(("needs_person", "alerts"), [(True, 1), (False, 0)])
def test_staff_hear_once_a_day_of_a_mailbox_that_only_a_person_can_mend(
    sqlite: Database, *, needs_person: bool, alerts: int
) -> None:
    app = opened(sqlite, staff={"addresses": "rosa@lanterncoast.coop"})
    mailbox = Refusing(needs_person=needs_person)
    rests: list[float] = []
    Intake(app, mailbox).run(lambda: len(mailbox.attempts) >= 4, rests.append)
    assert rests == [5.0, 10.0, 20.0]
    with sqlite.reading() as session:
        assert len(make.messages(session, Message.kind == MessageKind.ALERT)) == alerts


HOSTILE = [
    b"",
    b"\n",
    b"\x00" * 500,
    b"From: a@b.coop\nSubject: =?utf-8?b?AAAA?=\nMessage-ID: <\x00\x01@x>\n\n\x00\xff\xfe\n",
    b"From: =?utf-8?q?=ED=A0=80?= <\xed\xa0\x80@x.coop>\nSubject: \xed\xa0\x80\n\n\xed\xa0\x80 unsubscribe\n",
    b"From: a@b.coop, c@d.coop\nFrom: e@f.coop\nSubject: 1\nSubject: 2\nDate: Thu, 1 Jan 1970 00:00 +2500\n\nhi",
    b"Content-Type: text/plain; charset=no-such-thing\nContent-Transfer-Encoding: base64\n\n%%%%",
    b"Content-Type: multipart/mixed\n\nno boundary",
    b"From: a@b.coop\nDate: Fri, 31 Dec 2099 23:59:59 +0000\nReferences: " + b"<a@b> " * 5000 + b"\n\nhi",
]


@pytest.mark.shows("F49")
@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_what_nobody_can_read_is_kept_and_left_to_a_person(database: Database, raw: bytes) -> None:
    app, mailbox = opened(database), MemoryMailbox()
    mailbox.put(raw)
    mailbox.put(thanks(0))
    assert Intake(app, mailbox).once().processed == 2
    assert senders(app)[1] == PEOPLE[0]
    with database.reading() as session:
        assert content_of(session, 1) == raw


def test_a_mail_that_has_ended_the_program_three_times_is_not_read_again(sqlite: Database) -> None:
    app, mailbox = opened(sqlite), MemoryMailbox()
    with sqlite.changing() as session:
        inbound.stored(session, thanks(0))
        inbound.stored(session, thanks(1))
        first = session.exec(select(InboundMail)).first()
        assert first is not None
        first.attempts = 3
        session.add(first)
    Intake(app, mailbox).once()
    given_up, other = replies(app)
    assert given_up.state is ReplyState.WAITING
    assert "has stopped the program" in given_up.note
    assert other.rule != given_up.rule


def test_the_worker_takes_in_answers_and_answers_them_while_it_runs(sqlite: Database) -> None:
    clock, mailbox = TurnedClock(), MemoryMailbox()
    house = make.house(sqlite)
    transport = RecordingTransport(clock)
    with sqlite.changing() as session:
        person = make.contact(session, house, PEOPLE[0])
        make.launched(session, house)
        digest = person.address_digest
    app = Outreach(Path(), house, sqlite, transport, clock, mailbox)
    asyncio.run(work(app, until_idle=True))
    with sqlite.reading() as session:
        (invitation,) = make.messages(session)
    mailbox.put(written(PEOPLE[0], "Please unsubscribe me.", to=inbound.answer_to(invitation, house)))
    asyncio.run(work(app, until_idle=True))
    assert [one.envelope.recipient for one in transport.sent] == [PEOPLE[0], PEOPLE[0]]
    assert b"Auto-Submitted: auto-replied\r\n" in transport.sent[1].envelope.content
    with sqlite.reading() as session:
        assert [one.address_digest for one in session.exec(select(Suppression))] == [digest]


def test_the_worker_reads_the_mailbox_until_it_is_stopped(sqlite: Database) -> None:
    clock, mailbox = TurnedClock(), MemoryMailbox()
    transport = RecordingTransport(clock)
    app = Outreach(Path(), make.house(sqlite), sqlite, transport, clock, mailbox)
    with sqlite.changing() as session:
        make.contact(session, app.house, PEOPLE[0])

    async def run() -> None:
        engines: list[Engine] = []
        working = asyncio.create_task(work(app, started=engines.append))
        mailbox.put(written(PEOPLE[0], "Unsubscribe"))
        while not transport.sent:  # noqa: ASYNC110  a fake tells of nothing
            await asyncio.sleep(0.01)
        engines[0].stop()
        await working

    asyncio.run(asyncio.wait_for(run(), 20))
    assert [one.envelope.recipient for one in transport.sent] == PEOPLE[:1]
    assert senders(app) == PEOPLE[:1]


MAILS = 60
KILLS = 10


@pytest.mark.shows("F4")
def test_killed_again_and_again_every_mail_is_processed_exactly_once(tmp_path: Path, box: Box) -> None:
    """Real processes of the real command, killed wherever they are: while fetching, storing, acting, moving."""
    folder = tmp_path / "workspace"
    make_workspace(folder)
    environment = _configure(folder, box)
    app = open_workspace(folder)
    with app.database.changing() as session:
        people = [make.contact(session, app.house, f"idris{number}@harbour.coop") for number in range(MAILS)]
    for number, person in enumerate(people):
        said = "Please remove me from your list." if number % 2 else f"Thank you, says number {number}."
        box.deliver(written(person.address, said).replace(b"\n", b"\r\n"))
    chance, killed = random.Random(1), list[tuple[int, ...]]()  # noqa: S311  no secret
    log = tmp_path / "fetched.log"
    while len(killed) < KILLS and not _all_moved(app):
        running = fetch(str(folder), environment, str(log))
        _wait_for_work(app, running)
        time.sleep(chance.uniform(0.0, 0.12))
        running.kill()
        if ended(running) == -signal.SIGKILL:
            killed.append(_progress(app))
    assert ended(fetch(str(folder), environment, str(log))) == 0, log.read_text(encoding="utf-8")
    assert len(set(killed)) > 2, killed  # it was killed at different stages
    with app.database.reading() as session:
        assert len(session.exec(select(InboundMail)).all()) == MAILS
        assert len(session.exec(select(Reply)).all()) == MAILS
        lines = session.exec(select(LogLine).where(LogLine.verb == "take_in_reply")).all()
        assert len(lines) == MAILS
        opted_out = session.exec(select(Reply).where(Reply.kind == ReplyKind.OPT_OUT)).all()
        assert len(opted_out) == MAILS // 2
        assert len(session.exec(select(Suppression)).all()) == MAILS // 2
        assert len(make.messages(session, Message.kind == MessageKind.OPTED_OUT)) == MAILS // 2
    assert list(_numbers(box, "INBOX")) == []
    assert len(list(_numbers(box, "Taken in"))) == MAILS


def _configure(folder: Path, box: Box) -> dict[str, str]:
    """The sample workspace, with this mailbox."""
    settings = {"MAILBOX__PROCESSED_FOLDER": "Taken in"}
    if isinstance(box, DovecotBox):
        settings |= {
            "MAILBOX__KIND": "imap",
            "MAILBOX__HOST": "localhost",
            "MAILBOX__PORT": str(box.stack.imap_port),
            "MAILBOX__SECURITY": "starttls",
            "MAILBOX__USERNAME": box.username,
            "MAILBOX__PASSWORD": "secret",
            "MAILBOX__CA_FILE": str(box.stack.ca_file),
        }
    elif isinstance(box, MaildirBox):
        settings |= {"MAILBOX__KIND": "maildir", "MAILBOX__PATH": str(box.path)}
    return {f"OUTREACH_{name}": value for name, value in settings.items()}


def _wait_for_work(app: Outreach, running: ForkServerProcess) -> None:
    """Until the process has begun to store or to act, so that it is killed at it and not before."""
    before = _progress(app)
    while running.exitcode is None and _progress(app) == before:
        Event().wait(0.005)


def _progress(app: Outreach) -> tuple[int, ...]:
    with app.database.reading() as session:
        return _count(session, InboundMail), _count(session, Reply), _moved(session)


def _count(session: Session, table: type) -> int:
    return len(session.exec(select(table.id)).all())  # type: ignore[attr-defined]


def _moved(session: Session) -> int:
    return sum(place.moved_at is not None for place in session.exec(select(InboundPlace)))


def _all_moved(app: Outreach) -> bool:
    with app.database.reading() as session:
        places = session.exec(select(InboundPlace)).all()
    return len(places) == MAILS and all(place.moved_at for place in places)
