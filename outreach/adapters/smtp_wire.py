"""The line to one SMTP server: bytes out, replies in (RFC 5321, 4.2), and one timer for all that is waited for."""

import asyncio
import re
import unicodedata
from typing import Protocol

from outreach.domain.outcomes import Reply

REPLY_LIMIT = 32 * 1024
LINES_LIMIT = 128
TEXT_LIMIT = 500

# RFC 5321, 4.2: three digits, then a space, a hyphen (more lines follow) or nothing. UTF-8 text is let
# through (RFC 6531, 3.7.4); control characters other than the tab are not part of any reply.
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\x00-\x08\x0a-\x1f\x7f]*))?\r?\n")
_ONLY_LINE = re.compile(rb"([2-5][0-9]{2}) ([^\x00-\x08\x0a-\x1f\x7f]{0,1000})\r\n")
"""Nearly every reply: one line, not too long."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d|\.\d)")


class NotAReplyError(Exception):
    """What came is no SMTP reply, so the two sides no longer agree on where they are."""


def clean(text: str) -> str:
    """``text`` on one line, without control and invisible format characters, at most 500 characters."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if unicodedata.category(mark) in {"Cc", "Cf", "Cs"} else mark for mark in text)
    return " ".join(text.split())[:TEXT_LIMIT]


def reply_of(code: int, text: str | bytes) -> Reply:
    """The reply as a value: code 0 if it is not between 200 and 599, the enhanced status taken from the text.

    The enhanced status (RFC 2034, RFC 3463) is the empty string when the text does not begin with one.
    """
    known = code if 200 <= code <= 599 else 0  # noqa: PLR2004  the replies of RFC 5321, 4.2.1
    cleaned = clean(text if isinstance(text, str) else text.decode("utf-8", "replace"))
    status = _ENHANCED.match(cleaned)
    return Reply(known, cleaned, status[0] if status else "")


def take_reply(received: bytearray) -> tuple[int, bytes] | None:
    """Take one whole reply off the front of ``received``: its code and its text; None while it is not complete.

    Raises NotAReplyError for anything that is not a reply, is too long, or has lines that disagree on the code.
    """
    if line := _ONLY_LINE.match(received):
        code, text = line.groups()
        del received[: line.end()]
        return int(code), text
    return _take_lines(received)


def _take_lines(received: bytearray) -> tuple[int, bytes] | None:
    start, texts, codes = 0, list[bytes](), set[int]()
    while (end := received.find(b"\n", start) + 1) and end <= REPLY_LIMIT and len(texts) < LINES_LIMIT:
        line = _LINE.fullmatch(received, start, end)
        if line is None:
            raise NotAReplyError("not an SMTP reply: " + received[start:end].decode("utf-8", "replace"))
        codes.add(int(line[1]))
        texts.append(line[3] or b"")
        if len(codes) > 1:
            said = b" / ".join(texts).decode("utf-8", "replace")
            raise NotAReplyError(f"the lines of one reply carry different codes: {said}")
        start = end
        if line[2] != b"-":
            del received[:end]
            return codes.pop(), b" ".join(texts)
    if len(received) > REPLY_LIMIT or len(texts) >= LINES_LIMIT:
        raise NotAReplyError("a reply without end")
    return None


class Listener(Protocol):
    """Whoever speaks over a Wire; it is told here what happens to it."""

    def bytes_came(self) -> None:
        """More of the server's words are here."""

    def room_came(self) -> None:
        """The system has taken every byte that was written."""

    def time_is_up(self) -> None:
        """What was expected did not come in time."""

    def line_ended(self, why: str) -> None:
        """Nothing more will come and nothing more can go out; said once."""


class Wire(asyncio.Protocol):
    """Takes over an open transport. Bytes that nobody asked for are kept, so that they can be noticed."""

    def __init__(self, transport: asyncio.Transport, listener: Listener) -> None:
        self.paused = False
        """Whether the system has not yet taken all that was written."""
        self.unread = bytearray()
        """What has come and no take_reply() has taken."""
        self._transport = transport
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._lost = asyncio.Event()
        self._gone = ""
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        transport.set_protocol(self)
        # No hidden queue: a wire that is not paused then means that the system has taken every byte. Under TLS the
        # limit is one byte, because there a transport pauses at the limit, and at 0 it would never resume.
        transport.set_write_buffer_limits(high=1 if transport.get_extra_info("sslcontext") else 0, low=0)

    @property
    def gone(self) -> str:
        """Why bytes can no longer go out; empty while they can."""
        return self._gone or ("the connection was closed" if self._transport.is_closing() else "")

    def take_reply(self) -> tuple[int, bytes] | None:
        """A reply that is already here, whole; None otherwise. As the function of this name."""
        return take_reply(self.unread) if self.unread else None

    def write(self, data: bytes) -> None:
        """Write ``data``; from here on it must be assumed that the server may read it."""
        self._transport.write(data)

    def abort(self) -> None:
        """Cut the line at once; what was not yet written never will be."""
        self.expect_nothing()
        self._transport.abort()

    async def lost(self) -> None:
        """Come back when the system has let go of the line."""
        await self._lost.wait()

    # One timer for the whole session: while it goes off early enough it is left alone, and set anew when it does.

    def expect(self, seconds: float) -> None:
        """From now on ``time_is_up`` after so many seconds, instead of what was expected before."""
        self._deadline = deadline = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > deadline:
            self._arm(deadline)

    def expect_nothing(self) -> None:
        """Nothing is waited for."""
        self._deadline = None

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self._deadline > self._loop.time():
            self._arm(self._deadline)
        else:
            self._deadline = None
            self._listener.time_is_up()

    # What the event loop calls (asyncio.Protocol).

    def data_received(self, data: bytes) -> None:
        """Keep what came; no more than a little over what a reply can hold, so that memory stays bounded."""
        self.unread += data
        self._listener.bytes_came()
        if len(self.unread) > REPLY_LIMIT:
            self._leave("the server sent more than a reply can hold")
            self.abort()

    def eof_received(self) -> None:
        """The server has closed its side; the transport then closes ours."""
        self._leave("the server closed the connection")

    def pause_writing(self) -> None:
        """Note that the system takes no more bytes for now."""
        self.paused = True

    def resume_writing(self) -> None:
        """Note that the system has taken what there was."""
        self.paused = False
        self._listener.room_came()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left of the line."""
        self._leave(f"the connection broke ({exc})" if exc else "the connection was closed")
        if self._timer is not None:
            self._timer.cancel()
        self._lost.set()

    def _leave(self, why: str) -> None:
        if not self._gone:
            self._gone = why
            self._listener.line_ended(why)
