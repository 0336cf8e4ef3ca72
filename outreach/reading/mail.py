"""A received mail as far as it can be read: who, to whom, about what, in answer to what.

Whatever the bytes are, reading them gives a ``ReceivedMail``; what could not be read is said in ``problems``.
"""

import email
import email.policy
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from outreach.reading.charsets import decoded

LONGEST_HEADER = 262_144
"""Octets of headers that are read; a mail with more is for a person."""
MOST_PARTS = 1_000
ADDRESSED = (
    "delivered-to",
    "x-delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "to",
    "cc",
    "resent-to",
)
_ID = re.compile(r"<[^<>\s]{1,990}>")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail says it is from; either may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail, read.

    ``to`` holds every address it was written or delivered to, in lower case. ``answers`` are the Message-IDs it
    refers to, with their angle brackets: In-Reply-To first, then References from the newest (RFC 5322, 3.6.4).
    ``date`` is aware, in UTC; None if it says none that makes sense. ``problems`` are sentences for a person.
    """

    message: Message
    sender: Sender
    to: tuple[str, ...]
    subject: str
    message_id: str
    answers: tuple[str, ...]
    date: datetime | None
    problems: tuple[str, ...] = ()

    @property
    def reply_to(self) -> str:
        """The one address that answers shall go to; empty if it names none, or several."""
        found = getaddresses([first_header(self.message, "Reply-To")])
        return found[0][1].strip() if len(found) == 1 else ""

    def header(self, name: str) -> str:
        """A header's value, decoded and on one line; empty if it is not there."""
        return header_text(first_header(self.message, name))


def read_mail(raw: bytes) -> ReceivedMail:
    """The mail that the bytes hold; never raises for what they hold."""
    head, problems = _too_much(raw)
    message = email.message_from_bytes(raw if head is None else head, policy=email.policy.compat32)
    sender = _sender(message)
    return ReceivedMail(
        message=message,
        sender=sender,
        to=_addressed(message),
        subject=header_text(first_header(message, "Subject")),
        message_id=_first_id(message.get("Message-ID", "")),
        answers=_answers(message),
        date=_date(message),
        problems=problems,
    )


def _too_much(raw: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """The part of the mail that is read when the whole would take too long, and why; None for the whole."""
    end = re.search(rb"\r?\n\r?\n", raw)
    head = end.start() if end else len(raw)
    if head > LONGEST_HEADER:
        return raw[:LONGEST_HEADER], (f"The headers are {head:,} bytes long; only the first were read.",)
    if raw.count(b"\n--") > 2 * MOST_PARTS:
        return raw[:head] + b"\n\n", ("The mail has too many parts to be read.",)
    return None, ()


def first_header(message: Message, name: str) -> str:
    """The first header of that name as it was written; octets that are no ASCII become what they seem to be."""
    for each, value in message.raw_items():
        if each.lower() == name.lower():
            text = str(value)
            return text if text.isascii() else decoded(text.encode("utf-8", "surrogateescape"), "")
    return ""


def header_text(value: object) -> str:
    """A header's value with its encoded words decoded (RFC 2047), white space as one space."""
    text = str(value)
    with suppress(ValueError, LookupError, UnicodeError, MessageError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.encode("utf-8", "replace").decode("utf-8", "replace").split())


def _sender(message: Message) -> Sender:
    found = getaddresses([first_header(message, "From")])
    name, address = found[0] if found else ("", "")
    return Sender(header_text(name), address.strip().lower())


def _addressed(message: Message) -> tuple[str, ...]:
    values = [str(value) for name in ADDRESSED for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address.lower() for _, address in getaddresses(values) if "@" in address))


def _answers(message: Message) -> tuple[str, ...]:
    replied = _ID.findall(str(message.get("In-Reply-To", "")))
    references = _ID.findall(" ".join(str(value) for value in message.get_all("References", [])))
    return tuple(dict.fromkeys([*replied, *reversed(references)]))


def _first_id(value: object) -> str:
    found = _ID.search(str(value))
    return found.group() if found else ""


def _date(message: Message) -> datetime | None:
    try:
        date = parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    try:
        return date.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
