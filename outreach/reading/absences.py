"""Absences: a machine says that its person is away, perhaps until a day."""

import re
from datetime import date, timedelta
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from outreach.domain.replies import ReplyKind
from outreach.reading.absence_dates import begins_later, last_day
from outreach.reading.absence_words import AWAY, LEFT, SUBJECT_AWAY
from outreach.reading.automatic_words import RECEIVED, STATED, SUBJECT_AUTOMATIC, language_of
from outreach.reading.bodies import readable
from outreach.reading.human_words import BY_HAND, ENGAGED, greets_somebody
from outreach.reading.machine_signs import answers_by_itself
from outreach.reading.mail import ReceivedMail
from outreach.reading.quotes import new_text
from outreach.reading.return_words import RETURNS, UNREAD
from outreach.reading.rules import Understood
from outreach.reading.sentences import folded

LONGEST_READ: Final = 6_000
LONGEST_NOTICE: Final = 150
"""Words of a text that may be an absence by its words alone; a machine's is short."""
_REPLY_MARK: Final = re.compile(
    r"\s*(?:re|aw|sv|tr|rv|res|antw|fwd?|wg|ответ|رد)\s?(?:\[\d{1,3}\])?\s?:", re.IGNORECASE
)
_IN_SUBJECT: Final = re.compile(r"\(([^()]{4,60})\)")
_CONTACT: Final = re.compile(
    r"[^\s@]@[^\s@]|urgen|dringend|срочн|عاجل|الطارئ|covering for|vertretung|remplac|\+\d\d"
)


def absence(mail: ReceivedMail) -> Understood | None:
    """The absence with its last day; None if nothing shows that a machine wrote, or it speaks of no absence.

    The outside of the mail proves the machine, or its subject, or a statement in its text; without any of these the
    text must be one that nobody writes by hand who has read our mail.
    """
    new = new_part(mail)
    text = comparable(new)
    if language_of(LEFT, text):
        return None
    opening = subject_opening(mail.subject)
    named, away = language_of(SUBJECT_AWAY, opening), language_of(AWAY, text)
    until = last_day(f"{_aside(mail)}\n{new}", _day_of(mail), month_first=_month_first(mail, away or named))
    rule = _rule(mail, text, opening, named, away, until)
    if rule is None:
        return None
    language = away or named or language_of(RETURNS, text)
    name, confidence = rule
    return Understood(
        ReplyKind.OUT_OF_OFFICE, f"{name} {language}".strip(), confidence, language=language, until=until
    )


def _rule(
    mail: ReceivedMail, text: str, opening: str, named: str, away: str, until: date | None
) -> tuple[str, float] | None:
    """Which sign shows that the absence is a machine's, and how surely; None if a person may have written it."""
    if answers_by_itself(mail):
        stated = until is not None and not language_of(RECEIVED, text)
        return ("absence phrase", 0.95) if named or away or stated or language_of(RETURNS, text) else None
    if not _is_short(text) or ENGAGED.search(text) or BY_HAND.search(text) or _is_personal(mail, text):
        return None
    if away and language_of(STATED, text):
        return "absence that calls itself automatic", 0.9
    opened = named or (language_of(SUBJECT_AUTOMATIC, opening) and (away or language_of(RETURNS, text)))
    if opened and not _REPLY_MARK.match(mail.subject):
        return "absence subject", 0.85
    if away and _goes_with_absence(text, until):
        return "absence text", 0.6
    return None


def _is_personal(mail: ReceivedMail, text: str) -> bool:
    """Whether the text greets somebody by name, as few machines can, or announces an absence that has not begun."""
    named = " ".join(folded(name) for name, _ in getaddresses([mail.header("To")[:1_000]])[:5] if "@" not in name)
    ours = set(re.findall(r"\w{3,}", named))
    greeting = re.match(r"\W*(?:[\w'.-]{1,20}\W{1,3}){0,3}?(\w{3,})\s*[,!:.-]", text[:80])
    by_name = greets_somebody(text) or bool(greeting and greeting.group(1) in ours)
    return by_name or begins_later(text, _day_of(mail))


def _goes_with_absence(text: str, until: date | None) -> bool:
    """Thanks for a mail as such, or that nobody reads; and a day, or somebody to turn to."""
    return bool(language_of(UNREAD, text)) and (until is not None or bool(_CONTACT.search(text)))


def _is_short(text: str) -> bool:
    return len(text.split()) <= LONGEST_NOTICE


@lru_cache(maxsize=1)
def new_part(mail: ReceivedMail) -> str:
    """What the mail says itself; remembered for the rules that look at the same mail one after the other."""
    return new_text(readable(mail))[:LONGEST_READ]


def comparable(text: str) -> str:
    """The beginning of a text folded, on one line."""
    return re.sub(r"\s+", " ", folded(text[:LONGEST_READ]))


def subject_opening(subject: str) -> str:
    """The folded beginning of a subject, where programs and people put what their answer is; "Re:" kept out."""
    plain = re.sub(r"^[\s\[\](*!\"-]{1,10}", "", folded(subject[:300]))
    return re.split(r"[:\])]| re ?:| - ", plain)[0][:80]


def _aside(mail: ReceivedMail) -> str:
    """What the subject says in parentheses, as Notes does: (returning 03/08/2027)."""
    if _REPLY_MARK.match(mail.subject):
        return ""
    return ". ".join(_IN_SUBJECT.findall(mail.subject[:300]))


def _day_of(mail: ReceivedMail) -> date | None:
    return mail.date.date() if mail.date else None


def _month_first(mail: ReceivedMail, language: str) -> bool | None:
    """Whether the writer puts the month before the day: English in an American zone; unknown without a zone."""
    if language != "en" or "en-gb" in mail.header("Content-Language").lower():
        return False
    try:
        offset = parsedate_to_datetime(str(mail.message.get("Date", ""))).utcoffset()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if not offset:
        return None
    return timedelta(hours=-11) <= offset <= timedelta(hours=-3)
