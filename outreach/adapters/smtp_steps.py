"""What is said to a server for one mail (RFC 5321, 3.3), if it can be said at all."""

import asyncio
import io
import re
from collections.abc import Mapping

from outreach.domain.outcomes import Declined, Outcome, Phase
from outreach.ports.transport import Envelope, Hold

RESET = b"RSET\r\n"
DATA = b"DATA\r\n"
DOT = b".\r\n"

# What may not stand inside the angle brackets of MAIL and RCPT: controls, spaces of every kind, brackets.
_UNFIT_IN_ADDRESS = re.compile(
    r"[\x00-\x20\x7f-\xa0<>\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]"
)


class Transaction:
    """One mail on its way through a session: what is still to be said, and how far it came."""

    __slots__ = ("answer", "asked", "commands", "content", "hold", "phase", "refusal", "rest", "waits")

    def __init__(
        self,
        commands: list[bytes],
        content: bytes,
        answer: asyncio.Future[Outcome],
        hold: Hold | None = None,
    ) -> None:
        self.commands = commands
        """What has yet to be written before the text, one command each."""
        self.content = content
        self.answer = answer
        """Where the outcome goes."""
        self.hold = hold
        """What the text waits for."""
        self.phase = Phase.MAIL
        """What the server's next word to this mail is about."""
        self.asked = 0
        """How many commands were written and have not been answered."""
        self.waits = False
        """Whether another mail goes first, and the server has not yet said anything to this one."""
        self.refusal: Declined | None = None
        """The first refusal; what comes after it is only waited for."""
        self.rest: memoryview | None = None
        """What has yet to be written of a large text, once that has begun."""

    def tell(self, outcome: Outcome) -> None:
        """Give the outcome, or the refusal that came before it, to whoever still waits for it."""
        if not self.answer.done():
            self.answer.set_result(self.refusal or outcome)

    def take_commands(self, *, all_at_once: bool) -> bytes:
        """The next command, or all of them; from here on they count as written."""
        count = len(self.commands) if all_at_once else 1
        said = b"".join(self.commands[:count])
        del self.commands[:count]
        self.asked += count
        return said


class Offer:
    """What a server offers (RFC 5321, 4.1.1.1), and what that means for each mail."""

    def __init__(self, keywords: Mapping[str, str]) -> None:
        largest = keywords.get("size", "")
        self.pipelining = "pipelining" in keywords
        self._size = "size" in keywords
        self._largest = int(largest) if largest.isdecimal() else 0
        self._eight_bits = "8bitmime" in keywords
        self._utf8 = "smtputf8" in keywords

    def why_unsendable(self, envelope: Envelope) -> str:
        """Why nothing may be said about this mail, in a sentence; empty when it can be submitted."""
        content = envelope.content
        if _UNFIT_IN_ADDRESS.search(envelope.sender + envelope.recipient) or "@" not in envelope.recipient:
            return "The sender's or recipient's address contains a character that no address may have, or no @."
        if not self._utf8 and _needs_smtputf8(envelope):
            return "The address needs SMTPUTF8 (RFC 6531), and the server does not offer it."
        if b"\x00" in content or not _only_whole_line_ends(content):
            return "The message contains a NUL or a line that does not end in CR LF (RFC 5321, 2.3.8)."
        if not self._eight_bits and not content.isascii():
            return "The message has 8-bit text, and the server takes only 7 bits (RFC 6152)."
        if 0 < self._largest < len(content):
            return f"The message has {len(content)} bytes; the server takes at most {self._largest} (RFC 1870)."
        return ""

    def commands(self, envelope: Envelope) -> list[bytes]:
        """MAIL, RCPT and DATA for ``envelope``."""
        return [
            b"MAIL FROM:<%b>%b\r\n" % (envelope.sender.encode(), self._parameters(envelope)),
            b"RCPT TO:<%b>\r\n" % envelope.recipient.encode(),
            DATA,
        ]

    def _parameters(self, envelope: Envelope) -> bytes:
        """SIZE (RFC 1870), BODY (RFC 6152) and SMTPUTF8 (RFC 6531), where offered and needed."""
        given = b" SIZE=%d" % len(envelope.content) if self._size else b""
        if self._eight_bits and not envelope.content.isascii():
            given += b" BODY=8BITMIME"
        if _needs_smtputf8(envelope):
            given += b" SMTPUTF8"
        return given


def dot_stuffed(content: bytes) -> bytes:
    """``content`` with a dot before every line that begins with one (RFC 5321, 4.5.2), ending in CR LF."""
    ended = content if content.endswith(b"\r\n") or not content else content + b"\r\n"
    # Searching from the end is the quickest way to see that there is none.
    stuffed = ended.replace(b"\r\n.", b"\r\n..") if ended.rfind(b"\r\n.") >= 0 else ended
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _needs_smtputf8(envelope: Envelope) -> bool:
    return envelope.needs_smtputf8 or not (envelope.sender.isascii() and envelope.recipient.isascii())


def _only_whole_line_ends(content: bytes) -> bool:
    """Whether CR and LF stand only together (RFC 5321, 2.3.8).

    A lone one lets a second mail be smuggled inside the first.
    """
    # The quickest look at every byte: the decoder notes which line ends it came across.
    decoder = io.IncrementalNewlineDecoder(None, translate=False)
    decoder.decode(content.decode("latin-1"), final=True)
    return decoder.newlines in {None, "\r\n"}
