"""What is kept of a message to write it: the same record gives the same mail again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.domain.kinds import MessageKind
from outreach.rendering.attachments import Attachment


@dataclass(frozen=True, slots=True)
class MailRecord:
    """What a message's row keeps for rendering.

    ``shared`` are the values that a mailing froze for all its messages, ``values`` the recipient's own.
    ``date`` is when the message was claimed. An id of 0 means that there is none. ``documents`` go with it, in
    their order.
    """

    id: int
    kind: MessageKind
    bulk: bool
    test: bool
    call_id: int
    call_slug: str
    contact_id: int
    signature_id: int
    address: str
    language: str
    time_zone: str
    source: str
    shared: dict[str, Any]
    values: dict[str, Any]
    date: datetime
    documents: tuple[Attachment, ...] = ()
