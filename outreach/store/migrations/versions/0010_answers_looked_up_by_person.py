"""Indexes by which one person's answer is looked up, and a call's are counted, without going through the others'."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INVITATIONS = sa.text("kind = 'invitation' AND NOT test")
ANSWERING = sa.text("kind IN ('signs', 'signs-if-changed', 'declines')")


def upgrade() -> None:
    op.drop_index("ix_message_invited", "message")
    op.create_index(
        "ix_message_invited",
        "message",
        ["call_id", "contact_id", "state"],
        sqlite_where=INVITATIONS,
        postgresql_where=INVITATIONS,
    )
    op.drop_index("ix_reply_call_kind", "reply")
    op.create_index(
        "ix_reply_call_answers",
        "reply",
        ["call_id", "kind", "matched_by", "contact_id", "organisation_id"],
        sqlite_where=ANSWERING,
        postgresql_where=ANSWERING,
    )
    op.drop_index("ix_signature_call_state", "signature")
    op.create_index("ix_signature_call_state", "signature", ["call_id", "state"])
    op.create_index("ix_signature_call_contact", "signature", ["call_id", "contact_id", "state"])
    op.create_index(
        "ix_signature_call_organisation",
        "signature",
        ["call_id", "organisation_id", "state", "contact_id", "invited"],
    )
    op.drop_index("ix_signature_letter_state", "signature")
    op.create_index(
        "ix_signature_letter_state",
        "signature",
        ["letter_id", "state", "letter_version", "confirmed_at", "submitted_at"],
    )
