"""The kinds of message there are, and what each kind entails.

A new kind of mailing is a member here, a template, and a row in KINDS.
"""

from dataclasses import dataclass
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is for; the value is also the name of its template in ``templates/email/``."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    LAST_CALL = "last-call"
    DEADLINE_EXTENDED = "deadline-extended"
    ERRATUM = "erratum"
    THANK_YOU = "thank-you"
    RELEASED = "released"
    CONFIRMATION = "confirmation"
    CONFIRMATION_REMINDER = "confirmation-reminder"
    RECEIPT = "receipt"
    KEPT_LATE = "kept-late"
    SIGNATURE_CHANGED = "signature-changed"
    SIGNATURE_QUESTION = "signature-question"
    LETTER_CHANGED = "letter-changed"
    OPTED_OUT = "opted-out"
    ANSWER = "answer"
    DIGEST = "digest"
    ALERT = "alert"
    DELIVERY = "delivery"
    ENQUIRY = "enquiry"
    ACCESS = "access"


class Recipients(StrEnum):
    """To whom a kind of mailing goes."""

    AUDIENCE = "audience"
    """The contacts of the call's audience."""
    SILENT = "silent"
    """Those invited who have not answered."""
    REACHED = "reached"
    """Those who already got the mailing that is being corrected."""
    SIGNATORIES = "signatories"
    """Those whose signature is confirmed."""
    ONE = "one"
    """One person, because of something that happened."""


@dataclass(frozen=True, slots=True)
class KindRules:
    """What follows from a message's kind.

    ``bulk``: an opt-out stops it (a transactional message is stopped only by a dead address, a complaint or
    an erasure). ``to``: whose mailing it is. ``asks``: it asks for a signature, so it must offer a link to sign
    and is senseless after the deadline. ``automatic``: it answers something a person did (RFC 3834).
    ``priority``: lower goes first. ``house``: it belongs to no call, so its text is the workspace's own.
    ``own_text``: each call has its own text of it; otherwise the workspace's serves where a call has none.
    """

    bulk: bool
    to: Recipients
    asks: bool
    automatic: bool
    priority: int
    house: bool = False
    own_text: bool = True


KINDS: dict[MessageKind, KindRules] = {
    MessageKind.CONFIRMATION: KindRules(bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0),
    MessageKind.CONFIRMATION_REMINDER: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=1, own_text=False
    ),
    MessageKind.RECEIPT: KindRules(bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0),
    MessageKind.KEPT_LATE: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0, own_text=False
    ),
    MessageKind.SIGNATURE_CHANGED: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0, own_text=False
    ),
    MessageKind.SIGNATURE_QUESTION: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=False, priority=0, own_text=False
    ),
    MessageKind.LETTER_CHANGED: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=False, priority=0, own_text=False
    ),
    MessageKind.OPTED_OUT: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0, house=True
    ),
    MessageKind.ACCESS: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0, house=True
    ),
    MessageKind.ANSWER: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=False, priority=0, house=True
    ),
    MessageKind.ALERT: KindRules(bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=0, house=True),
    MessageKind.DIGEST: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=True, priority=1, house=True
    ),
    MessageKind.DELIVERY: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=False, priority=1, house=True
    ),
    MessageKind.ENQUIRY: KindRules(
        bulk=False, to=Recipients.ONE, asks=False, automatic=False, priority=1, house=True
    ),
    MessageKind.ERRATUM: KindRules(bulk=True, to=Recipients.REACHED, asks=False, automatic=False, priority=1),
    MessageKind.DEADLINE_EXTENDED: KindRules(
        bulk=True, to=Recipients.SILENT, asks=True, automatic=False, priority=1
    ),
    MessageKind.LAST_CALL: KindRules(bulk=True, to=Recipients.SILENT, asks=True, automatic=False, priority=2),
    MessageKind.REMINDER: KindRules(bulk=True, to=Recipients.SILENT, asks=True, automatic=False, priority=3),
    MessageKind.RELEASED: KindRules(bulk=True, to=Recipients.SIGNATORIES, asks=False, automatic=False, priority=3),
    MessageKind.THANK_YOU: KindRules(bulk=True, to=Recipients.SIGNATORIES, asks=False, automatic=False, priority=4),
    MessageKind.INVITATION: KindRules(bulk=True, to=Recipients.AUDIENCE, asks=True, automatic=False, priority=4),
}

CALL_KINDS = tuple(kind for kind in MessageKind if not KINDS[kind].house)
"""The kinds that are about a call."""

OWN_KINDS = tuple(kind for kind in CALL_KINDS if KINDS[kind].own_text)
"""The kinds of which every call has its own text."""

HOUSE_KINDS = tuple(kind for kind in MessageKind if KINDS[kind].house)
"""The kinds that belong to no call."""

WORKSPACE_KINDS = tuple(kind for kind in MessageKind if kind not in OWN_KINDS)
"""The kinds of which the workspace has a text."""

ABOUT_A_SIGNATURE = (
    MessageKind.CONFIRMATION,
    MessageKind.CONFIRMATION_REMINDER,
    MessageKind.RECEIPT,
    MessageKind.KEPT_LATE,
    MessageKind.SIGNATURE_CHANGED,
    MessageKind.SIGNATURE_QUESTION,
    MessageKind.LETTER_CHANGED,
    MessageKind.THANK_YOU,
    MessageKind.RELEASED,
)
"""The kinds that go to somebody because of that person's signature."""

TO_OFFICIALS = (MessageKind.DELIVERY, MessageKind.ENQUIRY)
"""The kinds that bring something to an official, or to somebody whom the office wants to have a copy.

What comes back to them is the official's, and no contact's. They carry documents.
"""
