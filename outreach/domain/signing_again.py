"""What becomes of an entry whose signer has a signature under the letter already."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from outreach.domain.states import SignatureState

CONFIRMATION_IS_LOST: Final = timedelta(days=1)
"""So long after it was asked for, somebody who signs again has probably not had the mail."""
REOPENED = (SignatureState.WITHDRAWN, SignatureState.REJECTED, SignatureState.PROPOSED)
"""What a personal link may give again: taken back, refused, or so far only read out of a mail."""


class Again(StrEnum):
    """What follows from signing once more."""

    NOTHING = "nothing"
    ASKED = "asked"
    """The mailbox is asked about what stands there; what was typed now is nobody's."""
    TAKEN_OVER = "taken over"
    """The signature says what was typed now."""
    ANEW = "anew"
    """A second signature, so that the first with its dates stays as it is, whoever typed this."""


def judge_again(state: SignatureState, *, by_link: bool, invited: bool, disowned: bool, since: timedelta) -> Again:
    """What follows from signing again, ``by_link`` or by the public form, into which anybody types any address.

    ``invited``: the signature that is there was given by a personal link. ``since``: how long ago it was given.
    """
    if by_link:
        lost = state is SignatureState.PENDING and (since >= CONFIRMATION_IS_LOST or not invited)
        return Again.TAKEN_OVER if lost or state in REOPENED else Again.NOTHING
    if state is SignatureState.PENDING and invited:
        return Again.ASKED
    if state is SignatureState.PENDING and since >= CONFIRMATION_IS_LOST:
        return Again.TAKEN_OVER
    back = state in (SignatureState.WITHDRAWN, SignatureState.REJECTED) and not disowned
    # What was read out of a mail waits for staff; what a mailbox said is not its own no stranger gives again.
    return Again.ANEW if back else Again.NOTHING
