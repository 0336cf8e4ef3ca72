"""What the worker's tests share: people who are invited, a server to submit to, and how the outbox stands."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.config.house import House
from outreach.domain.outcomes import Accepted, NoSession, Outcome, Reply
from outreach.domain.states import MessageState
from outreach.ports.transport import Envelope, Hold, MailSession
from outreach.store.database import Database
from outreach.store.tables import Call, Message
from tests import make
from tests.parts.servers import ScriptedServer


def invite(
    database: Database, house: House, addresses: Iterable[str], *, now: datetime = make.NOON, **changes: object
) -> Call:
    """The sample call, launched to these addresses."""
    with database.changing() as session:
        for address in addresses:
            make.contact(session, house, address)
        return make.launched(session, house, now=now, **changes)[0]


def people(count: int, domain: str = "harbour.example") -> list[str]:
    """So many invented addresses."""
    return [f"member{number}@{domain}" for number in range(count)]


def to(server: ScriptedServer, **account: object) -> SmtpTransport:
    """Real SMTP to a server of the test's."""
    settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "hello": "localhost", **account}
    return SmtpTransport(SmtpAccount(**settings))  # type: ignore[arg-type]


def states(database: Database) -> dict[str, int]:
    """How many messages are in each state."""
    with database.reading() as session:
        return Counter(message.state.value for message in make.messages(session))


def rows(database: Database, *conditions: object) -> list[Message]:
    """The messages as they are now."""
    with database.reading() as session:
        return make.messages(session, *conditions)


def left_by_the_dead(session: Session, *ids: int) -> None:
    """These messages look as if a worker had died while it submitted them."""
    session.execute(
        sa.update(Message)
        .where(col(Message.id).in_(ids))
        .values(state=MessageState.SENDING, claimed_by="harbour:1:dead", claimed_at=make.NOON)
    )


async def until(met: Callable[[], bool]) -> None:
    """Come back when that is so; what is waited for works in other tasks and threads."""
    async with asyncio.timeout(20):
        while not met():  # noqa: ASYNC110  what it waits for tells nobody
            await asyncio.sleep(0.002)


@dataclass
class Gate:
    """A transport that holds every mail before it says that it was taken, until it is opened."""

    rehearsal: bool = False
    waiting: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    held_domain: str = ""
    """Only mails to this domain are held; empty: all."""

    async def open(self) -> MailSession | NoSession:
        return GateSession(self)

    async def has_waiting(self, count: int) -> None:
        """Come back when so many mails are held."""
        await until(lambda: len(self.waiting) >= count)

    async def has_taken(self, count: int) -> None:
        """Come back when so many mails were taken."""
        await until(lambda: len(self.taken) >= count)


@dataclass
class GateSession:
    """One session through a Gate."""

    gate: Gate
    usable: bool = True

    async def submit(self, envelope: Envelope, _hold: Hold | None = None) -> Outcome:
        gate = self.gate
        if envelope.recipient.endswith(gate.held_domain):
            gate.waiting.append(envelope.recipient)
            await gate.is_open.wait()
        gate.taken.append(envelope.recipient)
        return Accepted(Reply(250, "taken"))

    async def close(self) -> None:
        self.usable = False
