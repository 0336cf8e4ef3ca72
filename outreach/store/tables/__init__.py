"""The tables, under their own names."""

from outreach.store.tables.calls import Call, CallExclusion, CallText, Letter, LetterText, Mailing
from outreach.store.tables.editions import Edition, EditionCopy, EditionEntry
from outreach.store.tables.inbound import InboundContent, InboundMail, InboundPlace, MailboxCursor
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
from outreach.store.tables.replies import Bounce, EffectKind, Reply, ReplyEffect, ReplyGuess
from outreach.store.tables.signatures import Distinction, Signature

__all__ = [
    "Account",
    "Affiliation",
    "Alias",
    "Attempt",
    "Bounce",
    "Call",
    "CallExclusion",
    "CallText",
    "Contact",
    "ContactTag",
    "Distinction",
    "Edition",
    "EditionCopy",
    "EditionEntry",
    "EffectKind",
    "Event",
    "InboundContent",
    "InboundMail",
    "InboundPlace",
    "Letter",
    "LetterText",
    "MailboxCursor",
    "Mailing",
    "Message",
    "Organisation",
    "Reply",
    "ReplyEffect",
    "ReplyGuess",
    "Signature",
    "Suppression",
    "SuppressionReason",
    "WorkspaceFact",
]
