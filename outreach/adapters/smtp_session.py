"""One open SMTP session: mails are handed over one after the other, so that it is known how far each one came.

Where the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA are one write, and the text, its dot and the next
mail's commands are one more: a round trip for each mail. Where it does not, every command waits for its answer.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from outreach.adapters.smtp_steps import DOT, RESET, Offer, Transaction, dot_stuffed
from outreach.adapters.smtp_timeouts import SmtpTimeouts
from outreach.adapters.smtp_wire import NotAReplyError, Wire, clean, reply_of
from outreach.domain.outcomes import Accepted, Declined, Lost, Outcome, Phase, Reply, Unbegun, Unsendable
from outreach.ports.transport import Envelope, Hold

CHUNK = 64 * 1024
CLOSING = 421
READY_FOR_TEXT = 354
REFUSALS = 400  # RFC 5321, 4.2.1: what is below does not refuse
SPOKE_UNASKED = "the server spoke before it was asked"
_NEXT = {Phase.MAIL: Phase.RCPT, Phase.RCPT: Phase.DATA, Phase.DATA: Phase.BODY}


class SmtpSession:
    """A MailSession over an open, greeted, encrypted and authenticated connection.

    ``offered`` are the server's extensions (RFC 5321, 4.1.1.1), keywords in lower case, with their parameters.
    ``greeting`` is what it said first; ``certificate`` is as ssl.getpeercert gives it, None without TLS.

    The server's next reply is about the ``first`` mail. The ``second`` waits: its commands may have been written
    behind the first's final dot, its text never.
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
        self._loop = asyncio.get_running_loop()
        self._wire = Wire(transport, self)
        self._offer = Offer(offered)
        self._seconds = {phase: timeouts.of(phase) for phase in Phase}
        self._farewell = timeouts.quit
        self._first: Transaction | None = None
        self._second: Transaction | None = None
        self._over = False
        self._to_be_reset = False
        self._resetting = False
        self._stalled = False
        self._held = False
        self._goodbye: asyncio.Future[None] | None = None

    @property
    def usable(self) -> bool:
        """False once the connection is gone, has spoken out of turn, or was left in the middle of a mail."""
        return not (self._over or self._wire.gone or (self._first is None and self._wire.unread))

    async def submit(self, envelope: Envelope, hold: Hold | None = None) -> Outcome:
        """Try once. Every outcome is a value; only cancellation is raised, and it cuts the connection.

        No byte of the text is written while ``hold`` gives something to wait for.

        RuntimeError for a third mail while two are under way: that is for nobody to try.
        """
        if unfit := self._offer.why_unsendable(envelope):
            return Unsendable(unfit)
        mail = Transaction(self._offer.commands(envelope), envelope.content, self._loop.create_future(), hold)
        self._take(mail)
        try:
            return await mail.answer
        except BaseException:
            if mail in {self._first, self._second}:
                self._cut("another mail's submission was cancelled")
            raise

    async def close(self) -> None:
        """Say QUIT if anyone still listens, and let the connection go; never raises."""
        # Whatever was accepted stays accepted, so nothing that goes wrong here matters.
        if self.usable and self._first is None:
            self._over, self._goodbye = True, self._loop.create_future()
            with contextlib.suppress(Exception):
                self._wire.write(b"QUIT\r\n")
                async with asyncio.timeout(self._farewell):
                    await self._goodbye
        self._cut("the session was closed")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._farewell):
                await self._wire.lost()

    # Speaking.

    def _take(self, mail: Transaction) -> None:
        if self._first is None:
            self._first = mail
            if self._over:
                self._cut("this session is over")
            self._speak()
        elif self._second is None:
            mail.waits, self._second = True, mail
            if self._first.phase is Phase.DOT:
                self._speak()
        else:
            raise RuntimeError("A session takes a second mail while one is under way, and no third.")

    def _speak(self) -> None:
        """Write all that may be written now, in one piece."""
        mail = self._first
        if mail is None:
            return
        if self._wire.gone:
            self._cut(self._wire.gone)
            return
        said = b""
        if mail.phase is Phase.BODY:
            said = self._text(mail)
        elif mail.commands and not mail.asked:
            said = self._commands(mail)
        if said:
            self._wire.expect(self._patience(mail))
        if mail.phase is Phase.DOT and self._offer.pipelining:
            said += self._commands_behind()
        if said:
            self._wire.write(said)

    def _commands(self, mail: Transaction) -> bytes:
        """MAIL, RCPT and DATA, or without PIPELINING the next of them; empty when the session has ended."""
        if self._wire.unread:
            self._break_off(self._said_unasked(mail.phase))
            return b""
        # Some servers refuse a second MAIL while the first is open (503), so a declined one is reset first.
        # The reset waits for the next mail: the outcome of the declined one is not held up for it.
        if self._to_be_reset:
            self._to_be_reset, self._resetting = False, True
            mail.commands.insert(0, RESET)
        mail.waits = False
        return mail.take_commands(all_at_once=self._offer.pipelining)

    def _commands_behind(self) -> bytes:
        """The second mail's commands: they may stand behind the first's text and dot (RFC 2920, 3.1)."""
        mail = self._second
        return mail.take_commands(all_at_once=True) if mail and mail.commands else b""

    def _text(self, mail: Transaction) -> bytes:
        """The text with its final dot, or a piece of a large one; empty when nothing may be written now."""
        # What is unread is the beginning of a refusal, whose rest is waited for.
        if self._wire.unread or self._must_wait(mail):
            return b""
        if mail.rest is None:
            # Ready for a text although it refused the recipient: the dot alone ends that (RFC 2920, 3.1).
            text = b"" if mail.refusal else dot_stuffed(mail.content)
            if len(text) <= CHUNK:
                return self._with_dot(mail, text)
            mail.rest = memoryview(text)
        self._stalled = self._wire.paused
        if self._stalled:
            return b""
        if not mail.rest:
            return self._with_dot(mail, b"")
        piece, mail.rest = mail.rest[:CHUNK], mail.rest[CHUNK:]
        # Two turns of the loop, so that a reset or refusal that has already arrived is seen before more is written.
        self._loop.call_soon(self._loop.call_soon, self._speak)
        return bytes(piece)

    def _must_wait(self, mail: Transaction) -> bool:
        """Whether a text is held back; it goes on by itself."""
        if not self._held and mail.hold is not None and not mail.refusal:
            waits_for = mail.hold()
            if waits_for is not None:
                self._held = True
                waits_for.add_done_callback(self._let_go)
                self._wire.expect_nothing()  # the server has said all it had to say
        return self._held

    def _let_go(self, _waited_for: asyncio.Future[None]) -> None:
        """The text that was held back may be written."""
        self._held = False
        self._speak()

    def _with_dot(self, mail: Transaction, text: bytes) -> bytes:
        # From here on nobody but the server knows whether the message was accepted.
        mail.phase, mail.asked = Phase.DOT, 1
        return text + DOT

    def _patience(self, mail: Transaction) -> float:
        # The dot that ends a refused mail hands nothing over.
        return self._seconds[Phase.DATA if mail.refusal else mail.phase]

    # Listening: what the wire tells.

    def bytes_came(self) -> None:
        """Pair the replies with what was asked, in order (RFC 2920, 3.1), and speak on."""
        before, heard = self._first, False
        try:
            while (mail := self._first) and (mail.asked or mail.phase is Phase.BODY):
                reply = self._wire.take_reply()
                if reply is None:
                    break
                heard = True
                self._hear(mail, *reply)
            if self._goodbye and self._wire.take_reply():
                self._part()
        except NotAReplyError as garbage:
            self._part()
            if self._first:
                self._break_off(Declined(self._first.phase, Reply(0, clean(str(garbage)))))
        if not heard or self._first is None:
            return
        self._wire.expect(self._patience(self._first))
        if self._first is before:
            self._speak()
        else:
            # Whoever has just been told an outcome may hand over the next mail before this turn is over; its
            # commands then leave in the same write.
            self._loop.call_soon(self._speak)

    def room_came(self) -> None:
        """Go on with a large text."""
        if self._stalled:
            self._stalled = False
            self._loop.call_soon(self._speak)

    def time_is_up(self) -> None:
        """Give up: a reply that comes later must not be taken for the next mail's."""
        if self._first:
            self._break_off(Lost(self._first.phase, f"no answer in {self._patience(self._first):g} seconds"))

    def line_ended(self, why: str) -> None:
        """Say how far each mail had come."""
        self._part()
        if self._first:
            self._cut(why)

    def _hear(self, mail: Transaction, code: int, text: bytes) -> None:
        """What a reply means for the mail that it is about."""
        phase = mail.phase
        if phase is Phase.BODY:  # nothing was asked: a refusal is believed, and nothing else
            reply = reply_of(code, text) if code >= REFUSALS else Reply(0, SPOKE_UNASKED)
            self._break_off(Declined(phase, reply))
            return
        mail.asked, mail.waits = mail.asked - 1, False
        done = code // 100 == 2  # noqa: PLR2004  RFC 5321, 4.2.1
        if done and self._resetting:
            self._resetting = False
        elif done and phase is Phase.DOT:
            self._finish(mail, Accepted(reply_of(code, text)))
        elif code == READY_FOR_TEXT if phase is Phase.DATA else done and not mail.refusal:
            mail.phase = _NEXT[phase]
        else:
            self._hear_refusal(mail, Declined(phase, reply_of(code, text)))

    def _hear_refusal(self, mail: Transaction, refusal: Declined) -> None:
        code = refusal.reply.code
        if code == CLOSING or code < REFUSALS or self._resetting:
            # A positive reply in the wrong place means that the two sides have lost step.
            self._break_off(refusal)
        elif mail.phase is Phase.DOT:
            self._finish(mail, refusal)
        else:
            mail.refusal = mail.refusal or refusal
            mail.phase = _NEXT[mail.phase]
            if not mail.asked:
                self._to_be_reset = True
                self._finish(mail, refusal)

    def _said_unasked(self, phase: Phase) -> Declined:
        """What the server said although nothing was asked: a 421 is believed (RFC 5321, 3.8), and nothing else."""
        with contextlib.suppress(NotAReplyError):
            reply = self._wire.take_reply()
            if reply and reply[0] == CLOSING:
                return Declined(phase, reply_of(*reply))
        return Declined(phase, Reply(0, SPOKE_UNASKED))

    # Ending.

    def _finish(self, mail: Transaction, outcome: Accepted | Declined) -> None:
        """All that was asked about the first mail is answered; the second is the first now."""
        self._first, self._second = self._second, None
        mail.tell(outcome)
        if self._first is None:
            self._wire.expect_nothing()
        if self._wire.unread and not (self._first and self._first.asked):
            self._cut(SPOKE_UNASKED)

    def _cut(self, why: str) -> None:
        """Never speak on this connection again; nobody has refused anything."""
        first, why = self._first, clean(why)
        self._break_off(Unbegun(why) if first and first.waits else Lost(first.phase if first else Phase.MAIL, why))

    def _break_off(self, outcome: Declined | Lost | Unbegun) -> None:
        """Never speak on this connection again: that is the first mail's outcome, and the second was not begun."""
        first, second = self._first, self._second
        self._over, self._first, self._second = True, None, None
        self._wire.abort()
        if first:
            first.tell(outcome)
        if second:
            second.tell(Unbegun(outcome.reply.text if isinstance(outcome, Declined) else outcome.detail))

    def _part(self) -> None:
        if self._goodbye and not self._goodbye.done():
            self._goodbye.set_result(None)
