"""The tables, under their own names."""

from outreach.store.tables.calls import Call, CallExclusion, CallText, Letter, LetterText, Mailing
from outreach.store.tables.log import Account, Event, WorkspaceFact
from outreach.store.tables.messages import Attempt, Message
from outreach.store.tables.people import (
    Affiliation,
    Alias,
    Contact,
    ContactTag,
    Organisation,
    Suppression,
    SuppressionReason,
)
from outreach.store.tables.signatures import Signature

__all__ = [
    "Account",
    "Affiliation",
    "Alias",
    "Attempt",
    "Call",
    "CallExclusion",
    "CallText",
    "Contact",
    "ContactTag",
    "Event",
    "Letter",
    "LetterText",
    "Mailing",
    "Message",
    "Organisation",
    "Signature",
    "Suppression",
    "SuppressionReason",
    "WorkspaceFact",
]
