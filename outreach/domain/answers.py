"""What an official's answer must be to go on record, and how far a letter has come by what is on record of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from outreach.domain.errors import InvalidInput
from outreach.domain.names import NAME_LIMIT, clean_line, clean_text
from outreach.domain.states import AddresseeState

EARLIEST = date(1900, 1, 1)
"""A day before this one is a slip of the pen."""
LONGEST_LINE = 300
LONGEST_REFERENCE = 100
LONGEST_SUMMARY = 20_000
LONGEST_NOTE = 2000
SENDER, SUBJECT, REFERENCE = "Who wrote it", "The subject", "The reference number"


def check_days(dated: date, received_on: date, today: date) -> None:
    """Raises InvalidInput unless a letter dated so can have come on that day, and that day is not yet to come."""
    for day, what in ((dated, "dated"), (received_on, "received")):
        if day > today:
            raise InvalidInput(f"An answer {what} {day} has not been written yet: today is {today}.")
        if day < EARLIEST:
            raise InvalidInput(f"An answer {what} {day} cannot be: write the year with four digits.")
    if received_on < dated:
        raise InvalidInput(f"An answer received on {received_on} cannot be dated {dated}, which is later.")


def whole_note(note: str, limit: int = LONGEST_NOTE) -> str:
    """The note as it is kept. Raises InvalidInput for a longer one: none is cut, so that no word of it is lost."""
    kept = clean_text(note, len(note) + 1)
    if len(kept) > limit:
        raise InvalidInput(f"It has {len(kept):,} characters; {limit:,} are the most.")
    return kept


def whole_line(line: str, limit: int = NAME_LIMIT, *, what: str) -> str:
    """The line as it is kept. Raises InvalidInput, saying ``what`` it is, for more than ``limit`` graphemes."""
    kept = clean_line(line, limit)
    if kept != clean_line(line, len(line) + 1):
        raise InvalidInput(
            f"{what} is longer than {limit} characters; shorten it, and put the rest in the summary."
        )
    return kept


@dataclass(frozen=True, slots=True)
class Steps:
    """What is on record of one letter to one official: when it left, arrived, was acknowledged and answered.

    ``asked`` are the moments of the enquiries that followed.
    """

    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    acknowledged: Sequence[datetime] = ()
    answered: Sequence[datetime] = ()
    asked: Sequence[datetime] = ()


def reached(steps: Steps) -> tuple[AddresseeState, datetime | None]:
    """How far the letter has come, and from when on the office has time for the next step; None if it has not left.

    The newest acknowledgement and the newest enquiry give it that time anew.
    """
    asked = max(steps.asked, default=None)
    if steps.answered:
        return AddresseeState.ANSWERED, min(steps.answered)
    if steps.acknowledged:
        return AddresseeState.ACKNOWLEDGED, _later(max(steps.acknowledged), asked)
    if steps.delivered_at:
        return AddresseeState.DELIVERED, _later(steps.delivered_at, asked)
    if steps.sent_at:
        return AddresseeState.SENT, _later(steps.sent_at, asked)
    return AddresseeState.TO_SEND, None


def _later(moment: datetime, other: datetime | None) -> datetime:
    return max(moment, other) if other else moment
