"""A mail server that has each acceptance on disk before it answers, and takes its time."""

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tests.parts.threads import in_a_thread

OFFERS = b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


class RecordingSink:
    """Takes every mail on 127.0.0.1, ``port``, several commands in one write as well (RFC 2920).

    Each acceptance is a line of ``file``, written and synced before its answer leaves. Before and after that a mail
    waits for a random time of up to ``longest`` seconds, so that a kill meets it at every point.
    """

    def __init__(self, file: Path, *, longest: float = 0.01, seed: int = 0) -> None:
        self.file, self.longest = file, longest
        self.port = 0
        self.taken = 0
        self.open = 0
        self._random = random.Random(seed)  # noqa: S311  spreads waits
        self._written = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def arrived(self) -> Counter[str]:
        """How many copies each address got, as the file says."""
        return Counter(self.file.read_text(encoding="ascii").split())

    def so_far(self) -> Counter[str]:
        """The same: here nothing is still on its way."""
        return self.arrived()

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
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._converse(reader, writer)
        finally:
            self.open -= 1
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink.example ESMTP\r\n")
        recipient = b""
        while line := await reader.readline():
            match line[:4].upper():
                case b"EHLO":
                    writer.write(OFFERS)
                case b"RCPT":
                    recipient = line.partition(b"<")[2].partition(b">")[0]
                    writer.write(b"250 2.1.5 ok\r\n")
                case b"DATA":
                    writer.write(b"354 go ahead\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    await self._wait()
                    self._record(recipient)
                    await self._wait()
                    writer.write(b"250 2.0.0 taken\r\n")
                case b"QUIT":
                    writer.write(b"221 2.0.0 bye\r\n")
                    return
                case _:
                    writer.write(b"250 2.0.0 ok\r\n")

    async def _wait(self) -> None:
        await asyncio.sleep(self._random.random() * self.longest)

    def _record(self, recipient: bytes) -> None:
        os.write(self._written, recipient + b"\n")
        os.fdatasync(self._written)
        self.taken += 1


@contextlib.contextmanager
def recording(file: Path, *, longest: float = 0.01, seed: int = 0) -> Iterator[RecordingSink]:
    """A RecordingSink in a thread of its own, for as long as the block lasts."""
    sink = RecordingSink(file, longest=longest, seed=seed)
    with in_a_thread(sink.served()):
        yield sink
