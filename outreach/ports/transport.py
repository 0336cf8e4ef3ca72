"""How a mail leaves: a transport opens sessions, a session submits one envelope after another (RFC 6409)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from outreach.domain.outcomes import NoSession, Outcome

Hold = Callable[[], asyncio.Future[None] | None]
"""What a text waits for at the moment, None if it may be written; asked again when that is done."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail to one address, ready for the wire.

    ``sender`` (MAIL FROM) and ``recipient`` (RCPT TO) are addr-specs with the domain in ASCII (RFC 5890);
    ``content`` is the whole message with CRLF line ends, not dot-stuffed. ``needs_smtputf8``: the local part of
    an address is not ASCII (RFC 6531). ``name`` is a short name for the mail, unique, fit for a file name.
    """

    sender: str
    recipient: str
    content: bytes
    name: str
    needs_smtputf8: bool = False


class MailSession(Protocol):
    """An open session. Its lane hands over a second mail while the first is under way, and never a third."""

    @property
    def usable(self) -> bool:
        """False once the connection is gone or no longer to be trusted; then ask for a new session."""
        ...

    async def submit(self, envelope: Envelope, hold: Hold | None = None) -> Outcome:
        """Try once, behind the mail that is under way; every outcome is a value, none an exception.

        No piece of the text is written while ``hold`` gives something to wait for: until what came of the mail
        before is on disk, so that after a crash at most one mail of a connection was past its final dot and nobody
        knows it; and until it is certain that the mail is still ours to submit.
        """
        ...

    async def close(self) -> None:
        """Say goodbye; never raises."""
        ...


class MailTransport(Protocol):
    """Where mails go: to a server, or into files."""

    @property
    def rehearsal(self) -> bool:
        """Whether nothing leaves the machine."""
        ...

    async def open(self) -> MailSession | NoSession:
        """A new session, or why there is none; never raises."""
        ...
