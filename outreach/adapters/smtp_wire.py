"""The line to one SMTP server: bytes out with back-pressure, replies in one at a time (RFC 5321, 4.2)."""

import asyncio
import re
import unicodedata

from outreach.domain.outcomes import Reply

REPLY_LIMIT = 32 * 1024
LINES_LIMIT = 128
TEXT_LIMIT = 500

# RFC 5321, 4.2: three digits, then a space, a hyphen (more lines follow) or nothing. UTF-8 text is let
# through (RFC 6531, 3.7.4); control characters other than the tab are not part of any reply.
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\x00-\x08\x0a-\x1f\x7f]*))?\r?\n")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d|\.\d)")


class NotAReplyError(Exception):
    """What came is no SMTP reply, so the two sides no longer agree on where they are."""


def clean(text: str) -> str:
    """``text`` on one line, without control and invisible format characters, at most 500 characters."""
    seen = "".join(" " if unicodedata.category(mark) in {"Cc", "Cf", "Cs"} else mark for mark in text)
    return " ".join(seen.split())[:TEXT_LIMIT]


def reply_of(code: int, text: str) -> Reply:
    """The reply as a value: code 0 if it is not between 200 and 599, the enhanced status taken from the text.

    The enhanced status (RFC 2034, RFC 3463) is the empty string when the text does not begin with one.
    """
    known = code if 200 <= code <= 599 else 0  # noqa: PLR2004  the replies of RFC 5321, 4.2.1
    cleaned = clean(text)
    status = _ENHANCED.match(cleaned)
    return Reply(known, cleaned, status[0] if status else "")


def take_reply(received: bytearray) -> Reply | None:
    """Take one whole reply off the front of ``received``; None while it is not complete.

    Raises NotAReplyError for anything that is not a reply, is too long, or has lines that disagree on the code.
    """
    start, texts, codes = 0, list[str](), set[int]()
    while (end := received.find(b"\n", start) + 1) and end <= REPLY_LIMIT and len(texts) < LINES_LIMIT:
        line = _LINE.fullmatch(received, start, end)
        if line is None:
            raise NotAReplyError("not an SMTP reply: " + received[start:end].decode("utf-8", "replace"))
        codes.add(int(line[1]))
        texts.append((line[3] or b"").decode("utf-8", "replace"))
        if len(codes) > 1:
            raise NotAReplyError("the lines of one reply carry different codes: " + " / ".join(texts))
        start = end
        if line[2] != b"-":
            del received[:end]
            return reply_of(codes.pop(), " ".join(texts))
    if len(received) > REPLY_LIMIT or len(texts) >= LINES_LIMIT:
        raise NotAReplyError("a reply without end")
    return None


class Wire(asyncio.Protocol):
    """Takes over an open transport. Bytes that nobody asked for are kept, so that they can be noticed."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._received = bytearray()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._lost = asyncio.Event()
        self._gone = ""
        transport.set_protocol(self)
        # No hidden queue: flushed() then means that the system has taken every byte. Under TLS the limit is one
        # byte, because there a transport pauses at the limit, not above it, and at 0 it would never resume.
        transport.set_write_buffer_limits(high=1 if transport.get_extra_info("sslcontext") else 0, low=0)

    @property
    def alive(self) -> bool:
        """Whether bytes can still go out."""
        return not self._gone and not self._transport.is_closing()

    @property
    def unread(self) -> bool:
        """Whether bytes have come that no reply() has taken."""
        return bool(self._received)

    def require_alive(self) -> None:
        """Raise ConnectionError, saying what happened, when the connection is gone."""
        if not self.alive:
            raise ConnectionError(self._gone or "the connection was closed")

    def put(self, data: bytes) -> None:
        """Write ``data``; from here on it must be assumed that the server may read it."""
        self.require_alive()
        self._transport.write(data)

    async def flushed(self) -> None:
        """Come back when the system has taken all that was put; ConnectionError if the line breaks before."""
        await self._room.wait()
        self.require_alive()

    async def reply(self) -> Reply:
        """The next reply; ConnectionError when the line breaks before, NotAReplyError for anything else."""
        while (reply := take_reply(self._received)) is None:
            if self._gone:
                raise ConnectionError(self._gone)
            self._news.clear()
            await self._news.wait()
        return reply

    def take_unread(self) -> Reply | None:
        """A reply that is already here, whole; None otherwise. Never waits."""
        return take_reply(self._received)

    def abort(self) -> None:
        """Cut the line at once; what was not yet written never will be."""
        self._transport.abort()

    async def lost(self) -> None:
        """Come back when the system has let go of the line."""
        await self._lost.wait()

    # What the event loop calls (asyncio.Protocol).

    def data_received(self, data: bytes) -> None:
        """Keep what came, up to a little over the limit, then stop listening: memory stays bounded."""
        self._received.extend(data)
        if len(self._received) > REPLY_LIMIT:
            self._gone = self._gone or "the server sent more than a reply can hold"
            self._transport.abort()
        self._news.set()

    def eof_received(self) -> None:
        """Note that the server has closed its side; the transport then closes ours."""
        self._leave("the server closed the connection")

    def pause_writing(self) -> None:
        """Note that the system takes no more bytes for now."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Note that the system has taken what there was."""
        self._room.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits: the line is gone."""
        self._leave(f"the connection broke ({exc})" if exc else "the connection was closed")
        self._lost.set()

    def _leave(self, why: str) -> None:
        self._gone = self._gone or why
        self._news.set()
        self._room.set()
