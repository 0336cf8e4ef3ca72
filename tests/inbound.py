"""Mail that comes back, for tests: written with few words, and taken in as the worker does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from threading import Event

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.tokens import TAGS, Purpose, mint
from outreach.ports.mailbox import Arrival, Place
from outreach.reading.understanding import hear
from outreach.rendering.composing import message_id
from outreach.store.inbound import set_out, take_in
from outreach.store.tables import InboundMail, Message, Reply
from outreach.usecases.process_mail import process_mail
from tests.make import NOON

MAILS = Path(__file__).parent / "mail"
OURS = "calls@lanterncoast.coop"
SAMPLE_REPLY = "calls+ra5xq2mzkc7rtnw4yhbe6@lanterncoast.example"
SAMPLE_RETURN = "calls+bq7wm3nvt5kyzr2hdcx4a@lanterncoast.example"
SAMPLE_MESSAGE_ID = "g4tzs6pkw2vhnq5rmyc3xbe7@lanterncoast.example"


def written(
    sender: str,
    text: str,
    *,
    to: str = OURS,
    subject: str = "Re: Please sign",
    answers: str = "",
    **headers: str,
) -> bytes:
    """A mail that a person writes; ``headers`` are named with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Tue, 12 Jan 2027 09:30:00 +0100"
    mail["Message-ID"] = f"<{abs(hash((sender, text, to, subject, answers)))}@mail.harbourlight.example>"
    if answers:
        mail["In-Reply-To"] = answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def tagged(message: Message, purpose: Purpose, house: House) -> str:
    """The address of ours that says which message it is about."""
    local, _, domain = house.settings.sender.address.partition("@")
    return f"{local}+{TAGS[purpose]}{mint(house.link_key, purpose, message.id or 0)}@{domain}"


def answer_to(message: Message, house: House) -> str:
    """Where an answer to the message goes."""
    return tagged(message, Purpose.REPLY, house)


def failure_report(
    message: Message,
    house: House,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 No such user here",
    recipient: str = "",
    to: str = "",
    returned: bool = True,
) -> bytes:
    """A report (RFC 3464) that the message could not be delivered."""
    original = f"Message-ID: {message_id(message.id or 0, house)}\nSubject: Please sign\n" if returned else ""
    return (
        "Return-Path: <>\n"
        "From: Mail Delivery System <MAILER-DAEMON@mx.harbourlight.example>\n"
        f"To: {to or tagged(message, Purpose.RETURN, house)}\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Date: Tue, 12 Jan 2027 09:30:00 +0100\n"
        "Auto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
        "--=_b\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n"
        "--=_b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.harbourlight.example\n\n"
        f"Final-Recipient: rfc822; {recipient or message.address}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {diagnostic}\n\n"
        f"--=_b\nContent-Type: text/rfc822-headers\n\n{original}From: {OURS}\n\n--=_b--\n"
    ).encode()


def stored(session: Session, raw: bytes, *, at: datetime = NOON, number: str = "") -> bool:
    """The mail, stored as it arrives; whether it is new."""
    count = len(session.exec(select(InboundMail.id)).all())
    place = Place("INBOX", "1", number or str(count + 1))
    return bool(take_in(session, [Arrival(place, raw, len(raw))], now=at))


def processed(session: Session, house: House, *, now: datetime = NOON) -> list[Reply]:
    """Everything that is stored, processed as the worker does it; the replies it became."""
    replies: list[Reply] = []
    while waiting := set_out(session):
        for one in waiting:
            heard = hear(one.content, whole=one.whole, given_up=one.given_up)
            reply = process_mail(session, one, heard, now=now, house=house)
            replies += [reply] if reply else []
    return replies


def arrived(session: Session, house: House, raw: bytes, *, at: datetime = NOON) -> Reply:
    """The reply that a mail becomes."""
    stored(session, raw, at=at)
    (reply,) = processed(session, house, now=at)
    return reply


@dataclass
class MemoryMailbox:
    """A mailbox in memory: ``mails`` by number, in one folder."""

    mails: dict[int, bytes] = field(default_factory=dict)
    incarnation: str = "1"
    moved: list[str] = field(default_factory=list)
    fetched: int = 0
    opened: int = 0

    def put(self, raw: bytes) -> None:
        """One more mail arrives."""
        self.mails[max(self.mails, default=0) + 1] = raw

    @contextmanager
    def open(self) -> Iterator["MemoryMailbox"]:
        self.opened += 1
        yield self

    def folders(self) -> Sequence[tuple[str, str]]:
        return [("INBOX", self.incarnation)]

    def numbers(self, folder: str, *, after: str = "") -> Sequence[str]:  # noqa: ARG002  one folder
        return [str(number) for number in sorted(self.mails) if number > int(after or 0)]

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        for number in numbers:
            if int(number) in self.mails:
                self.fetched += 1
                raw = self.mails[int(number)]
                kept = raw if len(raw) <= largest else raw[:1000]
                yield Arrival(Place(folder, self.incarnation, number), kept, len(raw))

    def move(self, folder: str, numbers: Sequence[str], to: str) -> None:  # noqa: ARG002  as above
        for number in numbers:
            if self.mails.pop(int(number), None) is not None:
                self.moved.append(number)

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:  # noqa: ARG002  as above
        """Another mail may arrive at any time."""
        Event().wait(0.005)
