"""A message as the bytes that go over the wire: headers, two bodies, and what is attached (RFC 5322, 2046)."""

import binascii
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from outreach.rendering.attachments import Attachment, attached
from outreach.rendering.content import Content
from outreach.rendering.guard import HeaderGuardError, guard
from outreach.rendering.headers import (
    CRLF,
    address_spec,
    addresses,
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
    ``list_id`` is the bare identifier (RFC 2919). ``copies_to``: who gets a copy, as every reader is shown.
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
    copies_to: tuple[str, ...] = ()


def build_mail(headers: MailHeaders, content: Content, attachments: Sequence[Attachment] = ()) -> bytes:
    """The whole mail with CRLF line ends, not dot-stuffed; the same input gives the same bytes.

    The bodies come from ``content``, the subject from ``headers``; what is attached follows them in its order.
    ValueError: a header cannot be written as it was given. HeaderGuardError: the result is not what it should be.
    """
    head = CRLF.join(_lines(headers)).encode() + b"\r\n"
    bodies = _bodies(_boundary(headers.message_id), content)
    mail = head + (
        _with(attachments, _boundary(f"{headers.message_id} and more"), bodies) if attachments else bodies
    )
    guard(mail)
    return mail


def _bodies(boundary: str, content: Content) -> bytes:
    """The text in both forms, the better one last (RFC 2046, 5.1.4), with the lines that say so."""
    end = f"--{boundary}--{CRLF}".encode("ascii")
    texts = _part("plain", boundary, content.text) + _part("html", boundary, content.html)
    return _multipart("alternative", boundary) + texts + end


def _with(attachments: Sequence[Attachment], boundary: str, bodies: bytes) -> bytes:
    """The bodies, and after them what is attached (RFC 2046, 5.1.3)."""
    delimiter = f"--{boundary}{CRLF}".encode("ascii")
    pieces = [_multipart("mixed", boundary), delimiter, bodies]
    for one in attachments:
        pieces += [delimiter, attached(one)]
    return b"".join([*pieces, f"--{boundary}--{CRLF}".encode("ascii")])


def _multipart(subtype: str, boundary: str) -> bytes:
    return f'Content-Type: multipart/{subtype};{CRLF} boundary="{boundary}"{CRLF}{CRLF}'.encode("ascii")


def _boundary(identity: str) -> str:
    """A boundary that depends on the Message-ID alone; neither quoted-printable nor base64 can hold “=_”."""
    return "=_" + hashlib.sha256(identity.encode()).hexdigest()[:32]


def _lines(headers: MailHeaders) -> Iterator[str]:
    if headers.date.tzinfo is None:
        raise ValueError("the date of a mail needs its offset from UTC.")
    if not headers.subject.strip():
        raise ValueError("the subject of a mail is empty.")
    yield f"Date: {format_datetime(headers.date)}"
    yield mailbox("From", headers.from_name, headers.from_address)
    yield f"To: {address_spec(headers.to_address)}"
    if headers.copies_to:
        yield addresses("Cc", headers.copies_to)
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
