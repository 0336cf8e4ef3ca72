"""What showed, afterwards, what had become of a mail of which nobody could tell: words of a message's history."""

from enum import StrEnum
from typing import Final


class Proof(StrEnum):
    """What the proof is; the reason of the message that it settles."""

    RELAY_LOG = "in the relay's log"
    SENT_FOLDER = "in the Sent folder"
    ANSWERED = "answered"
    """It came back, or somebody answered it: so it had been taken."""
    NOT_IN_RELAY_LOG = "not in the relay's log"
    """The log covers the whole time, and does not have it: it was never taken."""


AGAIN: Final = "submitted once more"
"""The reason of a message that waits again by rule, because nothing showed what had become of it."""
