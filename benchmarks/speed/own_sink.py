"""An SMTP server that takes everything, in the clear or over TLS: smtp-sink, which does the same, speaks no TLS.

``python -m speed.own_sink '{"chain": FILE, "key": FILE, "keep": FOLDER}'`` prints its port; "" leaves each out.
"""

import asyncio
import itertools
import json
import ssl
import sys
from pathlib import Path
from typing import cast

import uvloop

END = b"\r\n.\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"
REPLIES = {
    b"EHLO": HELLO,
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
}
OK = b"250 2.0.0 ok\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, keep: str, numbers: "itertools.count[int]") -> None:
        self._keep, self._numbers = keep, numbers
        self._buffer, self._looked_at, self._in_data = bytearray(), 0, False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer all that is complete, at once."""
        self._buffer += data
        replies = []
        while (reply := self._body() if self._in_data else self._line()) is not None:
            replies.append(reply)
        if replies:
            self._transport.write(b"".join(replies))
            if replies[-1] == REPLIES[b"QUIT"]:
                self._transport.close()

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return None
        verb = bytes(self._buffer[:4]).upper()
        del self._buffer[: end + 2]
        self._in_data = verb == b"DATA"
        return REPLIES.get(verb, OK)

    def _body(self) -> bytes | None:
        end = self._buffer.find(END, self._looked_at)
        if end < 0:
            self._looked_at = max(0, len(self._buffer) - len(END))
            return None
        if self._keep:
            Path(self._keep, f"{next(self._numbers)}.eml").write_bytes(self._buffer[: end + 2])
        del self._buffer[: end + len(END)]
        self._looked_at, self._in_data = 0, False
        return OK


async def _serve(chain: str, key: str, keep: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if chain else None
    if context:
        context.load_cert_chain(chain, key)
    numbers = itertools.count()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(keep, numbers), "127.0.0.1", 0, ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(**json.loads(sys.argv[1])))
