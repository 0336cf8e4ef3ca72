"""Notices of offices and filters that no header gives away: several signs in a short text that greets nobody."""

import re
from typing import Final

from outreach.domain.replies import ReplyKind
from outreach.reading.absence_words import LEFT
from outreach.reading.absences import LONGEST_NOTICE, comparable, new_part
from outreach.reading.automatic_words import RECEIVED, STATED, language_of
from outreach.reading.human_words import BY_HAND, ENGAGED, greets_somebody
from outreach.reading.languages import likely
from outreach.reading.mail import ReceivedMail
from outreach.reading.notice_words import SIGNS, SUBJECT_NOTICE, Sign
from outreach.reading.officials import is_official
from outreach.reading.passages import passages
from outreach.reading.return_words import UNREAD
from outreach.reading.rules import Understood
from outreach.reading.sentences import folded, sentences
from outreach.reading.signals import Signal, signals

_QUOTED: Final = re.compile(r'"[^"\n]{1,150}"')
_ADDRESS: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,200}")
_DATED: Final = re.compile(r"\d{1,2}\.? (?:de )?[^\W\d]{3,12}|\d{1,2}[./]\d{1,2}")


def notice(mail: ReceivedMail) -> Understood | None:
    """A challenge, a receipt, or a mailbox that nobody reads any more; None if a person may have written it."""
    text = comparable(new_part(mail))
    if len(text.split()) > LONGEST_NOTICE or greets_somebody(text):
        return None
    found = {sign: language for sign, phrases in SIGNS.items() if (language := language_of(phrases, text))}
    if is_challenge(text):
        return _as("challenge", found[Sign.PROVE], 0.85)
    named, language = _given_up_or_receipt(mail, text, found)
    return _as(named, language, 0.7) if language else None


def _given_up_or_receipt(mail: ReceivedMail, text: str, found: dict[Sign, str]) -> tuple[str, str]:
    """Which of the two the text is, and its language; nothing if it answers, or wants what only people want."""
    wants = _wants(mail)
    if _is_answer(mail, text) or not wants.isdisjoint({Signal.SIGN, Signal.CONDITION, Signal.WOULD}):
        return "", ""
    if language := _disused(mail, text, found):
        return "address given up", language
    return "receipt of an office", "" if Signal.DECLINE in wants else _receipt(mail, text, found)


def _as(rule: str, language: str, confidence: float) -> Understood:
    return Understood(ReplyKind.AUTOMATIC_ANSWER, f"{rule} {language}", confidence, language=language)


def is_challenge(text: str) -> bool:
    """Whether a folded text asks for a click to prove that no robot wrote, and says why or for how long."""
    prove, held, once = (language_of(SIGNS[sign], text) for sign in (Sign.PROVE, Sign.HELD, Sign.ONCE))
    return bool(prove and (held or once))


def _is_answer(mail: ReceivedMail, text: str) -> bool:
    """Whether the text speaks of what we asked; titles that it quotes, such as ours, say nothing."""
    own = folded(mail.subject.rpartition(": ")[2])[:200]
    bare = _QUOTED.sub(" ", text.replace(own, " ") if len(own) > len("unsubscribe") else text)
    return bool(ENGAGED.search(bare) or BY_HAND.search(bare))


def _wants(mail: ReceivedMail) -> frozenset[Signal]:
    """What the text would want if a person had written it: nobody leaves a decision to a machine."""
    said = passages(new_part(mail)).said
    return frozenset(signals(sentences(said), likely(said)).found)


def _disused(mail: ReceivedMail, text: str, found: dict[Sign, str]) -> str:
    """The language in which the mailbox, or its owner's departure, is told by nobody; "" if by somebody."""
    left = language_of(LEFT, text)
    if left and speaks_of_sender(mail, text):
        return left
    if Sign.UNDELIVERED in found and (Sign.DISUSED in found or Sign.LEFT_SELF in found or left):
        return found[Sign.UNDELIVERED]
    if Sign.LEFT_SELF in found and language_of(UNREAD, text) and _DATED.search(text):
        return found[Sign.LEFT_SELF]
    return found[Sign.DISUSED] if Sign.DISUSED in found and Sign.CONTACTED in found else ""


def speaks_of_sender(mail: ReceivedMail, text: str) -> bool:
    """Whether a text begins by telling of the sender by name, as nobody does of oneself."""
    names = re.findall(r"[^\W\d]{3,}", folded(mail.sender.name))[:5]
    opening = _ADDRESS.sub(" ", text[:60])
    return len(names) > 1 and any(re.search(rf"\b{re.escape(name)}\b", opening) for name in names)


def _receipt(mail: ReceivedMail, text: str, found: dict[Sign, str]) -> str:
    """The language of a receipt: the mail as such has arrived, and a number, a delay or a heading goes with it.

    Officials' clerks write by hand what others' machines do, so that theirs must say that it is automatic.
    """
    if is_official(mail, passages(new_part(mail))) and not language_of(STATED, text):
        return ""
    arrived = found.get(Sign.ARRIVED, "") or found.get(Sign.CONTACTED, "")
    headed = SUBJECT_NOTICE.search(folded(mail.subject[:200])) is not None
    with_it = {Sign.WITHIN, Sign.REFERENCE, Sign.BECAUSE} & found.keys()
    if arrived and (with_it or headed):
        return arrived
    return language_of(RECEIVED, text) if len(with_it) > 1 or (with_it and headed) else ""
