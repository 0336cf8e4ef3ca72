"""A message as the bytes that go over the wire: headers, two bodies, and what is attached (RFC 5322, 2046)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple

from outreach.rendering.attachments import Attachment, attached
from outreach.rendering.compiled.quoting import written
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

__all__ = ["HeaderGuardError", "Letterhead", "MailHeaders", "build_mail", "guard", "letterhead", "put_together"]

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
    return put_together(headers, written(content.text), written(content.html), attachments)


def put_together(headers: MailHeaders, text: bytes, html: bytes, attachments: Sequence[Attachment] = ()) -> bytes:
    """As ``build_mail``, with bodies that are quoted-printable already."""
    head = CRLF.join(_lines(headers)).encode() + b"\r\n"
    boundary = _boundary(headers.message_id)
    start, middle, end = _frame(boundary)
    bodies = b"".join((_multipart("alternative", boundary), start, text, middle, html, end))
    mail = head + (
        _with(attachments, _boundary(f"{headers.message_id} and more"), bodies) if attachments else bodies
    )
    guard(mail)
    return mail


def _frame(boundary: str) -> tuple[bytes, bytes, bytes]:
    """What stands around the text and the HTML, the better one last (RFC 2046, 5.1.4)."""
    # The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1); the text keeps its own.
    between = b"\r\n" + _part("html", boundary)
    return _part("plain", boundary), between, f"{CRLF}--{boundary}--{CRLF}".encode("ascii")


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
    if not headers.subject.strip():
        raise ValueError("the subject of a mail is empty.")
    yield date_line(headers.date).rstrip()
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


def _part(subtype: str, boundary: str) -> bytes:
    """The head of a body, quoted-printable (RFC 2045, 6.7)."""
    return (
        f"--{boundary}{CRLF}Content-Type: text/{subtype}; charset=utf-8{CRLF}"
        f"Content-Transfer-Encoding: quoted-printable{CRLF}{CRLF}"
    ).encode("ascii")


class Letterhead(NamedTuple):
    """The headers of a mailing's mails, with a ``%(name)s`` for what differs, and what stands around their bodies.

    One boundary serves all, because quoted-printable cannot hold it.
    """

    headers: str
    frame: tuple[bytes, bytes, bytes]


def letterhead(headers: MailHeaders, differing: Mapping[str, str], identity: str) -> Letterhead:
    """The letterhead of mails like this one.

    ``differing`` names what in its headers is its own: addresses and tokens, each unlike anything else. Date and
    Subject differ always, as whole lines. ``identity`` tells the boundary from another mailing's.
    """
    boundary = _boundary(identity)
    lines = {line.partition(":")[0]: line + CRLF for line in _lines(headers)}
    form = "".join(lines.values()) + _multipart("alternative", boundary).decode("ascii")
    form = form.replace("%", "%%")
    for name, own in {"date": lines["Date"], "subject": lines["Subject"], **differing}.items():
        form = form.replace(own.replace("%", "%%"), f"%({name})s")
    return Letterhead(form, _frame(boundary))


@lru_cache(maxsize=64)
def date_line(date: datetime) -> str:
    """The Date line, with its end (RFC 5322, 3.6.1)."""
    if date.tzinfo is None:
        raise ValueError("the date of a mail needs its offset from UTC.")
    return f"Date: {format_datetime(date)}{CRLF}"
