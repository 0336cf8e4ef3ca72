"""Sets the demo's stage: a workspace of its own, a mail server, the public pages, the people."""

import mailbox
import threading
from asyncio import Event, create_task, new_event_loop, sleep
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from sqlmodel import Session, select

from outreach.adapters.call_files import read_call
from outreach.adapters.contact_files import read_contacts
from outreach.adapters.house_texts import read_announcements, read_answers, read_house_texts
from outreach.adapters.maildir import MaildirMailbox
from outreach.adapters.probes.disk import free_bytes
from outreach.adapters.probes.mailbox import look_at_mailbox
from outreach.adapters.probes.smtp import look_at_smtp
from outreach.adapters.probes.together import Probes
from outreach.adapters.sample import make_workspace
from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.config.loading import load_settings
from outreach.config.settings import Settings
from outreach.demo.cast import cast
from outreach.demo.clock import StoryClock
from outreach.demo.mailboxes import build_mailboxes
from outreach.demo.people import People
from outreach.demo.staff import DARNELL_AT, ROSA_AT, Staff, let_staff_in
from outreach.demo.world import World, free_port, serve_world
from outreach.domain.deadlines import WallClock
from outreach.store.database import open_database
from outreach.store.tables import Call, Message
from outreach.usecases.create_call import create_call
from outreach.usecases.import_contacts import import_contacts
from outreach.usecases.launch_call import Launched, launch_call
from outreach.web.serve import serve

BY = ROSA_AT
SIGNING_DAYS, RELEASE_DAYS = 45, 4


@dataclass
class Stage:
    """Everything the story needs, running."""

    app: Outreach
    clock: StoryClock
    world: World
    people: People
    call: Call
    launched: Launched
    launched_at: datetime
    base_url: str
    mailboxes_url: str
    staff: Staff
    doorbell: "Doorbell"

    @property
    def console_url(self) -> str:
        """Where staff log in."""
        return f"{self.base_url}/console"


@dataclass
class Doorbell:
    """Rung by the pages after mail was queued or a task asked for; ``wake`` is set by who is to hear it."""

    wake: Callable[[], object] = lambda: None

    def ring(self) -> None:
        """Wake whoever works."""
        self.wake()


@contextmanager
def staged(folder: Path, start: datetime) -> Iterator[Stage]:
    """A stage in ``folder``, with the call launched at ``start``; everything is ended afterwards."""
    make_workspace(folder)
    clock = StoryClock(start)
    world = World(folder / "mailboxes", clock, {})
    world.folder.mkdir()
    server = serve_world(world)
    try:
        app = _open(folder, clock, server.port)
        mailboxes_port, doorbell = free_port(), Doorbell()
        with (
            _in_a_thread(lambda ready, stop: serve(app, on_change=doorbell.ring, ready=ready, stop=stop)),
            _in_a_thread(lambda ready, stop: _serve_mailboxes(world, mailboxes_port, ready, stop)),
        ):
            staff = let_staff_in(app)
            call, launched = _launch(app, folder, clock)
            with app.database.reading() as session:
                world.people = cast(_invited(session))
            yield Stage(
                app=app,
                clock=clock,
                world=world,
                people=People(world),
                call=call,
                launched=launched,
                launched_at=start,
                base_url=app.house.settings.workspace.base_url,
                mailboxes_url=f"http://127.0.0.1:{mailboxes_port}",
                staff=staff,
                doorbell=doorbell,
            )
        app.database.close()
    finally:
        server.stop()


def _open(folder: Path, clock: StoryClock, smtp_port: int) -> Outreach:
    port = free_port()
    tables = load_settings(folder).model_dump()
    tables["workspace"] |= {"base_url": f"http://127.0.0.1:{port}", "second_person": True}
    tables["web"]["port"] = port
    tables["web"]["forms_per_minute"] = 100_000  # seven weeks of people, from one address, in a minute
    tables["mail"]["transport"] = "smtp"
    tables["staff"]["addresses"] = ROSA_AT
    tables["smtp"] |= {"host": "127.0.0.1", "port": smtp_port, "security": "none"}
    ours = folder / "mailboxes" / tables["sender"]["address"]
    tables["mailbox"] |= {"kind": "maildir", "path": f"mailboxes/{ours.name}"}
    settings = Settings.model_validate(tables)
    database = open_database(f"sqlite:///{folder / 'outreach.db'}")
    templates = folder / "templates"
    texts, posts = read_house_texts(templates / "email"), read_announcements(templates / "announcement")
    answers = read_answers(templates / "answers")
    house = House(settings, database.salt, database.link_key, texts, posts, answers)
    account = SmtpAccount("127.0.0.1", smtp_port, security="none", hello="localhost")
    mailbox.Maildir(ours)  # made now: it is read before the first mail comes
    box = MaildirMailbox(ours)
    probes = Probes(  # no DNS: nothing leaves this machine
        free_bytes=partial(free_bytes, folder),
        smtp=partial(look_at_smtp, account),
        mailbox=partial(look_at_mailbox, box, settings.mailbox.path),
    )
    return Outreach(folder, house, database, SmtpTransport(account), clock, box, lambda: probes)


async def _serve_mailboxes(world: World, port: int, ready: Callable[[], None], stop: Event) -> None:
    server = uvicorn.Server(uvicorn.Config(build_mailboxes(world), port=port, log_level="warning"))
    serving = create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn tells of its start in no other way
        await sleep(0.01)
    ready()
    await stop.wait()
    server.should_exit = True
    await serving


@contextmanager
def _in_a_thread(serving: Callable[[Callable[[], None], Event], Coroutine[Any, Any, None]]) -> Iterator[None]:
    """Pages served from a thread with an event loop of its own, until the end of the block."""
    loop, ready, stop = new_event_loop(), threading.Event(), Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serving(ready.set, stop)), daemon=True)
    thread.start()
    ready.wait(30)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def _launch(app: Outreach, folder: Path, clock: StoryClock) -> tuple[Call, Launched]:
    now = clock.now()
    file = read_call(folder / "templates/calls/safe-passage.toml", folder / "templates")
    deadline = _at_five(now + timedelta(days=SIGNING_DAYS), file.deadline.zone)
    release = WallClock(deadline.local + timedelta(days=RELEASE_DAYS, hours=-8), deadline.zone)
    people = read_contacts(folder / "contacts/contacts.csv")
    with app.database.changing() as session:
        import_contacts(session, people.rows, people.header, now=now, by=BY, house=app.house)
        call = create_call(
            session, replace(file, deadline=deadline, release=release), now=now, by=BY, house=app.house
        )
        return call, launch_call(session, call, now=now, by=BY, house=app.house, authorised_by=DARNELL_AT)


def _at_five(day: datetime, zone: str) -> WallClock:
    return WallClock(day.replace(hour=17, minute=0, second=0, microsecond=0, tzinfo=None), zone)


def _invited(session: Session) -> list[str]:
    return list(session.exec(select(Message.address)))


def story_start() -> datetime:
    """A Monday morning in Brussels, so that every performance tells the same story."""
    return datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
