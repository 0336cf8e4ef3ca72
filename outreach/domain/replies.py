"""The kinds of mail that come back, and what each entails.

A new kind is a member here, a row in REPLIES, and a rule that recognises it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ReplyKind(StrEnum):
    """What something that came back says."""

    BOUNCE = "bounce"
    """A delivery failed, or is late (RFC 3464, and what older servers write)."""
    COMPLAINT = "complaint"
    """Somebody called our mail spam (RFC 5965)."""
    DELIVERY_NOTICE = "delivery-notice"
    """A server says that it delivered or relayed."""
    RECEIPT = "receipt"
    """A mail program says that our mail was read or deleted (RFC 8098)."""
    OUT_OF_OFFICE = "out-of-office"
    """A machine says that its person is away, perhaps until a date."""
    AUTOMATIC_ANSWER = "automatic-answer"
    """Whatever else a machine answers by itself (RFC 3834)."""
    OPT_OUT = "opt-out"
    SIGNS = "signs"
    SIGNS_IF_CHANGED = "signs-if-changed"
    DECLINES = "declines"
    FORWARDS = "forwards"
    """Somebody passes it on to a colleague, or names one to write to instead."""
    QUESTION = "question"
    ACKNOWLEDGEMENT = "acknowledgement"
    """An official's office says that the letter has arrived."""
    ANSWER = "answer"
    """An official answers the letter."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReplyRules:
    """What follows from a reply's kind.

    ``automatic``: a machine wrote it, so nothing automatic is written back. ``waits``: it waits for a person,
    whatever the machine did about it. ``ends``: who writes it has answered the call, so reminders stop.
    """

    automatic: bool = False
    waits: bool = False
    ends: bool = False


class Channel(StrEnum):
    """By which way something came."""

    MAIL = "mail"
    TELEPHONE = "telephone"
    POST = "post"
    MEETING = "meeting"


class MatchedBy(StrEnum):
    """What shows whom a reply is from and what it answers, the surest first."""

    TOKEN = "token"  # noqa: S105  a way of matching, no secret
    """A signed token in the address that it was sent to."""
    REFERENCE = "reference"
    """Its headers name a mail of ours as the one it answers."""
    QUOTED = "quoted"
    """It holds a mail of ours, or the name of one."""
    SENDER = "sender"
    """Its sender's address, which had exactly one open matter."""
    PERSON = "person"
    """A person said so."""
    NOTHING = "nothing"


PROVEN = frozenset({MatchedBy.TOKEN, MatchedBy.REFERENCE, MatchedBy.QUOTED, MatchedBy.PERSON})
"""Who wrote it had a mail of ours in hand; an address in From is written by anybody."""

OFFICIALS = (ReplyKind.ACKNOWLEDGEMENT, ReplyKind.ANSWER)
"""What officials' offices write."""

WATCHED = timedelta(minutes=10)
"""So long who opened a reply is at work on it, though nothing more is heard of her: a browser without scripts."""
LONG_WATCHED = timedelta(minutes=5)
"""Who is at it for longer is said to be at it for more than that."""

SURE = 0.6
"""With less confidence in its kind a person looks at a reply, whatever was done."""

REPLIES: dict[ReplyKind, ReplyRules] = {
    ReplyKind.BOUNCE: ReplyRules(automatic=True),
    ReplyKind.COMPLAINT: ReplyRules(automatic=True),
    ReplyKind.DELIVERY_NOTICE: ReplyRules(automatic=True),
    ReplyKind.RECEIPT: ReplyRules(automatic=True),
    ReplyKind.OUT_OF_OFFICE: ReplyRules(automatic=True),
    ReplyKind.AUTOMATIC_ANSWER: ReplyRules(automatic=True),
    ReplyKind.OPT_OUT: ReplyRules(),
    ReplyKind.SIGNS: ReplyRules(waits=True, ends=True),
    ReplyKind.SIGNS_IF_CHANGED: ReplyRules(waits=True, ends=True),
    ReplyKind.DECLINES: ReplyRules(ends=True),
    ReplyKind.FORWARDS: ReplyRules(waits=True),
    ReplyKind.QUESTION: ReplyRules(waits=True),
    ReplyKind.ACKNOWLEDGEMENT: ReplyRules(waits=True),
    ReplyKind.ANSWER: ReplyRules(waits=True),
    ReplyKind.OTHER: ReplyRules(waits=True),
}
