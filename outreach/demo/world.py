"""The demo's mail world: one real SMTP server that behaves as real ones do, and a Maildir for everybody."""

import mailbox
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from outreach.demo.cast import Part, Person
from outreach.ports.clock import Clock

GREYLISTED_FOR = timedelta(minutes=4)
_TAG = re.compile(r"\+[^@]*@")
_REPORT = """\
From: Mail Delivery System <mailer-daemon@mx.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="report"

--report
Content-Type: text/plain; charset=utf-8

Your mail to {address} could not be delivered: the mailbox is gone.

--report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 mailbox unavailable

--report
Content-Type: text/rfc822-headers; charset=utf-8

{headers}

--report--
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail in somebody's mailbox: when by the story's clock, for whom, of what kind, and its bytes."""

    at: datetime
    address: str
    kind: str
    message_id: str
    content: bytes

    def text(self) -> str:
        """The plain-text part, as a mail reader shows it."""
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101  what the default policy makes
        body = message.get_body(("plain",))
        return str(body.get_content()) if body is not None else ""


@dataclass
class World:
    """Every mailbox but ours, the servers in front of them, and ours too."""

    folder: Path
    clock: Clock
    people: Mapping[str, Person]
    arrivals: list[Arrival] = field(default_factory=list)
    _greeted: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    async def handle_RCPT(  # noqa: N802  aiosmtpd names it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[Any]
    ) -> str:
        """What the recipient's server says: yes, not now, or never."""
        envelope.rcpt_tos.append(address)
        reply = self._reply(address)
        if not reply.startswith("250"):
            envelope.rcpt_tos.remove(address)
        return reply

    def _reply(self, address: str) -> str:
        person = self.people.get(address)
        match person.part if person else Part.SILENT:
            case Part.NO_SUCH_ADDRESS:
                return "550 5.1.1 There is nobody of that name here"
            case Part.BLOCKED:
                return "554 5.7.1 We do not take mail from there"
            case Part.NEVER_NOW:
                return "451 4.3.2 Please come back later"
            case Part.GREYLISTED:
                first = self._greeted.setdefault(address, self.clock.now())
                if self.clock.now() < first + GREYLISTED_FOR:
                    return "451 4.7.1 Greylisted, please try again in a few minutes"
        return "250 2.1.5 Go ahead"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Put the mail into the mailbox, or take it and bounce it."""
        content = envelope.original_content or b""
        for address in envelope.rcpt_tos:
            person = self.people.get(address)
            if person is not None and person.part is Part.BOUNCES_LATER:
                self.deliver(envelope.mail_from or "", _bounce(address, envelope, self.clock.now()))
            else:
                self.deliver(address, content)
        return "250 2.0.0 Taken"

    def deliver(self, address: str, content: bytes) -> None:
        """Put a mail into a mailbox, whatever stands behind a + in its address."""
        home = _TAG.sub("@", address)
        with self._lock:
            mailbox.Maildir(self.folder / home).add(content)
            message = message_from_bytes(content)
            kind = (message["Feedback-ID"] or "::").split(":")[1]
            self.arrivals.append(Arrival(self.clock.now(), home, kind, str(message["Message-ID"] or ""), content))

    def since(self, seen: int) -> list[Arrival]:
        """The arrivals after the first ``seen``."""
        with self._lock:
            return self.arrivals[seen:]


def _bounce(address: str, envelope: Envelope, now: datetime) -> bytes:
    """A delivery status notification (RFC 3464): taken, but could not be delivered after all."""
    headers = (envelope.original_content or b"").split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
    return _REPORT.format(
        to=envelope.mail_from,
        date=format_datetime(now),
        message_id=make_msgid(domain="mx.example"),
        address=address,
        headers=headers.replace("\r\n", "\n"),
    ).encode()


def serve_world(world: World) -> Controller:
    """The world's server, started on a free port of this machine in a thread of its own; ``.port`` says which."""
    controller = Controller(world, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True, decode_data=False)
    controller.start()
    return controller


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
