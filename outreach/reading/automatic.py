"""Whatever else a machine writes: receipts of offices, tickets, challenges, lists, calendars, our own mail."""

import hashlib
import re
from typing import Final

from outreach.domain.replies import ReplyKind
from outreach.reading.absence_words import LEFT
from outreach.reading.absences import comparable, new_part, subject_opening
from outreach.reading.automatic_words import RECEIVED, STATED, SUBJECT_AUTOMATIC, language_of
from outreach.reading.human_words import BY_HAND, ENGAGED
from outreach.reading.machine_signs import answers_by_itself, auto_submitted, automatic_header, null_sender
from outreach.reading.mail import ReceivedMail
from outreach.reading.notice_words import CHALLENGE
from outreach.reading.parts import own_parts, own_text, quoted_ids, text_of
from outreach.reading.return_words import UNREAD
from outreach.reading.rules import Understood
from outreach.reading.sentences import folded
from outreach.reading.stops import ANSWERS_SUBJECT, is_stop

_UNATTENDED: Final = re.compile(
    r"(?<![a-z])(?:no|not|do-?not|dont|ne-?pas|nao|no-?se|nicht)[-_.]?(?:reply|respond|answer|"
    r"repondre|responda|responder|"
    r"antworten|contestar)|noreply|(?<![a-z])(?:auto|automat)[-_.]?(?:reply|responder|mailer|"
    r"notif\w{0,10}|confirm)|"
    r"autoreply|"
    r"(?<![a-z])(?:notifications?|unattended|robot|mailbot)(?![a-z])"
)
_LIST_NOTICE: Final = re.compile(
    r"\b(?:sympa|majordomo|listserv|mailman|owner-[\w.-]{1,60}|[\w.-]{1,60}-(?:bounces|owner|request|"
    r"confirm))(?:\+[^@]{0,80})?$"
)
_LIST_HEADERS: Final = ("Precedence", "List-Id", "X-Mailman-Version", "X-Loop", "X-BeenThere", "X-Listname")
_LIST_WORDS: Final = re.compile(
    r"moderat|\bheld\b|awaits|rejected|rejete|not allowed|non-?member|subscri|approval|abonne|zuruckgewiesen|"
    r"abgelehnt|moderiert|"
    r"rechazad|suscri|moderacao|inscri|confirm|модерац|подпис"
)
_CALENDAR: Final = re.compile(
    r"^METHOD:\s{0,3}(?:REPLY|COUNTER|DECLINECOUNTER|REFRESH)\s*$", re.IGNORECASE | re.MULTILINE
)
_LONGEST_BUTTON: Final = 40
"""Words."""
_TICKETS: Final = (
    "X-Zendesk-From-Account-Id",
    "X-RT-Loop-Prevention",
    "RT-Ticket",
    "X-OTRS-Ticket",
    "X-Freshdesk-Ticket-Id",
    "X-JIRA-FingerPrint",
    "X-Jira-Fingerprint",
    "X-Zammad-Ticket-Id",
    "X-Redmine-Issue-Id",
    "X-GLPI-Item-ID",
    "X-Delivery-Context",
)
_TICKET_MAILERS: Final = re.compile(
    r"otrs|znuny|zendesk|zammad|osticket|kayako|freshdesk|help ?scout|jira|request tracker|glpi|redmine|faveo|"
    r"deskpro",
    re.IGNORECASE,
)


def own_mail(mail: ReceivedMail) -> Understood | None:
    """A mail that a program like this one wrote by itself: only such have that boundary or Feedback-ID.

    What a person wrote through it has the boundary too, and says of itself neither that it is automatic nor bulk.
    """
    identity = mail.message_id.encode()
    boundary = "=_" + hashlib.sha256(identity).hexdigest()[:32]
    ours = bool(identity) and mail.message.get_boundary("") == boundary
    by_itself = "Auto-Submitted" in mail.message or "Precedence" in mail.message
    if not (ours and by_itself) and not mail.header("Feedback-ID").endswith(":outreach"):
        return None
    return Understood(ReplyKind.AUTOMATIC_ANSWER, "our own mail", 1.0, quoted_ids=(mail.message_id,))


def calendar_reply(mail: ReceivedMail) -> Understood | None:
    """Somebody's calendar accepts or declines (RFC 5546, 3.2.3); a click is no answer to a letter."""
    for part in own_parts(mail.message):
        if part.get_content_type() != "text/calendar":
            continue
        stated = str(part.get("Content-Type", ""))[:1_000].lower()
        if re.search(r"method=\"?(?:reply|counter|refresh)", stated) or _CALENDAR.search(text_of(part)):
            return Understood(ReplyKind.AUTOMATIC_ANSWER, "calendar reply", 1.0)
    return None


def list_notice(mail: ReceivedMail) -> Understood | None:
    """What a mailing list's program writes in its own name: held, refused, confirm; not what people write on it."""
    administrative = mail.header("X-List-Administrivia").lower() == "yes"
    text = folded(f"{mail.subject}\n{own_text(mail.message)[:1_500]}")
    from_program = bool(_LIST_NOTICE.search(mail.sender.address.partition("@")[0]))
    by_itself = answers_by_itself(mail) or any(name in mail.message for name in _LIST_HEADERS)
    if not administrative and not (from_program and by_itself and _LIST_WORDS.search(text)):
        return None
    return Understood(ReplyKind.AUTOMATIC_ANSWER, "list notice", 0.95, quoted_ids=quoted_ids(mail.message))


def automatic_answer(mail: ReceivedMail) -> Understood | None:
    """Any other answer that a machine gives, by its headers, else by what it says of itself."""
    text = comparable(new_part(mail))
    if _is_button(mail, text):
        return None
    rule, confidence = _by_headers(mail) or _by_words(mail, text) or ("", 0.0)
    if not rule:
        return None
    language = language_of(LEFT, text) or language_of(STATED, text) or language_of(RECEIVED, text)
    return Understood(ReplyKind.AUTOMATIC_ANSWER, rule, confidence, language=language)


def _is_button(mail: ReceivedMail, text: str) -> bool:
    """Whether a person's program writes for them that they want no more mail, and says that it does so itself."""
    answers = ANSWERS_SUBJECT.match(mail.subject) or auto_submitted(mail) == "auto-replied" or null_sender(mail)
    return not answers and is_stop(mail.subject) and len(text.split()) <= _LONGEST_BUTTON


def _by_headers(mail: ReceivedMail) -> tuple[str, float] | None:
    header = automatic_header(mail)
    if header:
        return f"{header} header", 1.0 if header == "auto-submitted" else 0.95
    if null_sender(mail):
        return "no envelope sender", 0.9
    return None


def _by_words(mail: ReceivedMail, text: str) -> tuple[str, float] | None:
    """Signs that take one another's word: who writes, what the subject opens with, what the text says of itself."""
    stated, received = language_of(STATED, text), language_of(RECEIVED, text)
    said = stated or received or language_of(LEFT, text)
    unattended = _is_unattended(mail)
    machine = unattended or _from_tickets(mail) or _in_bulk(mail)
    if CHALLENGE.search(text) and (machine or stated):
        return "challenge", 0.9
    if machine and said:
        return f"automatic phrase {said}", 0.9
    if unattended:
        return "address that nobody reads", 0.85
    if ENGAGED.search(text) or BY_HAND.search(text):
        return None
    return (f"automatic phrase {stated}", 0.8) if stated else _by_subject(mail, text, said)


def _by_subject(mail: ReceivedMail, text: str, said: str) -> tuple[str, float] | None:
    """The subject alone is no sign: who answers an automatic answer by hand keeps it."""
    opening = language_of(SUBJECT_AUTOMATIC, subject_opening(mail.subject))
    if opening and (said or language_of(UNREAD, text)):
        return f"automatic subject {opening}", 0.75
    return None


def _is_unattended(mail: ReceivedMail) -> bool:
    """Whether the sender's address says that nobody reads it, and no other is given, as by web forms."""
    reply_to = mail.header("Reply-To")[:1_000].lower()
    if (
        "@" in reply_to
        and mail.sender.address not in reply_to
        and not _UNATTENDED.search(reply_to.partition("@")[0])
    ):
        return False
    return bool(_UNATTENDED.search(mail.sender.address.partition("@")[0][:100]))


def _from_tickets(mail: ReceivedMail) -> bool:
    """Whether a ticket system wrote the mail; clerks answer through them too, so this alone says nothing."""
    return any(name in mail.message for name in _TICKETS) or bool(
        _TICKET_MAILERS.search(mail.header("X-Mailer")[:200])
    )


def _in_bulk(mail: ReceivedMail) -> bool:
    return mail.header("Precedence").lower() in {"bulk", "junk"} and "List-Id" not in mail.message
