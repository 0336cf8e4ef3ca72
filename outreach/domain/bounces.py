"""Why a delivery failed, and whether the reason means that the address is dead."""

from enum import StrEnum


class BounceReason(StrEnum):
    """Why a mail came back."""

    NO_SUCH_ADDRESS = "no-such-address"
    NO_SUCH_DOMAIN = "no-such-domain"
    MAILBOX_FULL = "mailbox-full"
    POLICY = "policy"
    """Refused by a rule of their server: this concerns our account, never the person."""
    TOO_LARGE = "too-large"
    UNREACHABLE = "unreachable"
    DELAYED = "delayed"
    """Only a warning: their server goes on trying."""
    UNCLEAR = "unclear"


DEAD = frozenset({BounceReason.NO_SUCH_ADDRESS, BounceReason.NO_SUCH_DOMAIN})
"""The only reasons for which an address is written to no more."""
