"""What people write back: an ordered table of rules over the new text of a mail."""

from outreach.domain.replies import ReplyKind
from outreach.reading.mail import ReceivedMail
from outreach.reading.rules import Rule, Understood


def other(_mail: ReceivedMail) -> Understood:
    """Whatever no rule could place waits for a person."""
    return Understood(ReplyKind.OTHER, "other", 0.3)


PEOPLE_RULES: tuple[Rule, ...] = (other,)
"""The first rule that does not return None has said what the mail is; ``other`` always speaks."""
