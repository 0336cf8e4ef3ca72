"""A server far away: a proxy that delays what passes it, each way, and limits nothing else.

``python -m speed.distance '{"port": PORT, "milliseconds": 10}'`` prints its own port.
"""

import asyncio
import contextlib
import json
import socket
import sys
from collections import deque
from typing import cast


class Leg(asyncio.Protocol):
    """One side of a connection: what comes in here goes out on the other side, later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._on_the_way: deque[tuple[float, bytes]] = deque()
        self._transport: asyncio.Transport
        self.other: Leg | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Small pieces go at once (Nagle's algorithm would wait for answers that are delayed)."""
        self._transport = cast("asyncio.Transport", transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Set it on its way."""
        self._depart(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The end arrives later, too."""
        del exc
        self._depart(b"")

    def _depart(self, data: bytes) -> None:
        at = self._loop.time() + self._seconds
        self._on_the_way.append((at, data))
        if len(self._on_the_way) == 1:
            self._loop.call_at(at, self._arrive)

    def _arrive(self) -> None:
        """In the order of departure, whatever the timers say."""
        now = self._loop.time()
        while self._on_the_way and self._on_the_way[0][0] <= now:
            _, data = self._on_the_way.popleft()
            if self.other is None:
                continue
            if data:
                self.other._transport.write(data)  # noqa: SLF001  its other half
            else:
                self.other._transport.close()  # noqa: SLF001
        if self._on_the_way:
            self._loop.call_at(self._on_the_way[0][0], self._arrive)


class Near(Leg):
    """The client's side: it opens the other one."""

    def __init__(self, seconds: float, port: int) -> None:
        super().__init__(seconds)
        self._port = port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing is read before there is somebody to pass it to."""
        super().connection_made(transport)
        self._transport.pause_reading()
        self._opening = self._loop.create_task(self._open())

    async def _open(self) -> None:
        _, far = await self._loop.create_connection(lambda: Leg(self._seconds), "127.0.0.1", self._port)
        self.other, far.other = far, self
        self._transport.resume_reading()


async def _serve(port: int, milliseconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Near(milliseconds / 1000, port), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(**json.loads(sys.argv[1])))
