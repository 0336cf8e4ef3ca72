"""Complaints: somebody pressed the button for spam, and the provider reports it (RFC 5965)."""

import re
from typing import Final

from outreach.domain.bounces import BounceReason
from outreach.domain.replies import ReplyKind
from outreach.reading.machine_signs import from_a_machine
from outreach.reading.mail import ReceivedMail, header_text
from outreach.reading.parts import inner_mails, own_parts, own_text, quoted_ids, text_of
from outreach.reading.rules import Failure, Understood

_FIELD: Final = re.compile(r"^([A-Za-z][A-Za-z-]{1,40})[ \t]{0,5}:[ \t]{0,5}(.{1,1000})$", re.MULTILINE)
_ADDRESS: Final = re.compile(r"[^\s<>;,:()\[\]\"]{1,100}@[^\s<>;,:()\[\]\"]{1,255}")
_NO_COMPLAINT: Final = frozenset({"not-spam", "auth-failure", "dmarc"})
_RECIPIENT_FIELDS: Final = frozenset({"original-rcpt-to", "removal-recipient", "original-recipient"})
_INNER_HEADERS: Final = ("X-HmXmrOriginalRecipient", "X-Original-To", "Delivered-To", "Envelope-To")
_TEXT: Final = re.compile(
    r"(?:this is an? )?(?:e-?mail )?(?:abuse|spam|fbl|feedback(?:[- ]loop)?|complaint) report\b|"
    r"complaint about (?:your )?"
    r"(?:message|e-?mail|mail)|(?:marked|reported|flagged)(?: \S{1,40}){0,6} as (?:spam|junk)|feedback[- ]loop",
    re.IGNORECASE,
)


def feedback_report(mail: ReceivedMail) -> Understood | None:
    """The complaint, with the ids of the mail it is about; an automatic answer if the report is no complaint.

    The recipient, where the provider has not blacked it out, stands in ``failures`` with the feedback type as its
    diagnostic. Reports on authentication (RFC 6591) and "not spam" concern our account, not a person's wish.
    """
    parts = [part for part in own_parts(mail.message) if part.get_content_type() == "message/feedback-report"]
    if not parts or not (from_a_machine(mail) or _is_desk(mail.sender.address)):
        return _without_form(mail)
    text = "\n".join(text_of(part) for part in parts)
    fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(text)]
    kind = next((value.lower() for name, value in fields if name == "feedback-type"), "abuse").split()[0]
    stated = [value for name, value in fields if name in _RECIPIENT_FIELDS]
    return Understood(
        kind=ReplyKind.AUTOMATIC_ANSWER if kind in _NO_COMPLAINT else ReplyKind.COMPLAINT,
        rule=f"feedback report {kind[:40]}",
        confidence=1.0,
        failures=_recipients(mail, stated, kind),
        quoted_ids=quoted_ids(mail.message, f"{text}\n{own_text(mail.message)}"),
    )


def _without_form(mail: ReceivedMail) -> Understood | None:
    """A complaint that holds the mail it is about, but no report: as Outlook.com's programme writes them."""
    inner = inner_mails(mail.message)
    if not inner or ("X-HmXmrOriginalRecipient" not in inner[0] and not _says_complaint(mail)):
        return None
    return Understood(
        kind=ReplyKind.COMPLAINT,
        rule="complaint with the mail inside",
        confidence=0.9,
        failures=_recipients(mail, [], "abuse"),
        quoted_ids=quoted_ids(mail.message),
    )


def _says_complaint(mail: ReceivedMail) -> bool:
    text = f"{mail.subject}\n{own_text(mail.message)[:2_000]}"
    return _is_desk(mail.sender.address) and bool(_TEXT.search(text))


def _is_desk(address: str) -> bool:
    """Whether the sender is one of the addresses from which providers pass complaints on."""
    local = address.partition("@")[0]
    return bool(
        re.match(r"(?:abuse|fbl|complaints?|feedback|feedback-?loop|arf|staff|no-?reply|scomp|postmaster)\b", local)
    )


def _recipients(mail: ReceivedMail, stated: list[str], kind: str) -> tuple[Failure, ...]:
    """Who complained, as far as it is said: by the report, else by the headers of the mail inside."""
    for inner in inner_mails(mail.message)[:1]:
        stated.extend(header_text(inner.get(name, "")) for name in _INNER_HEADERS)
        stated.append(header_text(inner.get("To", "")))
    found = [address.lower() for value in stated for address in _ADDRESS.findall(value)]
    kept = tuple(
        dict.fromkeys(address for address in found if "redacted" not in address and address not in mail.to)
    )
    return (Failure(kept[:5], "", BounceReason.UNCLEAR, kind[:40]),) if kept else ()
