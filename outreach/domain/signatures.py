"""As what one signs, where the name may be shown, and when a signature counts."""

from datetime import datetime
from enum import StrEnum

from outreach.domain.states import CallState, SignatureState


class SignatureKind(StrEnum):
    """As what one signs."""

    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"


class Visibility(StrEnum):
    """Where a signatory is named. The last two are private: no public page, file, mail or log names them."""

    PUBLIC = "public"
    ADDRESSEE = "addressee"
    """Only in the copy that the official gets."""
    COUNTED = "counted"
    """Nowhere: one more in the count."""


class Channel(StrEnum):
    """By which way a signature came."""

    FORM = "form"
    REPLY = "reply"
    TELEPHONE = "telephone"
    POST = "post"
    MEETING = "meeting"
    IMPORT = "import"


COUNTS = (SignatureState.CONFIRMED,)
"""The states in which a signature is one of those under the letter."""

_OPENNESS = (Visibility.COUNTED, Visibility.ADDRESSEE, Visibility.PUBLIC)


def shows_more(now: Visibility, before: Visibility) -> bool:
    """Whether a name would be seen by more people than before."""
    return _OPENNESS.index(now) > _OPENNESS.index(before)


def signing_ended(deadline_at: datetime, closed_at: datetime | None) -> datetime:
    """The last moment at which a signature is in time: the deadline, or the closing if that came before it."""
    return deadline_at if closed_at is None else min(deadline_at, closed_at)


def confirmed_state(submitted_at: datetime, ended_at: datetime, call: CallState) -> SignatureState:
    """What a signature becomes when its mailbox confirms it.

    In time counts, later is kept as late for staff; so is everything that comes when the letter is out already.
    """
    counts = submitted_at <= ended_at and call in (CallState.OPEN, CallState.CLOSED)
    return SignatureState.CONFIRMED if counts else SignatureState.LATE
