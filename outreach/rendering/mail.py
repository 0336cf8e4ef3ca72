"""A message as the bytes that go over the wire: a prepared skeleton of headers and two bodies (RFC 5322, 2046)."""

import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from outreach.rendering.content import Content
from outreach.rendering.guard import HeaderGuardError, guard
from outreach.rendering.headers import (
    CRLF,
    address_spec,
    ascii_address,
    mailbox,
    message_id,
    thread_lines,
    token,
    unstructured,
    unsubscribe_lines,
)

__all__ = ["HeaderGuardError", "MailHeaders", "build_mail", "guard"]

_LANGUAGE = r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"
_LIST_ID = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"
_FEEDBACK_ID = r"[!-~]+"


@dataclass(frozen=True, slots=True)
class MailHeaders:
    """What stands in a mail's headers.

    ``date`` is aware. ``message_id`` may have its angle brackets. ``list_unsubscribe``: web or mail addresses
    without angle brackets; ``one_click``: the first web address takes the POST of RFC 8058. ``auto_submitted``:
    no person wrote it (RFC 3834). ``answers``: the Message-IDs of the thread, the last of which it answers.
    ``list_id`` is the bare identifier (RFC 2919).
    """

    from_name: str
    from_address: str
    to_address: str
    subject: str
    date: datetime
    message_id: str
    reply_to: str | None
    language: str
    list_id: str | None = None
    list_unsubscribe: tuple[str, ...] = ()
    one_click: bool = False
    feedback_id: str | None = None
    auto_submitted: bool = False
    precedence_bulk: bool = False
    answers: tuple[str, ...] = ()


def build_mail(headers: MailHeaders, content: Content) -> bytes:
    """The whole mail with CRLF line ends, not dot-stuffed; the same input gives the same bytes.

    The bodies come from ``content``, the subject from ``headers``. ValueError: a header cannot be written as
    it was given. HeaderGuardError: the result is not what it should be.
    """
    boundary = _boundary(headers.message_id)
    head = CRLF.join([*_lines(headers), f'Content-Type: multipart/alternative;{CRLF} boundary="{boundary}"'])
    parts = b"".join(
        (
            _part("plain", boundary, content.text),
            _part("html", boundary, content.html),
            f"--{boundary}--{CRLF}".encode("ascii"),
        )
    )
    mail = head.encode() + b"\r\n\r\n" + parts
    guard(mail)
    return mail


def _boundary(identity: str) -> str:
    """A boundary that depends on the Message-ID alone; quoted-printable text cannot hold “=_” (RFC 2045, 6.7)."""
    return "=_" + hashlib.sha256(identity.encode()).hexdigest()[:32]


def _lines(headers: MailHeaders) -> Iterator[str]:
    if headers.date.tzinfo is None:
        raise ValueError("the date of a mail needs its offset from UTC.")
    if not headers.subject.strip():
        raise ValueError("the subject of a mail is empty.")
    yield f"Date: {format_datetime(headers.date)}"
    yield mailbox("From", headers.from_name, headers.from_address)
    yield f"To: {address_spec(headers.to_address)}"
    if headers.reply_to:
        yield f"Reply-To: {ascii_address(headers.reply_to)}"
    yield unstructured("Subject", headers.subject)
    yield message_id(headers.message_id)
    yield token("Content-Language", headers.language, _LANGUAGE)
    if headers.list_id:
        yield token("List-ID", f"<{headers.list_id}>", f"<{_LIST_ID}>")
    yield from unsubscribe_lines(headers.list_unsubscribe, one_click=headers.one_click)
    if headers.feedback_id:
        yield token("Feedback-ID", headers.feedback_id, _FEEDBACK_ID)
    yield from thread_lines(headers.answers)
    if headers.auto_submitted:  # RFC 3834, 5
        yield f"Auto-Submitted: auto-{'replied' if headers.answers else 'generated'}"
    if headers.precedence_bulk:
        yield "Precedence: bulk"
    yield "MIME-Version: 1.0"


def _part(subtype: str, boundary: str, text: str) -> bytes:
    """One body, quoted-printable (RFC 2045, 6.7); “From ” at the start of a line is quoted for mailbox files."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    octets = lines.replace("\n", CRLF).encode("utf-8", "replace")
    quoted = binascii.b2a_qp(octets, istext=True)
    head = (
        f"--{boundary}{CRLF}Content-Type: text/{subtype}; charset=utf-8{CRLF}"
        f"Content-Transfer-Encoding: quoted-printable{CRLF}{CRLF}"
    )
    # The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1); the text keeps its own.
    return (head.encode("ascii") + quoted).replace(b"\r\nFrom ", b"\r\n=46rom =\r\n") + b"\r\n"
