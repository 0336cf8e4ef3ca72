"""The line to one IMAP server: imaplib, with bounds on what it takes in, and an honest STARTTLS (RFC 9051)."""

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from imap_tools.utils import encode_folder, quote

from outreach.adapters.imap_trouble import Refused, checked, refusal_in

T = TypeVar("T")

imaplib.Commands.setdefault("IDLE", ("SELECTED",))

UNASKED_LIMIT = 8 * 1024 * 1024
"""How many bytes a server may answer beyond those of the mails that it was asked for."""
SLOWEST = 1000
"""Bytes a second: whoever is slower than this for longer than the time limit is taken for dead."""

_RESPONSE = re.compile(rb"\d+ \(")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")
_QUOTED_BODY = re.compile(rb'\bBODY\[\](?:<\d+>)? "((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(rb"\\(.)")


class ImapWire(imaplib.IMAP4):
    """One connection. ``tls`` is spoken from the first byte, or after ``encrypt``; None is plain text.

    imaplib reads without bounds, cannot wait without losing half a line, and keeps what came before STARTTLS.
    """

    expected = 0
    """How many bytes of mails the next command asks for."""

    def __init__(self, host: str, port: int, timeout: float, tls: ssl.SSLContext | None = None) -> None:
        self._tls, self._seconds = tls, timeout
        self._buffer = bytearray()
        self._allow()
        super().__init__(host, port, timeout)

    # What imaplib calls.

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, encrypted at once if that is what was asked for."""
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), timeout)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=host)

    def send(self, data: Any) -> None:  # any buffer, as the parent class has it
        """Write; what comes next is an answer to this."""
        self._allow()
        self.sock.settimeout(self._seconds)
        self.sock.sendall(data)

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes."""
        if size > self._left + len(self._buffer):
            raise self.abort("it announced more than it was asked for")
        while len(self._buffer) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end."""
        looked = 0
        while (end := self._buffer.find(b"\n", looked) + 1) == 0:
            looked = len(self._buffer)
            self._receive()
        return self._take(end)

    def shutdown(self) -> None:
        """Let the connection go; never raises."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self.sock.close()

    # What imaplib does not know, or not well enough.

    def encrypt(self, tls: ssl.SSLContext) -> None:
        """STARTTLS (RFC 9051, 6.2.1). Raises ssl.SSLError if the server does not offer or do it.

        What was said before does not count; an answer that came along with it was put there by somebody else.
        """
        if self.state != "NONAUTH" or "STARTTLS" not in self.capabilities:
            raise ssl.SSLError(0, "it does not offer STARTTLS")
        try:
            checked(self.command("STARTTLS"))
        except self.abort:
            raise
        except (self.error, Refused) as refusal:
            raise ssl.SSLError(0, "it refuses STARTTLS, which it offers") from refusal
        if self._buffer:
            raise ssl.SSLError(0, "something was said in plain text after STARTTLS")
        self.sock = tls.wrap_socket(self.sock, server_hostname=self.host)
        self.ask_capabilities()

    def ask_capabilities(self) -> None:
        """What the server can do: more after TLS and after log-in than before."""
        self.untagged_responses.clear()
        self._get_capabilities()

    def command(self, name: str, *arguments: str | bytes) -> tuple[str, list[Any]]:
        """The state (OK, NO) and text of the server's answer. Raises imaplib's error for BAD."""
        return self._simple_command(name, *arguments)  # type: ignore[no-any-return]

    def log_in(self, username: str, password: str) -> tuple[str, list[Any]]:
        """LOGIN (RFC 9051, 6.2.3); both in UTF-8, though it was made for ASCII."""
        answer = self.command("LOGIN", *(str(quote(each)).encode() for each in (username, password)))
        if answer[0] == "OK":
            self.state = "AUTH"
        return answer

    def select_folder(self, folder: str) -> str:
        """Select it, read-only if it cannot be otherwise; its UIDVALIDITY, empty if the server has none."""
        name = cast("str", encode_folder(folder))
        try:
            checked(self.select(name))
        except self.readonly:
            checked(self.select(name, readonly=True))
        validity = self.untagged_responses.pop("UIDVALIDITY", [b""])[0]
        return cast("bytes", validity).decode("ascii")

    def search(self, lowest: int) -> list[int]:  # type: ignore[override]
        """The UIDs in the folder, not below ``lowest``, ascending."""
        self.untagged_responses.clear()
        checked(self.command("UID", "SEARCH", f"UID {lowest}:*"))
        lines = self.untagged_responses.pop("SEARCH", [])
        found = {int(word) for line in lines for word in cast("bytes", line).split()}
        # "n:*" names the last mail even when it is below n (RFC 9051, 9, seq-range).
        return sorted(uid for uid in found if uid >= lowest)

    def with_header(self, name: str, words: str) -> list[int]:
        """The UIDs of the mails in whose header of that name the words stand (RFC 9051, 6.4.4)."""
        self.untagged_responses.clear()
        checked(self.command("UID", "SEARCH", "HEADER", name, quote(words)))
        lines = self.untagged_responses.pop("SEARCH", [])
        return [int(word) for line in lines for word in cast("bytes", line).split()]

    def fetch_each(
        self, uids: Sequence[int], item: str, value: Callable[["Fetched"], T | None]
    ) -> tuple[dict[int, T], Refused | None]:
        """What the server gives of ``item``, by UID, and its refusal if there was one: it may do both."""
        self.untagged_responses.pop("FETCH", None)
        refusal = None
        try:
            checked(self.command("UID", "FETCH", ranges(uids), f"(UID {item})"))
        except Refused as answer:
            refusal = answer
        except self.error as problem:
            refusal = refusal_in(problem)
            if refusal is None:
                raise
        responses = fetched(self.untagged_responses.pop("FETCH", []))
        values = ((each.uid, value(each)) for each in responses)
        wanted = set(uids)
        return {uid: it for uid, it in values if uid in wanted and uid is not None and it is not None}, refusal

    def hurry(self, seconds: float) -> None:
        """From now on wait no longer than this for anything."""
        self._seconds = min(self._seconds, seconds)

    def start_idle(self) -> bytes | None:
        """The command's tag once the server idles; None if it does not want to."""
        tag: bytes = self._command("IDLE")
        while self._get_response() is not None:
            self._check_bye()
            if self.tagged_commands[tag]:
                del self.tagged_commands[tag]
                return None
        return tag

    def stop_idle(self, tag: bytes) -> None:
        """Have the server end its idling."""
        self.send(b"DONE\r\n")
        self._get_tagged_response(tag)

    def take_response(self) -> None:
        """Read one response that came by itself. Raises imaplib's abort if it is BYE."""
        self._get_response()
        self._check_bye()

    def ready(self, seconds: float) -> bool:
        """Whether the server says something within so many seconds. Raises imaplib's abort if it leaves."""
        if not self._buffer:
            self.sock.settimeout(seconds)
            with suppress(TimeoutError):
                self._keep(self.sock.recv(65536))
        return bool(self._buffer)

    # Bytes.

    def _allow(self) -> None:
        self._left = UNASKED_LIMIT + self.expected
        self._since, self._got = time.monotonic(), 0
        self.expected = 0

    def _receive(self) -> None:
        left = self._since + self._seconds + self._got / SLOWEST - time.monotonic()
        if left <= 0:
            raise TimeoutError("it takes too long over its answer")
        self.sock.settimeout(min(left, self._seconds))
        self._keep(self.sock.recv(65536))

    def _keep(self, data: bytes) -> None:
        if not data:
            raise self.abort("it closed the connection")
        self._got += len(data)
        self._left -= len(data)
        if self._left < 0:
            raise self.abort("its answer has no end")
        self._buffer += data

    def _take(self, size: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return taken


@dataclass(slots=True)
class Fetched:
    """One FETCH response: its attributes without the literal, and the literal, None if there was none."""

    attributes: bytes = b""
    literal: bytes | None = None

    @property
    def uid(self) -> int | None:
        """The UID; None in a response that nobody asked for."""
        found = _UID.search(self.attributes)
        return int(found[1]) if found else None

    @property
    def size(self) -> int | None:
        """The mail's size in bytes (RFC822.SIZE), None if it is not said."""
        found = _SIZE.search(self.attributes)
        return int(found[1]) if found else None

    @property
    def body(self) -> bytes | None:
        """The mail: a literal, or a quoted string as some servers write short ones; None for NIL."""
        if self.literal is not None or b"BODY[]" not in self.attributes:
            return self.literal
        quoted = _QUOTED_BODY.search(self.attributes)
        return _ESCAPED.sub(rb"\1", quoted[1]) if quoted else None


def fetched(data: Sequence[bytes | tuple[bytes, bytes] | None]) -> Iterator[Fetched]:
    """The FETCH responses in what imaplib has gathered, those that nobody asked for among them."""
    current: Fetched | None = None
    for item in data:
        text, literal = item if isinstance(item, tuple) else (item or b"", None)
        if _RESPONSE.match(text):
            if current:
                yield current
            current = Fetched()
        if current:
            current.attributes += text
            current.literal = literal if current.literal is None else current.literal
    if current:
        yield current


def ranges(uids: Sequence[int]) -> str:
    """The UIDs as a sequence set (RFC 9051, 9), as in ``3:5,9``."""
    parts = list[list[int]]()
    for uid in sorted(set(uids)):
        if parts and parts[-1][1] == uid - 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ",".join(f"{low}:{high}" if high > low else str(low) for low, high in parts)
