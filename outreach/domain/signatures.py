"""As what one signs, where the name may be shown, and when a signature counts."""

from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.states import SignatureState


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


class Origin(StrEnum):
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


def stricter(one: Visibility, other: Visibility) -> Visibility:
    """Of two wishes, the one by which fewer people see the name."""
    return min(one, other, key=_OPENNESS.index)


def shows_more(now: Visibility, before: Visibility) -> bool:
    """Whether a name would be seen by more people than before."""
    return _OPENNESS.index(now) > _OPENNESS.index(before)


CONFIRMATION_LIVES = timedelta(days=30)
"""How long after it was asked for a link still confirms."""


def signing_ended(deadline_at: datetime, closed_at: datetime | None) -> datetime:
    """The last moment at which a signature is in time: the deadline, or the closing if that came before it."""
    return deadline_at if closed_at is None else min(deadline_at, closed_at)


def confirmed_state(submitted_at: datetime, ended_at: datetime, *, signed_off: bool) -> SignatureState:
    """What a signature becomes when its mailbox confirms it.

    In time counts, later is kept as late for staff; so is everything that comes when the list is signed off.
    """
    return SignatureState.LATE if signed_off or submitted_at > ended_at else SignatureState.CONFIRMED


def prevails(second_own: bool, first_own: bool) -> bool:  # noqa: FBT001  two answers to one question
    """Of two signatures for one organisation, whether the second is the one that counts.

    The one that its own people gave does; otherwise the one that came first.
    """
    return second_own and not first_own
