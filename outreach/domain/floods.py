"""Whether a mailbox may be asked to confirm: the victim of a forged signature comes first, then our own server."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

A_DAY: Final = timedelta(days=1)
AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many mails a mailbox gets that has confirmed nothing: in a day, and in all."""

    per_day: int
    ever: int


STRANGER: Final = Allowance(per_day=1, ever=3)
"""Anybody can type anybody's address into the public form."""
INVITED: Final = Allowance(per_day=3, ever=12)
"""A personal link was in that mailbox; it may have been passed on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mailbox has been asked: how often in the last day and since it last confirmed anything.

    ``disowned``: it said that a signature under this letter was not its own.
    """

    lately: int = 0
    ever: int = 0
    disowned: bool = False


class Asking(StrEnum):
    """What becomes of the mail that asks a mailbox to confirm."""

    NOW = "now"
    LATER = "later"
    """The mailbox has had its mail for today; the signature waits, and is asked about later."""
    NEVER = "never"
    """It has been asked often enough, or has said no."""
    HELD = "held"
    """Too many strangers sign at once: a person looks first."""


def judge_asking(asked: Asked, *, invited: bool, in_last_hour: int, per_hour: int) -> Asking:
    """Whether to ask, by all that the mailbox and we ourselves have had.

    ``in_last_hour``: mails to people whom nobody invited, from all forms together.
    """
    allowance = INVITED if invited else STRANGER
    if asked.disowned or asked.ever >= allowance.ever:
        return Asking.NEVER
    if asked.lately >= allowance.per_day:
        return Asking.LATER
    return Asking.HELD if not invited and in_last_hour >= per_hour else Asking.NOW
