"""One open SMTP session: mails are handed over verb by verb, so that it is known how far each one came."""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach.adapters.smtp_wire import NotAReplyError, Wire, clean
from outreach.domain.outcomes import Accepted, Declined, Lost, Outcome, Phase, Reply, Unsendable
from outreach.ports.transport import Envelope

CHUNK = 64 * 1024
RESET = b"RSET"
CLOSING = 421
READY_FOR_TEXT = 354

# What may not stand inside the angle brackets of MAIL and RCPT: controls, spaces of every kind, brackets.
_UNFIT_IN_ADDRESS = re.compile(
    r"[\x00-\x20\x7f-\xa0<>\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]"
)
# RFC 5321, 2.3.8: CR and LF stand only together; a lone one lets a second mail be smuggled inside the first.
_UNFIT_IN_CONTENT = re.compile(rb"\r(?!\n)|(?<!\r)\n|\x00")


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """How many seconds to wait in each phase: RFC 5321, 4.5.3.2, shortened to what submission servers need."""

    connect: float = 30
    """For the connection, and once more for the greeting."""
    ehlo: float = 60
    starttls: float = 60
    auth: float = 60
    mail: float = 60
    rcpt: float = 60
    data: float = 60
    body: float = 120
    """For each 64 KiB of the text, not for the whole."""
    dot: float = 300
    """The longest: giving up here leaves a message of which nobody knows whether it was accepted."""
    quit: float = 5

    @classmethod
    def around(cls, seconds: float) -> "SmtpTimeouts":
        """The same patience for every verb, and five times that after the final dot."""
        verbs = dict.fromkeys(("ehlo", "starttls", "auth", "mail", "rcpt", "data", "body"), seconds)
        return cls(connect=min(seconds, 30), dot=5 * seconds, quit=min(seconds, 5), **verbs)

    def of(self, phase: Phase) -> float:
        """The seconds to wait for what ``phase`` asks."""
        name = Phase.CONNECT.value if phase is Phase.GREETING else phase.value
        return float(getattr(self, name))


class SmtpSession:
    """A MailSession over an open, greeted, encrypted and authenticated connection.

    ``offered`` are the server's extensions (RFC 5321, 4.1.1.1), keywords in lower case, with their parameters.
    ``greeting`` is what it said first; ``certificate`` is as ssl.getpeercert gives it, None without TLS.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        offered: Mapping[str, str],
        timeouts: SmtpTimeouts,
        greeting: str = "",
    ) -> None:
        self.greeting = greeting
        self.certificate: Mapping[str, Any] | None = transport.get_extra_info("peercert")
        self._wire = Wire(transport)
        self._offered = dict(offered)
        self._timeouts = timeouts
        self._phase = Phase.MAIL
        self._broken = False
        self._transaction_open = False

    @property
    def usable(self) -> bool:
        """False once the connection is gone, has spoken out of turn, or was left in the middle of a mail."""
        return not self._broken and self._wire.alive and not self._wire.unread

    async def submit(self, envelope: Envelope) -> Outcome:
        """Try once. Every outcome is a value; only cancellation is raised, and it cuts the connection."""
        unfit = self._why_unsendable(envelope)
        if unfit:
            return Unsendable(unfit)
        self._phase = Phase.MAIL
        try:
            return await self._transact(envelope)
        except TimeoutError:
            self._cut()
            return Lost(self._phase, f"no answer in {self._timeouts.of(self._phase):g} seconds")
        except NotAReplyError as garbage:
            self._cut()
            return Declined(self._phase, Reply(0, clean(str(garbage))))
        except Exception as problem:  # noqa: BLE001  the port promises a value for whatever happens
            self._cut()
            return Lost(self._phase, clean(str(problem) or type(problem).__name__))
        except BaseException:
            self._cut()
            raise

    async def close(self) -> None:
        """Say QUIT if anyone still listens, and let the connection go; never raises."""
        # Whatever was accepted stays accepted, so nothing that goes wrong here matters.
        with contextlib.suppress(Exception):
            if self.usable:
                async with asyncio.timeout(self._timeouts.quit):
                    self._wire.put(b"QUIT\r\n")
                    await self._wire.reply()
        self._cut()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timeouts.quit):
                await self._wire.lost()

    # The transaction (RFC 5321, 3.3).

    async def _transact(self, envelope: Envelope) -> Outcome:
        for phase, command, expected in self._commands(envelope):
            reply = await self._ask(phase, command)
            if reply.code not in expected:
                if command == RESET:
                    self._cut()
                return self._declined(phase, reply)
        early = await self._write_text(envelope.content)
        if early:
            self._cut()
            return Declined(Phase.BODY, early)
        reply = await self._answer_to_the_dot()
        if reply.code in range(200, 300):
            return Accepted(reply)
        return self._declined(Phase.DOT, reply)

    def _commands(self, envelope: Envelope) -> list[tuple[Phase, bytes, range]]:
        done, text_next = range(200, 300), range(READY_FOR_TEXT, READY_FOR_TEXT + 1)
        sender, recipient = envelope.sender.encode(), envelope.recipient.encode()
        # Some servers refuse a second MAIL while the first is open (503), so a declined one is reset first.
        # The reset waits for the next mail: the outcome of the declined one is not held up for it.
        reset = [(Phase.MAIL, RESET, done)] if self._transaction_open else []
        return [
            *reset,
            (Phase.MAIL, b"MAIL FROM:<" + sender + b">" + self._parameters(envelope), done),
            (Phase.RCPT, b"RCPT TO:<" + recipient + b">", done),
            (Phase.DATA, b"DATA", text_next),
        ]

    def _parameters(self, envelope: Envelope) -> bytes:
        """SIZE (RFC 1870), BODY (RFC 6152) and SMTPUTF8 (RFC 6531), where offered and needed."""
        given = ""
        if "size" in self._offered:
            given += f" SIZE={len(envelope.content)}"
        if not envelope.content.isascii() and "8bitmime" in self._offered:
            given += " BODY=8BITMIME"
        if _needs_smtputf8(envelope):
            given += " SMTPUTF8"
        return given.encode("ascii")

    async def _ask(self, phase: Phase, command: bytes) -> Reply:
        self._phase = phase
        if self._broken:
            raise ConnectionError("this session is over")
        stray = self._wire.take_unread() if self._wire.unread else None
        if stray and stray.code == CLOSING:
            return stray
        if self._wire.unread or stray:
            raise NotAReplyError("the server spoke before it was asked")
        async with asyncio.timeout(self._timeouts.of(phase)):
            self._wire.put(command + b"\r\n")
            await self._wire.flushed()
            reply = await self._wire.reply()
        self._transaction_open = command != RESET
        return reply

    async def _write_text(self, content: bytes) -> Reply | None:
        """Write the text without the final dot. A reply means that the server refused before it was asked."""
        self._phase = Phase.BODY
        stuffed = _dot_stuffed(content)
        for start in range(0, len(stuffed), CHUNK):
            async with asyncio.timeout(self._timeouts.body):
                self._wire.put(stuffed[start : start + CHUNK])
                await self._wire.flushed()
            # One turn of the loop, so that a reset or refusal that has already arrived is seen before the dot.
            await asyncio.sleep(0)
            if self._wire.unread:
                return await self._early_refusal()
        self._wire.require_alive()
        return None

    async def _early_refusal(self) -> Reply:
        async with asyncio.timeout(self._timeouts.body):
            reply = await self._wire.reply()
        if reply.code < 400:  # noqa: PLR2004  RFC 5321, 4.2.1: 4 and 5 refuse
            raise NotAReplyError("the server spoke before it was asked")
        return reply

    async def _answer_to_the_dot(self) -> Reply:
        # From this line on nobody but the server knows whether the message was accepted.
        self._phase = Phase.DOT
        async with asyncio.timeout(self._timeouts.dot):
            self._wire.put(b".\r\n")
            await self._wire.flushed()
            reply = await self._wire.reply()
        self._transaction_open = False
        if self._wire.unread:
            self._cut()
        return reply

    def _declined(self, phase: Phase, reply: Reply) -> Declined:
        # A positive reply in the wrong place means that the two sides have lost step.
        if reply.code == CLOSING or reply.code < 400:  # noqa: PLR2004  RFC 5321, 4.2.1
            self._cut()
        return Declined(phase, reply)

    def _cut(self) -> None:
        """Never speak on this connection again: a late reply must not be taken for the next mail's."""
        self._broken = True
        self._wire.abort()

    def _why_unsendable(self, envelope: Envelope) -> str:
        addresses = (envelope.sender, envelope.recipient)
        largest = self._offered.get("size", "")
        if any(map(_UNFIT_IN_ADDRESS.search, addresses)) or "@" not in envelope.recipient:
            return "The sender's or recipient's address contains a character that no address may have, or no @."
        if _needs_smtputf8(envelope) and "smtputf8" not in self._offered:
            return "The address needs SMTPUTF8 (RFC 6531), and the server does not offer it."
        if _UNFIT_IN_CONTENT.search(envelope.content):
            return "The message contains a NUL or a line that does not end in CR LF (RFC 5321, 2.3.8)."
        if not envelope.content.isascii() and "8bitmime" not in self._offered:
            return "The message has 8-bit text, and the server takes only 7 bits (RFC 6152)."
        if largest.isdecimal() and 0 < int(largest) < len(envelope.content):
            return f"The message has {len(envelope.content)} bytes; the server takes at most {largest} (RFC 1870)."
        return ""


def _needs_smtputf8(envelope: Envelope) -> bool:
    return envelope.needs_smtputf8 or not (envelope.sender + envelope.recipient).isascii()


def _dot_stuffed(content: bytes) -> bytes:
    """``content`` with a dot before every line that begins with one (RFC 5321, 4.5.2), ending in CR LF."""
    ended = content if content.endswith(b"\r\n") or not content else content + b"\r\n"
    stuffed = ended.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
