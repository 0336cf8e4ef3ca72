"""What the tests of the mail adapters share: an envelope, and a way to the scripted server."""

from typing import Any

from outreach.adapters.smtp import SmtpAccount, SmtpTimeouts, SmtpTransport
from outreach.domain.outcomes import NoSession, Outcome
from outreach.ports.transport import Envelope, MailSession
from tests.parts.servers import ScriptedServer

TEXT = b"From: rosa@coalition.example\r\nSubject: A letter\r\n\r\nWill you sign?\r\n"
PATIENT = SmtpTimeouts.around(20)
IMPATIENT = SmtpTimeouts(*[0.8] * 10)  # long enough for a handshake on a busy machine


def envelope(content: bytes = TEXT, **changes: Any) -> Envelope:
    given = {"sender": "rosa@coalition.example", "recipient": "idris@signers.example", "name": "m1"}
    return Envelope(**{**given, "content": content, **changes})


def account(server: ScriptedServer, **changes: Any) -> SmtpAccount:
    given: dict[str, Any] = {"host": "127.0.0.1", "security": "none", "hello": "here.example", "timeouts": PATIENT}
    return SmtpAccount(port=server.port, **{**given, **changes})


async def opened(server: ScriptedServer, **changes: Any) -> MailSession:
    session = await SmtpTransport(account(server, **changes)).open()
    assert not isinstance(session, NoSession), session
    return session


async def not_opened(server: ScriptedServer, **changes: Any) -> NoSession:
    session = await SmtpTransport(account(server, **changes)).open()
    assert isinstance(session, NoSession), "a session was opened"
    return session


async def submitted(server: ScriptedServer, mail: Envelope | None = None, **changes: Any) -> tuple[Outcome, bool]:
    """The outcome, and whether the session could still be used after it."""
    session = await opened(server, **changes)
    outcome = await session.submit(mail or envelope())
    usable = session.usable
    await session.close()
    return outcome, usable
