"""Correspondence with officials: what kinds of letter go out, how far each has come, and what comes back."""

from enum import StrEnum


class LetterKind(StrEnum):
    """What kind of letter it is."""

    OPEN = "open"
    PRIVATE = "private"
    FOLLOW_UP = "follow-up"
    RESPONSE = "response"


IN_CONFIDENCE = (LetterKind.PRIVATE, LetterKind.RESPONSE)
"""Letters of which no public page says anything until the coalition has published them."""


class RoundKind(StrEnum):
    """Whom a round asks to agree to a letter."""

    PUBLIC = "public"
    """Whoever is invited or finds its page: a call for sign-ons."""
    APPROVAL = "approval"
    """Named organisations only, each by its own link."""


class DraftAnswer(StrEnum):
    """What an organisation says of a draft that it was asked to approve."""

    APPROVES = "approves"
    APPROVES_WITH_COMMENT = "approves-with-comment"
    ASKS_FOR_CHANGE = "asks-for-change"
    DECLINES = "declines"


class DeliveryKind(StrEnum):
    """What was brought to an official."""

    LETTER = "letter"
    COPY = "copy"
    """The same letter to somebody whom the office names, who is told of it."""
    ENQUIRY = "enquiry"
    """A polite question after a letter that nobody answered."""


class AnswerKind(StrEnum):
    """What an official's office wrote back."""

    ACKNOWLEDGEMENT = "acknowledgement"
    """That the letter has arrived, perhaps under which reference number."""
    ANSWER = "answer"
