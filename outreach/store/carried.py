"""What a message carries besides its text."""

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.domain.kinds import TO_OFFICIALS, MessageKind
from outreach.rendering.attachments import Attachment
from outreach.store.tables import Document, DocumentContent, MessageDocument


def carried_by(session: Session, message_id: int, kind: MessageKind) -> tuple[Attachment, ...]:
    """The documents of a message, in their order. Their content never changes: what goes is what was approved."""
    if kind not in TO_OFFICIALS:
        return ()
    carried = (
        sa.select(col(Document.name), col(Document.media_type), col(DocumentContent.content))
        .join(DocumentContent, col(DocumentContent.document_id) == col(Document.id))
        .join(MessageDocument, col(MessageDocument.document_id) == col(Document.id))
        .where(col(MessageDocument.message_id) == message_id)
        .order_by(col(MessageDocument.position))
    )
    return tuple(Attachment(name, kind, bytes(content)) for name, kind, content in session.execute(carried))
