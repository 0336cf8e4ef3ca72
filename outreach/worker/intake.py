"""The intake: stores what arrives, then tells the server, then reads it and does what follows, mail by mail."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from outreach.bootstrap import Outreach
from outreach.domain.errors import InvalidInput, Refusal
from outreach.ports.mailbox import Arrival, Mailbox, MailboxSession, MailboxTrouble
from outreach.reading.understanding import Heard, hear
from outreach.store import inbound
from outreach.store.chunks import in_chunks
from outreach.store.inbound import Waiting
from outreach.store.ownership import taking_in
from outreach.store.remembered import MAILBOX_READ, remember
from outreach.usecases.process_mail import process_mail, set_aside
from outreach.usecases.tell_staff import tell_staff
from outreach.worker.trouble import described

STORED_TOGETHER = 50
STORED_BYTES = 4_000_000
LOOKED_UP = 500
A_MINUTE = timedelta(minutes=1)
FIRST_REST, LONGEST_REST = 5.0, 600.0
STANDBY_REST = 30.0
"""How often a worker looks whether the one that takes in is gone."""

log = structlog.get_logger(__name__)

Folders = Sequence[tuple[str, str]]
"""The folders that are read, each with its incarnation."""


def never() -> bool:
    """Nobody stops it."""
    return False


@dataclass(frozen=True, slots=True)
class Taken:
    """How many mails were stored for the first time, and how many were processed."""

    stored: int = 0
    processed: int = 0


class Intake:
    """Takes in a mailbox, once or for ever. ``on_change`` is called when something may have to be submitted."""

    def __init__(self, app: Outreach, mailbox: Mailbox, on_change: Callable[[], object] = lambda: None) -> None:
        self._app = app
        self._mailbox = mailbox
        self._on_change = on_change
        self._rest = FIRST_REST
        self._noted: datetime | None = None

    def once(self) -> Taken:
        """Take in all that lies there now. Raises MailboxTrouble when the mailbox cannot be read."""
        processed = self._process()  # what a stop had left behind
        with self._mailbox.open() as session:
            folders = session.folders()
            stored = self._take_in(session, folders)
            self._note_read()
            processed += self._process()
            self._move(session, folders)
        return Taken(stored, processed)

    def run(self, stopped: Callable[[], bool], rest: Callable[[float], object]) -> None:
        """Take in whatever arrives until ``stopped``; ``rest`` waits for so many seconds, or until stopped.

        A mailbox that cannot be read is tried again, ever more rarely; staff hear of what only a person can mend.
        Of several workers one takes in; another takes its place when it is gone.
        """
        while not stopped():
            with self._whatever_happens():
                try:
                    with taking_in(self._app.database) as mine:
                        if mine:
                            self._listen(stopped)
                        else:
                            self._rest = STANDBY_REST
                except Refusal as trouble:
                    log.warning("the mailbox cannot be read", why=described(trouble))
                    self._tell_staff(trouble)
            if not stopped():
                rest(self._rest)
                self._rest = min(2 * self._rest, LONGEST_REST)

    @contextmanager
    def _whatever_happens(self) -> Iterator[None]:
        """Whatever it was, the next attempt may go better: the intake must not end while the worker goes on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  as it says
            log.error("the intake failed, and begins anew", why=described(error))  # noqa: TRY400  no traceback: it may quote names

    def _listen(self, stopped: Callable[[], bool]) -> None:
        self._process(stopped)
        with self._mailbox.open() as session:
            log.info("the mailbox is open")
            while not stopped():
                folders = session.folders()
                self._take_in(session, folders, stopped)
                self._note_read()
                self._process(stopped)
                self._move(session, folders)
                self._rest = FIRST_REST  # what went well once is tried again soon
                session.wait(self._app.house.settings.mailbox.poll_seconds, stopped)

    def _take_in(self, session: MailboxSession, folders: Folders, stopped: Callable[[], bool] = never) -> int:
        return sum(self._take_in_folder(session, *each, stopped) for each in folders)

    def _take_in_folder(
        self, session: MailboxSession, folder: str, incarnation: str, stopped: Callable[[], bool]
    ) -> int:
        """Store what came since the cursor; it moves on only over what is safely stored."""
        database, stored = self._app.database, 0
        with database.reading() as reading:
            after = inbound.cursor(reading, folder, incarnation)
        numbers = session.numbers(folder, after=after)
        largest = self._app.house.settings.mailbox.largest_megabytes * 1_000_000
        # A mail that the server does not give out is tried with each of the others that are new, and stops none.
        for fresh in in_chunks(self._fresh(folder, incarnation, numbers), LOOKED_UP):
            for together in _bearable(session.fetch(folder, fresh, largest=largest)):
                with database.changing() as changing:
                    stored += inbound.take_in(changing, together, now=self._app.clock.now())
                if stopped():
                    return stored
            self._advance(folder, incarnation, fresh[-1])
        if numbers and numbers[-1] != after:
            self._advance(folder, incarnation, numbers[-1])
        return stored

    def _note_read(self) -> None:
        """Remember that the mailbox could be read, to the minute: so old is what we know of it."""
        now = self._app.clock.now()
        if self._noted is None or now - self._noted >= A_MINUTE:
            with self._app.database.changing() as session:
                remember(session, MAILBOX_READ, now.isoformat())
            self._noted = now

    def _fresh(self, folder: str, incarnation: str, numbers: Sequence[str]) -> Iterator[str]:
        """Those of the numbers under which nothing is stored yet."""
        for some in in_chunks(numbers, LOOKED_UP):
            with self._app.database.reading() as reading:
                known = inbound.known_numbers(reading, folder, incarnation, some)
            yield from (number for number in some if number not in known)

    def _advance(self, folder: str, incarnation: str, number: str) -> None:
        with self._app.database.changing() as changing:
            inbound.set_cursor(changing, folder, incarnation, number)

    def _process(self, stopped: Callable[[], bool] = never) -> int:
        """Read what is stored and do what follows, oldest first; how many mails."""
        processed = 0
        while not stopped():
            with self._app.database.changing() as session:
                waiting = inbound.set_out(session)
            if not waiting:
                break
            # Reading strangers' mail may take a while: nobody waits for the database meanwhile.
            heard = [hear(one.content, whole=one.whole, given_up=one.given_up) for one in waiting]
            processed += self._act(waiting, heard)
            self._on_change()
        return processed

    def _act(self, waiting: Sequence[Waiting], heard: Sequence[Heard]) -> int:
        """All of them in one transaction; if one of them breaks it, each by itself; how many were processed."""
        try:
            return self._act_together(waiting, heard)
        except Exception as error:
            if isinstance(error, Refusal) and not isinstance(error, InvalidInput):
                self._put_back(waiting)  # it is the database that cannot now, and no fault of theirs
                raise
            if len(waiting) > 1:
                return sum(self._act([one], [its]) for one, its in zip(waiting, heard, strict=True))
            log.error("a mail could not be processed", mail=waiting[0].id, why=described(error))  # noqa: TRY400  as above
        if not waiting[0].given_up:
            return 0
        with self._app.database.changing() as session:
            set_aside(session, waiting[0], now=self._app.clock.now())
        return 1

    def _put_back(self, waiting: Sequence[Waiting]) -> None:
        with suppress(Refusal), self._app.database.changing() as session:
            inbound.put_back(session, [one.id for one in waiting])

    def _act_together(self, waiting: Sequence[Waiting], heard: Sequence[Heard]) -> int:
        now, processed = self._app.clock.now(), 0
        with self._app.database.changing() as session:
            for one, understood in zip(waiting, heard, strict=True):
                reply = process_mail(session, one, understood, now=now, house=self._app.house)
                processed += reply is not None
        return processed

    def _move(self, session: MailboxSession, folders: Folders) -> None:
        """Move what has been processed, if the operator wants that; what a stop left behind too."""
        target = self._app.house.settings.mailbox.processed_folder
        if not target:
            return
        database = self._app.database
        for folder, incarnation in folders:
            while True:
                with database.reading() as reading:
                    numbers = inbound.to_move(reading, folder, incarnation, STORED_TOGETHER)
                if not numbers:
                    break
                session.move(folder, numbers, target)
                with database.changing() as changing:
                    inbound.moved(changing, folder, incarnation, numbers, now=self._app.clock.now())

    def _tell_staff(self, trouble: Refusal) -> None:
        if not getattr(trouble, "needs_person", False):
            return
        now = self._app.clock.now()
        what = "The mailbox cannot be read: answers and bounces are not taken in."
        with self._app.database.changing() as session:
            about = f"mailbox:{now.date()}"
            tell_staff(session, what, "outreach replies fetch", about=about, now=now, house=self._app.house)
        self._on_change()


def _bearable(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """The mails in lists that fit into memory. If fetching breaks off, those that came are still stored."""
    together: list[Arrival] = []
    trouble: MailboxTrouble | None = None
    source = iter(arrivals)
    while trouble is None:
        try:
            arrival = next(source, None)
        except MailboxTrouble as broken:
            trouble = broken
            break
        if arrival is None:
            break
        together.append(arrival)
        if len(together) >= STORED_TOGETHER or sum(len(one.content) for one in together) >= STORED_BYTES:
            yield together
            together = []
    if together:
        yield together
    if trouble is not None:
        raise trouble
