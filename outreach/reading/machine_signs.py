"""Signs on the outside of a mail that a machine wrote it: envelope, sender, headers; never its text."""

import re
from typing import Final

from outreach.reading.mail import ReceivedMail

_DAEMON: Final = re.compile(
    r"(mailer|mail|mailserver|smtp|delivery|double)?-?_?\.?(daemon|bounces?)|maildaemon|postmaster|mdaemon|mail-?er|"
    r"microsoftexchange[0-9a-f]{8,40}|mail-?delivery(-sub)?-?system|maildeliverysystem|mail-?system|mmdf|uucp|"
    r"(complaint|bounce|delivery|ndr|dsn)s?([-_.](no-?reply|report|notification|status)\w{0,10})?|"
    r"(no-?reply[-_.])?(delivery|bounce|undeliver)\w{0,10}"
)
_DAEMON_NAME: Final = re.compile(
    r"mail(er)? ?-?(delivery|daemon|system)|delivery (sub)?system|mailer[- ]daemon|system administrator|"
    r"mail administrator|postmaster|microsoft exchange|internet mail delivery|bounced mail|delivery notification",
    re.IGNORECASE,
)
_REPORT: Final = frozenset({"multipart/report"})


def null_sender(mail: ReceivedMail) -> bool:
    """Whether the envelope had no sender, as bounces must and answers of machines should (RFC 5321, 4.5.5)."""
    paths = [str(value).strip() for value in mail.message.get_all("Return-Path", [])[:1]]
    return any(re.fullmatch(r"<\s*(?:>|#@\[\]>|mailer-daemon[^<>]{0,200}>)", path, re.IGNORECASE) for path in paths)


def daemon_sender(mail: ReceivedMail) -> bool:
    """Whether the sender is a server's own address, or calls itself so."""
    local = mail.sender.address.partition("@")[0]
    return bool(_DAEMON.fullmatch(local[:100]) or _DAEMON_NAME.search(mail.sender.name[:200]))


def auto_submitted(mail: ReceivedMail) -> str:
    """The keyword of Auto-Submitted (RFC 3834, 5); empty if there is none or it says that a person wrote."""
    keyword = mail.header("Auto-Submitted")[:100].lower().split(";")[0].split("(")[0].strip()
    return "" if keyword in {"", "no"} else keyword


def is_report(mail: ReceivedMail) -> bool:
    """Whether the whole mail is a report (RFC 6522)."""
    return mail.message.get_content_type() in _REPORT


def from_a_machine(mail: ReceivedMail) -> bool:
    """Whether any sign outside the text says that a machine wrote the mail."""
    return (
        is_report(mail)
        or null_sender(mail)
        or daemon_sender(mail)
        or bool(auto_submitted(mail))
        or any(name in mail.message for name in ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr"))
    )
