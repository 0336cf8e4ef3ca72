"""The tables, under their own names."""

from outreach.store.tables.calls import Call, CallExclusion, CallText, Letter, LetterText, Mailing
from outreach.store.tables.correspondence import (
    Addressee,
    Answer,
    AnswerDocument,
    Delivery,
    Document,
    DocumentContent,
    LetterDocument,
    MessageDocument,
    ResponseLetter,
    RoundAnswer,
    RoundMember,
)
from outreach.store.tables.editions import Edition, EditionCopy, EditionEntry
from outreach.store.tables.inbound import InboundContent, InboundMail, InboundPlace, MailboxCursor
from outreach.store.tables.log import Account, Event, EventDetail, WorkspaceFact
from outreach.store.tables.messages import AnswerTick, Attempt, Message, MessageTally
from outreach.store.tables.officials import Fact, Holder, Post
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
from outreach.store.tables.tasks import Task
from outreach.store.tables.users import ReplyWatch, Sitting, User, UserRole

__all__ = [
    "Account",
    "Addressee",
    "Affiliation",
    "Alias",
    "Answer",
    "AnswerDocument",
    "AnswerTick",
    "Attempt",
    "Bounce",
    "Call",
    "CallExclusion",
    "CallText",
    "Contact",
    "ContactTag",
    "Delivery",
    "Distinction",
    "Document",
    "DocumentContent",
    "Edition",
    "EditionCopy",
    "EditionEntry",
    "EffectKind",
    "Event",
    "EventDetail",
    "Fact",
    "Holder",
    "InboundContent",
    "InboundMail",
    "InboundPlace",
    "Letter",
    "LetterDocument",
    "LetterText",
    "MailboxCursor",
    "Mailing",
    "Message",
    "MessageDocument",
    "MessageTally",
    "Organisation",
    "Post",
    "Reply",
    "ReplyEffect",
    "ReplyGuess",
    "ReplyWatch",
    "ResponseLetter",
    "RoundAnswer",
    "RoundMember",
    "Signature",
    "Sitting",
    "Suppression",
    "SuppressionReason",
    "Task",
    "User",
    "UserRole",
    "WorkspaceFact",
]
