"""An SMTP server that does exactly what a script says, to the wire, so that every fault can be met in a test.

Inside a coroutine, or in a thread of its own for code that is not asynchronous or runs in another process:

    async with ScriptedServer() as server: ...            # 127.0.0.1, server.port
    with serving(on={"RCPT": Greylist()}) as server: ...

Without a script it takes every mail. ``on`` maps a verb (GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY,
DOT, RSET, QUIT) to what happens instead of the usual answer:

    "451 4.7.1 later"        that reply (CR LF is added; after a 421 the server closes, as servers do)
    b"25 what?\\r\\n"        those bytes, as they are
    Drop() / Reset()         the connection ends, orderly or with a TCP reset, without a reply
    Hang()                   silence, until the client or the test ends
    Drip("250 ok", 0.1)      the reply byte by byte, so many seconds apart
    Cut(b"250-half")         those bytes, then the connection ends
    Flood(b"250-more\\r\\n") these bytes over and over until the client leaves
    Taken(Drop())            only at DOT: the mail is accepted first, then that happens
    After(1000, Reset())     only at BODY: so many bytes of the text are read, then that happens
    InTurn("451 no", None)   each time the next one; None, and when they are used up: the usual answer
    Greylist()               only at RCPT: refused at first, taken when the same pair comes back
    ByRecipient({...})       only at RCPT: by address or domain
    any function of Dialogue that returns one of the above, or None for the usual answer

What was accepted stands in ``server.accepted`` before the answer leaves; every line heard in ``server.heard``.
``server.wait_for("DOT")`` blocks until that verb was heard (in a coroutine: ``await asyncio.to_thread(...)``).
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Self

from tests.parts.answers import (
    After,
    Answer,
    ByRecipient,
    Cut,
    Dialogue,
    Drip,
    Drop,
    Flood,
    Greylist,
    Handler,
    Hang,
    Heard,
    InTurn,
    Mail,
    Reset,
    Taken,
)
from tests.parts.connection import Connection, EndedError
from tests.parts.threads import in_a_thread

__all__ = [
    "After",
    "Answer",
    "ByRecipient",
    "Cut",
    "Dialogue",
    "Drip",
    "Drop",
    "Flood",
    "Greylist",
    "Handler",
    "Hang",
    "Heard",
    "InTurn",
    "Mail",
    "Reset",
    "ScriptedServer",
    "Taken",
    "serving",
]

HOST = "127.0.0.1"
OFFERS = ("SIZE 33554432", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN XOAUTH2")


class ScriptedServer:
    """See the module. ``logins`` are user and password; for XOAUTH2 the password is the token.

    ``tls`` is offered as STARTTLS, or spoken from the first byte with ``implicit_tls``.
    """

    def __init__(
        self,
        on: Mapping[str, Answer | Handler] | None = None,
        *,
        offers: tuple[str, ...] = OFFERS,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        logins: Mapping[str, str] | None = None,
    ) -> None:
        self.on, self.offers, self.tls = dict(on or {}), offers, tls
        self.implicit_tls, self.logins = implicit_tls, dict(logins or {"user": "secret"})
        self.accepted: list[Mail] = []
        self.heard: list[Heard] = []
        self.connections = 0
        self.port = 0
        self._news = threading.Condition()
        self._open: dict[asyncio.Task[None], Connection] = {}

    async def __aenter__(self) -> Self:
        at_once = self.tls if self.implicit_tls else None
        self._server = await asyncio.start_server(self._meet, HOST, 0, ssl=at_once, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._server.close()
        tasks = list(self._open)
        for task, connection in list(self._open.items()):
            connection.end()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # one turn of the loop, in which the system lets go of the sockets

    def hang_up(self) -> None:
        """Close every connection from the server's side, as for idleness."""
        for connection in list(self._open.values()):
            connection.end()

    def verbs(self, connection: int | None = None) -> list[str]:
        """The verbs heard, in order, on one connection or on all."""
        return [each.verb for each in self.heard if connection in (None, each.connection)]

    def wait_for(self, verb: str, times: int = 1, seconds: float = 20) -> None:
        """Block until ``verb`` was heard so often; TimeoutError if that does not happen."""
        with self._news:
            if not self._news.wait_for(lambda: self.verbs().count(verb) >= times, seconds):
                raise TimeoutError(f"{verb} was heard {self.verbs().count(verb)} times, not {times}")

    def note(self, heard: Heard) -> None:
        """Remember a line and wake whoever waits for it."""
        with self._news:
            self.heard.append(heard)
            self._news.notify_all()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = Connection(self, self.connections, reader, writer)
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = connection
        try:
            # A client that leaves is no fault of the server's.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError, EndedError):
                await connection.converse()
        finally:
            connection.end()
            del self._open[task]


@contextlib.contextmanager
def serving(on: Mapping[str, Answer | Handler] | None = None, **settings: object) -> Iterator[ScriptedServer]:
    """A ScriptedServer in a thread with an event loop of its own, for as long as the block lasts."""
    server = ScriptedServer(on, **settings)  # type: ignore[arg-type]
    with in_a_thread(server):
        yield server
