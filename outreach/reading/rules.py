"""What a rule says of a mail: its kind, and everything that was understood on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from outreach.domain.bounces import DEAD, BounceReason
from outreach.domain.replies import ReplyKind
from outreach.reading.mail import ReceivedMail


@dataclass(frozen=True, slots=True)
class Failure:
    """What a delivery report says of one recipient.

    ``recipients`` are all addresses that it names for that recipient (final, original, as a person would read
    them), in lower case, the most telling first. ``status`` is the enhanced code (RFC 3463), empty if none is
    stated. ``diagnostic`` is what the server said, one line. ``failed`` is the address at which delivery ended by
    the report's own words: behind a forwarding it is not the one that our mail was for.
    """

    recipients: tuple[str, ...]
    status: str
    reason: BounceReason
    diagnostic: str = ""
    failed: str = ""

    @property
    def suppresses(self) -> bool:
        """Whether the reason means that the address is dead; proof that it answers our mail is another matter."""
        return self.reason in DEAD


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs by mail, as far as the mail says it; each may be empty. ``country`` is an ISO 3166 code."""

    name: str = ""
    title: str = ""
    organisation: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a mail was understood to be, by which rule, how surely (0 to 1).

    ``new_text`` is what a person wrote, without what is quoted; empty for machines. ``quoted_ids`` are the
    Message-IDs of mails that it holds or quotes, with angle brackets. ``until`` is the last day of an absence.
    ``language`` is an ISO 639-1 code, empty if unknown.
    """

    kind: ReplyKind
    rule: str
    confidence: float
    new_text: str = ""
    language: str = ""
    failures: tuple[Failure, ...] = ()
    until: date | None = None
    signer: Signer | None = None
    quoted_ids: tuple[str, ...] = ()


Rule = Callable[[ReceivedMail], Understood | None]
"""A rule looks at a mail and says what it is, or None when it has nothing to say."""
