"""Approval rounds: where each organisation that was asked stands, and what an answer to a draft must say."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.states import SignatureState

COMMENT_LIMIT: Final = 4000
"""Characters in a comment on a draft."""

APPROVALS: Final = (DraftAnswer.APPROVES, DraftAnswer.APPROVES_WITH_COMMENT)
NEEDS_COMMENT: Final = (DraftAnswer.APPROVES_WITH_COMMENT, DraftAnswer.ASKS_FOR_CHANGE)


class Standing(StrEnum):
    """Where an organisation stands in a round, in the order in which a coordinator reads them."""

    APPROVED = "approved"
    LATE = "late"
    """It approved after the deadline: staff decide."""
    PROPOSED = "proposed"
    """It answered by mail that it signs: staff decide."""
    CHANGE_ASKED = "change asked"
    DECLINED = "declined"
    TOOK_BACK = "took back"
    """It had approved, and took that back."""
    ASKED_AGAIN = "asked again"
    """What it said was about an earlier draft."""
    SILENT = "silent"
    NOT_ASKED = "cannot be asked"


@dataclass(frozen=True, slots=True)
class Said:
    """What an organisation said last, and of which version of the letter."""

    answer: DraftAnswer
    version: int


def standing_of(
    said: Said | None,
    signature: SignatureState | None,
    agreed_to: int,
    *,
    substance: int,
    declined_by_mail: bool,
    can_be_asked: bool,
) -> Standing:
    """Where an organisation stands.

    ``agreed_to`` is the version to which its signature belongs, ``substance`` the one that last changed what the
    letter says. Silence is no signature, nor is the approval of another text.
    """
    of_this_text = agreed_to >= substance
    answer = said.answer if said else None
    outdated = said.version < substance if said else signature is not None and not of_this_text
    rules = (  # the first that holds
        (of_this_text and signature in (SignatureState.CONFIRMED, SignatureState.MERGED), Standing.APPROVED),
        (of_this_text and signature is SignatureState.LATE, Standing.LATE),
        (signature is SignatureState.PROPOSED, Standing.PROPOSED),
        (answer is DraftAnswer.DECLINES, Standing.DECLINED),  # whatever text it was about
        (outdated, Standing.ASKED_AGAIN),
        (answer is DraftAnswer.ASKS_FOR_CHANGE, Standing.CHANGE_ASKED),
        (declined_by_mail, Standing.DECLINED),
        (signature is SignatureState.WITHDRAWN, Standing.TOOK_BACK),
        (can_be_asked, Standing.SILENT),
    )
    return next((standing for holds, standing in rules if holds), Standing.NOT_ASKED)


def with_comment(answer: DraftAnswer, comment: str) -> DraftAnswer:
    """The answer as it is kept: who approves and writes something approves with a comment."""
    return DraftAnswer.APPROVES_WITH_COMMENT if answer is DraftAnswer.APPROVES and comment else answer
