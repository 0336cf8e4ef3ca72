"""The demo's mail world: one real SMTP server that behaves as real ones do, and a Maildir for everybody."""

import mailbox
import re
from asyncio import Server
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
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
                self._deliver(envelope.mail_from or "", _bounce(address, envelope, self.clock.now()))
            else:
                self._deliver(address, content)
        return "250 2.0.0 Taken"

    def _deliver(self, address: str, content: bytes) -> None:
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
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "Mail Delivery System <mailer-daemon@mx.example>"
    report["To"] = envelope.mail_from or ""
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(now)
    report["Message-ID"] = make_msgid(domain="mx.example")
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"Your mail to {address} could not be delivered: the mailbox is gone.\n"))
    status = MIMEBase("message", "delivery-status")
    status.set_payload(
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {address}\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 mailbox unavailable\r\n"
    )
    report.attach(status)
    headers = (envelope.original_content or b"").split(b"\r\n\r\n", 1)[0]
    report.attach(MIMEText(headers.decode("utf-8", "replace"), "rfc822-headers"))
    return report.as_bytes()


def serve_world(world: World) -> Controller:
    """The world's server, started on a free port of this machine in a thread of its own; ``.port`` says which."""
    controller = Controller(world, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True, decode_data=False)
    controller.start()
    if isinstance(controller.server, Server):  # started, so that its sockets know the free port they got
        controller.port = controller.server.sockets[0].getsockname()[1]
    return controller
