"""A workspace as it runs, for stories in a browser: pages, worker, a mail server, a mailbox, a clock to turn."""

import asyncio
import mailbox
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from outreach.adapters.maildir import MaildirMailbox
from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.bootstrap import Outreach
from outreach.demo.clock import StoryClock
from outreach.demo.world import free_port
from outreach.store.database import Database
from outreach.web.serve import serve
from outreach.worker.engine import Engine
from outreach.worker.work import work
from tests import make
from tests.parts.servers import ScriptedServer, serving

CUT_SHORT = "htmx:sendError"
"""What htmx says of a request that was under way when its page was left: that is no fault of the page."""
PATIENCE = 20.0
"""Seconds until something that the worker does must have happened."""


@dataclass
class Theatre:
    """What a story needs at hand. ``strays`` and ``complaints`` must stay empty."""

    app: Outreach
    base: str
    clock: StoryClock
    server: ScriptedServer
    box: Path
    browser: Browser
    strays: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    engine: Engine | None = None
    _read: dict[str, int] = field(default_factory=dict)

    def page(self) -> Page:
        """A browser of somebody's own, in which nobody is logged in."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("request", self._watch)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "about:")):
            self.strays.append(request.url)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not said.text.startswith(CUT_SHORT):
            self.complaints.append(f"{said.text} {said.location.get('url', '')}")

    def next_mail(self, address: str) -> EmailMessage:
        """The next mail that somebody got; waits until it is there."""
        number, end = self._read.get(address, 0), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            got = [mail.content for mail in list(self.server.accepted) if address in mail.recipients]
            if len(got) > number:
                self._read[address] = number + 1
                return message_from_bytes(got[number], policy=policy.default)
            time.sleep(0.05)
        raise TimeoutError(f"no mail came to {address}")

    def answers(self, mail: EmailMessage, sender: str, words: str) -> None:
        """Whoever got the mail writes back."""
        answer = EmailMessage()
        answer["From"], answer["To"] = sender, str(mail["Reply-To"] or mail["From"])
        answer["Subject"], answer["In-Reply-To"] = f"Re: {mail['Subject']}", str(mail["Message-ID"])
        answer["Date"] = format_datetime(self.clock.now())
        answer["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
        answer.set_content(words)
        mailbox.Maildir(self.box).add(answer.as_bytes())

    def turn(self, by: timedelta) -> None:
        """So much later."""
        self.clock.turn_to(self.clock.now() + by)


def words_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(mail: EmailMessage, door: str) -> str:
    """The first link of a mail that leads to that door."""
    found = re.findall(rf"http://127\.0\.0\.1:\d+/{door}/[\w-]+", words_of(mail))
    assert found, words_of(mail)
    return str(found[0])


@contextmanager
def theatre(database: Database, folder: Path, browser: Browser) -> Iterator[Theatre]:
    """Everything running; at the end nothing has left this machine, and no page has complained."""
    port, box = free_port(), folder / "box"
    base = f"http://127.0.0.1:{port}"
    mailbox.Maildir(box)
    house = make.house(
        database,
        workspace={"base_url": base, "second_person": True},
        web={"port": port, "forms_per_minute": 1_000_000},
        schedule={"ring_seconds": 0.5},
        sender={"name": "Rosa Lindqvist"},
        mailbox={"kind": "maildir", "path": str(box)},
        console={"idle_hours": 168, "log_in_days": 90},
    )
    clock = StoryClock(make.NOON)
    clock.let_run()
    with serving() as server:
        account = SmtpAccount("127.0.0.1", server.port, security="none", hello="localhost")
        app = Outreach(make.ROOT, house, database, SmtpTransport(account), clock, MaildirMailbox(box))
        here = Theatre(app, base, clock, server, box, browser)
        expect.set_options(timeout=1000 * PATIENCE)
        try:
            with _running(here):
                yield here
        finally:
            expect.set_options(timeout=None)
    assert here.strays == [], here.strays
    assert here.complaints == [], here.complaints


@contextmanager
def _running(here: Theatre) -> Iterator[None]:
    """The pages and the worker, each in a thread of its own, as ``outreach web`` and ``outreach worker`` are."""
    pages, worker = asyncio.new_event_loop(), asyncio.new_event_loop()
    ready, at_work, stop = threading.Event(), threading.Event(), asyncio.Event()

    def wake() -> None:
        if here.engine is not None:
            worker.call_soon_threadsafe(here.engine.wake)

    def started(engine: Engine) -> None:
        here.engine = engine
        at_work.set()

    threads = [
        threading.Thread(
            target=lambda: pages.run_until_complete(serve(here.app, on_change=wake, ready=ready.set, stop=stop))
        ),
        threading.Thread(target=lambda: worker.run_until_complete(work(here.app, started=started))),
    ]
    for thread in threads:
        thread.start()
    assert ready.wait(PATIENCE)
    assert at_work.wait(PATIENCE)
    try:
        yield
    finally:
        pages.call_soon_threadsafe(stop.set)
        if here.engine is not None:
            worker.call_soon_threadsafe(here.engine.stop)
        for thread in threads:
            thread.join(PATIENCE)
        pages.close()
        worker.close()
