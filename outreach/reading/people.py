"""What people write back: an ordered table of rules over the new text of a mail, never over what it quotes."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from outreach.domain.replies import ReplyKind
from outreach.reading.bodies import readable
from outreach.reading.languages import language, likely
from outreach.reading.mail import ReceivedMail
from outreach.reading.offers import is_offer
from outreach.reading.officials import is_official
from outreach.reading.passages import Passages, passages
from outreach.reading.quotes import new_text
from outreach.reading.rules import Rule, Understood
from outreach.reading.sentences import sentences
from outreach.reading.signals import Signal, Signals, signals
from outreach.reading.signers import is_form, signer
from outreach.reading.stops import ANSWERS_SUBJECT, is_stop, stop_language

_LONG_ANSWER: Final = 280


@dataclass(frozen=True, slots=True)
class _Reading:
    """One mail as the rules look at it."""

    text: str
    parts: Passages
    found: Signals
    language: str
    official: bool
    quoted_ids: tuple[str, ...]
    subject: str

    def as_(self, kind: ReplyKind, rule: str, confidence: float) -> Understood:
        named = f"{rule} {self.language}".strip()
        return Understood(kind, named, confidence, self.text, self.language, quoted_ids=self.quoted_ids)


@lru_cache(maxsize=2)
def _read(mail: ReceivedMail) -> _Reading:
    """The mail's reading; kept for the next rule that looks at the same mail."""
    body = readable(mail)
    text = new_text(body)
    parts = passages(text)
    found = signals(sentences(parts.said), likely(parts.said))
    return _Reading(
        text=text,
        parts=parts,
        found=found,
        language=language(text) or language(mail.subject) or stop_language(mail.subject),
        official=is_official(mail, parts),
        quoted_ids=body.quoted_ids,
        subject=mail.subject,
    )


def opts_out(mail: ReceivedMail) -> Understood | None:
    """A clear wish for no more mail; a subject of the person's own speaks only where the text says nothing."""
    reading = _read(mail)
    found = reading.found
    if Signal.STAY in found:
        return None
    if is_stop(reading.parts.bare):
        return reading.as_(ReplyKind.OPT_OUT, "opt-out word", 0.98)
    if Signal.OPT_OUT in found:
        if Signal.KEEP in found and not _wants_out_last(found):
            return None
        return reading.as_(ReplyKind.OPT_OUT, "opt-out sentence", 0.7 if Signal.SIGN in found else 0.95)
    sure = _stops_by_subject(reading)
    return reading.as_(ReplyKind.OPT_OUT, "opt-out subject", sure) if sure else None


def _stops_by_subject(reading: _Reading) -> float:
    """How surely a subject of the person's own asks for no more mail; 0 if it does not, or the text says more."""
    if ANSWERS_SUBJECT.match(reading.subject) or not is_stop(reading.subject):
        return 0.0
    if not reading.text.strip():
        return 0.95
    says_more = {Signal.SIGN, Signal.KEEP, Signal.QUESTION, Signal.CONDITION} & reading.found.found.keys()
    return 0.0 if says_more else 0.75


def _wants_out_last(found: Signals) -> bool:
    """Whether the wish to go comes last, or stands in the rest of the last sentence that speaks of lists."""
    return found.last(Signal.OPT_OUT) >= found.last(Signal.KEEP)


def withdraws(mail: ReceivedMail) -> Understood | None:
    """A signature to be taken back: nothing a machine does."""
    reading = _read(mail)
    if Signal.WITHDRAW not in reading.found:
        return None
    return reading.as_(ReplyKind.OTHER, "signature withdrawn", 0.7)


def offers(mail: ReceivedMail) -> Understood | None:
    """Somebody who sells, in a mail that answers none: a "yes" in it is not about our letter."""
    reading = _read(mail)
    if mail.answers or not is_offer(f"{mail.subject}\n{reading.text}"):
        return None
    return reading.as_(ReplyKind.OTHER, "unsolicited offer", 0.6)


def acknowledges(mail: ReceivedMail) -> Understood | None:
    """An official's office says that the letter has arrived, and not much more."""
    reading = _read(mail)
    found = reading.found
    if not reading.official or Signal.RECEIPT not in found or Signal.SIGN in found:
        return None
    if found.count(Signal.ANSWER) >= max(2, found.count(Signal.RECEIPT)):
        return None
    return reading.as_(ReplyKind.ACKNOWLEDGEMENT, "official's acknowledgement", 0.85)


def answers(mail: ReceivedMail) -> Understood | None:
    """An official answers in substance."""
    reading = _read(mail)
    found = reading.found
    if not reading.official or Signal.ANSWER not in found:
        return None
    brief = len(reading.parts.said) < _LONG_ANSWER
    if found.count(Signal.ANSWER) < 2 and (brief or Signal.SIGN in found):  # noqa: PLR2004
        return None
    return reading.as_(ReplyKind.ANSWER, "official's answer", 0.8)


def declines(mail: ReceivedMail) -> Understood | None:
    """Will not sign. Somebody who names another to write to, or what would have to change, is not done with us."""
    reading = _read(mail)
    found = reading.found
    if Signal.DECLINE not in found or _is_conditional(found) or _names_another(found) or _leaves_it_to(found):
        return None
    if Signal.SIGN not in found:
        return reading.as_(ReplyKind.DECLINES, "refusal", 0.9 if Signal.QUESTION not in found else 0.7)
    if found.last(Signal.SIGN) >= found.last(Signal.DECLINE) or not found.together(Signal.DECLINE, Signal.VERB):
        return None
    return reading.as_(ReplyKind.OTHER, "agreement and refusal", 0.4)


def _leaves_it_to(found: Signals) -> bool:
    """Whether nothing is refused but to decide oneself, and somebody else has the letter now."""
    decides_nothing = found.only_with(Signal.DECLINE, Signal.POWERLESS)
    return Signal.FORWARD in found and Signal.SIGN not in found and decides_nothing


def signs_if_changed(mail: ReceivedMail) -> Understood | None:
    """Would sign if something were otherwise."""
    reading = _read(mail)
    if not _is_conditional(reading.found):
        return None
    understood = reading.as_(ReplyKind.SIGNS_IF_CHANGED, "condition", 0.8)
    return replace(understood, signer=signer(mail, reading.parts))


def _is_conditional(found: Signals) -> bool:
    """A condition in a sentence about signing; or one somewhere, where nobody simply agrees or refuses."""
    if found.together(Signal.CONDITION, Signal.VERB) or found.together(Signal.CHANGE, Signal.SIGN):
        return True
    speaks_of_it = {Signal.WOULD, Signal.DECLINE, Signal.VERB} & found.found.keys()
    if Signal.CONDITION in found and speaks_of_it and (Signal.SIGN not in found or Signal.CHANGE in found):
        return True
    return Signal.CHANGE in found and bool(speaks_of_it) and Signal.SIGN not in found


def signs(mail: ReceivedMail) -> Understood | None:
    """A plain yes, or somebody to put on the list."""
    reading = _read(mail)
    found = reading.found
    wants = Signal.WOULD in found and not {Signal.QUESTION, Signal.ASK, Signal.FORWARD} & found.found.keys()
    if Signal.SIGN not in found and not wants:
        form = Signal.DECLINE not in found and is_form(reading.parts.said)
        return (
            replace(reading.as_(ReplyKind.SIGNS, "form", 0.8), signer=signer(mail, reading.parts)) if form else None
        )
    confidence = 0.9 if Signal.SIGN in found and Signal.DECLINE not in found else 0.6
    return replace(reading.as_(ReplyKind.SIGNS, "agreement", confidence), signer=signer(mail, reading.parts))


def forwards(mail: ReceivedMail) -> Understood | None:
    """Passed on, or somebody else to write to."""
    reading = _read(mail)
    if Signal.FORWARD not in reading.found:
        return None
    if _names_another(reading.found):
        return reading.as_(ReplyKind.FORWARDS, "colleague named", 0.85)
    if reading.found.only_with(Signal.FORWARD, Signal.QUESTION):  # "will it be sent to the commission?"
        return None
    return reading.as_(ReplyKind.FORWARDS, "colleague named", 0.6)


def _names_another(found: Signals) -> bool:
    """Whether a sentence that passes it on names an address, or the one right after it does."""
    places = set(found.found.get(Signal.ADDRESS, ()))
    return any({place, place + 1} & places for place in found.found.get(Signal.FORWARD, ()))


def asks(mail: ReceivedMail) -> Understood | None:
    """A question, with or without its mark."""
    reading = _read(mail)
    if Signal.QUESTION in reading.found:
        return reading.as_(ReplyKind.QUESTION, "question mark", 0.8)
    if Signal.ASK in reading.found:
        return reading.as_(ReplyKind.QUESTION, "question phrase", 0.5)
    return None


def other(mail: ReceivedMail) -> Understood:
    """Whatever no rule could place waits for a person."""
    return _read(mail).as_(ReplyKind.OTHER, "other", 0.3)


PEOPLE_RULES: tuple[Rule, ...] = (
    opts_out,  # before signature: who asks for both wants no more mail at least
    withdraws,  # "take our name off the letter" is neither an opt-out nor a wish to change the letter
    offers,  # before signatures and questions: "Reply YES and we start"
    acknowledges,  # an office that passes the letter on within the house has not sent us to a colleague
    answers,
    declines,
    signs_if_changed,  # before signs: "we sign if" holds "we sign"
    signs,
    forwards,
    asks,
    other,
)
"""The first rule that does not return None has said what the mail is; ``other`` always speaks."""
