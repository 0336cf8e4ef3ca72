"""A mail of the outbox as its reader sees it, with links that open nothing."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.errors import InvalidInput
from outreach.rendering.composing import compose
from outreach.store.outbox import load_message

DEAD_KEY = b"shown to staff, good for nothing"
"""Who may read a mail may not sign in its reader's name: its links are made with this key instead of ours."""


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail's subject, text and HTML; ``fault`` says why it cannot be made."""

    subject: str = ""
    text: str = ""
    html: str = ""
    fault: str = ""


def shown_mail(session: Session, number: int, house: House) -> ShownMail:
    """The mail of a message, made from what its row keeps, as it was or will be submitted."""
    loaded = load_message(session, number)
    if loaded is None:
        return ShownMail(fault="There is no such mail.")
    try:
        content = compose(loaded.record, replace(house, link_key=DEAD_KEY)).content
    except (InvalidInput, ValueError) as fault:
        return ShownMail(fault=str(fault))
    return ShownMail(content.subject, content.text, content.html)
