"""The intake goes on whatever fails around it, asks the mailbox no more than it must, and blames no mail for it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlmodel import select

from outreach.adapters.imap_session import ImapSession
from outreach.bootstrap import Outreach
from outreach.domain.errors import Busy, InvalidInput
from outreach.domain.replies import ReplyKind
from outreach.ports.mailbox import Arrival, MailboxTrouble
from outreach.store.database import Database
from outreach.store.ownership import taking_in
from outreach.store.tables import InboundMail, Reply
from outreach.worker import intake as module
from outreach.worker.intake import LOOKED_UP, Intake
from tests import make
from tests.inbound import MemoryMailbox, written
from tests.make import TurnedClock
from tests.parts.boxes import DovecotBox
from tests.parts.mailstack import MailStack
from tests.stage import RecordingTransport, stage

STAFF: dict[str, object] = {"addresses": "rosa@lanterncoast.coop"}


def opened(database: Database, **sections: dict[str, object]) -> Outreach:
    clock = TurnedClock()
    return stage(database, make.house(database, **sections), clock, RecordingTransport(clock))


def replies(app: Outreach) -> list[Reply]:
    with app.database.reading() as session:
        return list(session.exec(select(Reply).order_by(Reply.id)))  # type: ignore[arg-type]


def opting_out(name: str = "idris") -> bytes:
    return written(f"{name}@harbourlight.coop", "Please unsubscribe me.")


def failing(monkeypatch: pytest.MonkeyPatch, name: str, problem: Exception, times: int) -> None:
    """What the intake calls by that name fails so often, as the database would make it fail."""
    really, left = getattr(module, name), [times]

    def fails(*args: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise problem
        return really(*args, **more)

    monkeypatch.setattr(module, name, fails)


@dataclass
class Unsteady(MemoryMailbox):
    """A mailbox that lets nobody in the first times, and hangs up at every wait."""

    refusals: int = 0
    hangs_up: bool = False

    @contextmanager
    def open(self) -> Iterator[MemoryMailbox]:
        self.opened += 1
        if self.opened <= self.refusals:
            raise MailboxTrouble("The server refused the log-in.", needs_person=True)
        yield self

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:  # noqa: ARG002  it never waits
        if self.hangs_up:
            raise MailboxTrouble("It closed the connection.", needs_person=False)


def test_it_goes_on_when_staff_cannot_be_told_of_its_trouble(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "tell_staff", Busy("The database is busy."), times=1)
    app, mailbox = opened(sqlite, staff=STAFF), Unsteady(refusals=1)
    mailbox.put(opting_out())
    Intake(app, mailbox).run(lambda: len(replies(app)) > 0, lambda _: None)
    assert [one.kind for one in replies(app)] == [ReplyKind.OPT_OUT]


def test_a_mailbox_that_hangs_up_now_and_then_is_opened_again_soon_every_time(sqlite: Database) -> None:
    rests: list[float] = []
    Intake(opened(sqlite), Unsteady(hangs_up=True)).run(lambda: len(rests) >= 9, rests.append)
    assert rests == [5.0] * 9


def test_no_mail_is_blamed_for_a_database_that_was_busy(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "process_mail", Busy("The database is busy."), times=9)
    app, mailbox = opened(sqlite), MemoryMailbox()
    mailbox.put(opting_out())
    rests: list[float] = []
    Intake(app, mailbox).run(lambda: len(replies(app)) > 0 or len(rests) > 10, rests.append)
    assert [(one.kind, one.note) for one in replies(app)] == [(ReplyKind.OPT_OUT, "")]


def test_a_mail_in_which_something_is_impossible_keeps_no_other_waiting(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "process_mail", InvalidInput("This is no address."), times=9)
    app, mailbox = opened(sqlite), MemoryMailbox()
    mailbox.put(opting_out())
    mailbox.put(opting_out("ana"))
    for _ in range(2):
        Intake(app, mailbox).once()
    first, second = replies(app)
    assert "could not be processed" in first.note
    assert second.inbound_id == 2


@dataclass
class Withholding(MemoryMailbox):
    """A mailbox that never gives out its first mail, and says so when it has given the others."""

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        yield from super().fetch(folder, [one for one in numbers if one != "1"], largest=largest)
        if "1" in numbers:
            raise MailboxTrouble("The server does not give out mail 1.", needs_person=True)


def test_a_mail_that_the_server_never_gives_out_stops_none_of_the_many_after_it(sqlite: Database) -> None:
    app, mailbox = opened(sqlite), Withholding()
    for number in range(LOOKED_UP + 20):
        mailbox.put(f"From: idris{number}@harbourlight.coop\n\nHello.".encode())
    for _ in range(3):
        with pytest.raises(MailboxTrouble):
            Intake(app, mailbox).once()
    with sqlite.reading() as session:
        assert len(session.exec(select(InboundMail)).all()) == LOOKED_UP + 19


@dataclass
class Endless(MemoryMailbox):
    """A mailbox in which lies more than anybody wants to wait for."""

    asked: list[str] = field(default_factory=list)

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        for number in numbers:
            self.asked.append(number)
            yield from super().fetch(folder, [number], largest=largest)


def test_who_is_told_to_stop_does_not_take_in_the_whole_mailbox_first(sqlite: Database) -> None:
    app, mailbox = opened(sqlite), Endless()
    for number in range(200):
        mailbox.put(f"From: idris{number}@harbourlight.coop\n\nHello.".encode())
    Intake(app, mailbox).run(lambda: len(mailbox.asked) > 0, lambda _: None)
    assert 0 < len(mailbox.asked) < 200
    Intake(app, mailbox).once()
    assert len(replies(app)) == 200


def test_an_empty_mailbox_from_which_mail_would_be_moved_is_waited_for_and_not_asked_without_end(
    sqlite: Database, mailstack: MailStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, really, stop = list[float](), ImapSession.wait, Event()

    def wait(self: ImapSession, seconds: float, stopped: Callable[[], bool]) -> None:
        waits.append(seconds)
        if len(waits) > 1:
            stop.set()
        really(self, 2.0, stopped)

    monkeypatch.setattr(ImapSession, "wait", wait)
    box = DovecotBox(mailstack)
    app = opened(sqlite, mailbox={"processed_folder": "Taken in"})
    intake = Thread(target=Intake(app, box.mailbox()).run, args=(stop.is_set, stop.wait))
    intake.start()
    assert not stop.wait(1.5)
    stop.set()
    intake.join()
    assert len(waits) == 1


def test_of_several_workers_one_takes_in_and_another_follows_it(database: Database, tmp_path: Path) -> None:
    app, mailbox = opened(database), MemoryMailbox()
    mailbox.put(opting_out())
    rests: list[float] = []
    with taking_in(database) as mine, taking_in(database) as others:
        assert (mine, others) == (True, database.is_sqlite)
        if not database.is_sqlite:
            Intake(app, mailbox).run(lambda: len(rests) > 1, rests.append)
            assert (rests, mailbox.opened) == ([30.0, 30.0], 0)
    Intake(app, mailbox).run(lambda: len(replies(app)) > 0, rests.append)
    assert mailbox.opened == 1
