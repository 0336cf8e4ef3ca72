"""A real Postfix behind a slow line, which can be asked afterwards what it has taken."""

import asyncio
import contextlib
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from tests.parts.mailstack import MailStack
from tests.parts.threads import in_a_thread

QUEUED = b": queued as "
"""Postfix's answer to the final dot of a mail that it has taken."""


class Relay:
    """Postfix, as its clients see it on 127.0.0.1, ``port``: every answer comes up to ``longest`` seconds late.

    So a kill meets a worker between the moment in which its mail is taken and the one in which it hears of that.
    """

    def __init__(self, stack: MailStack, *, longest: float, seed: int) -> None:
        self.longest = longest
        self.port = 0
        self.taken = 0
        self.open = 0
        self._stack = stack
        self._random = random.Random(seed)  # noqa: S311  spreads waits
        self._before = Counter[str]()
        self._before = self.so_far()

    def arrived(self) -> Counter[str]:
        """How many copies each address got, once all that was taken is delivered."""
        self._stack.wait_until(lambda: not self._stack.queued().strip(), "Postfix's queue to be empty", 60)
        return self.so_far()

    def so_far(self) -> Counter[str]:
        """How many copies have been delivered to each address until now."""
        mails = self._stack.maildirs.glob("*.harbour.example/new/*")
        return Counter(mail.parent.parent.name for mail in mails) - self._before

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            with contextlib.suppress(OSError):
                answers, commands = await asyncio.open_connection("127.0.0.1", self._stack.smtp_port)
                back = asyncio.create_task(self._answer(answers, writer))
                with contextlib.suppress(OSError):
                    while piece := await reader.read(65536):
                        commands.write(piece)
                        await commands.drain()
                back.cancel()
                commands.close()
        finally:
            self.open -= 1
            writer.transport.abort()

    async def _answer(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await answers.read(65536):
            self.taken += piece.count(QUEUED)
            await asyncio.sleep(self._random.random() * self.longest)
            writer.write(piece)
        writer.close()


@contextlib.contextmanager
def relaying(stack: MailStack, *, longest: float, seed: int) -> Iterator[Relay]:
    """A Relay in a thread of its own, for as long as the block lasts."""
    relay = Relay(stack, longest=longest, seed=seed)
    with in_a_thread(relay.served()):
        yield relay


def logged_by(stack: MailStack) -> dict[str, Mapping[str, Any]]:
    """The settings of whoever may read Postfix's log."""
    return {"mail": {"relay_log": str(stack.folder / "data" / "maillog")}}


def kept_in(stack: MailStack) -> dict[str, Mapping[str, Any]]:
    """The settings of whoever may read by IMAP the folder in which the provider keeps what it took."""
    home = stack.maildirs / "sent@kept.example"
    for kind in ("cur", "new", "tmp"):
        (home / ".Answers" / kind).mkdir(parents=True, exist_ok=True)
    for path in (home, *home.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")
    account = {"username": home.name, "password": "secret", "ca_file": str(stack.ca_file)}
    where = {"host": "localhost", "port": stack.imap_port, "security": "starttls"}
    return {
        "mail": {"sent_folder": "INBOX"},
        "mailbox": {"kind": "imap", "folders": "Answers", **where, **account},
    }
