"""An edition knows by which deadline its list was collected; what a mailbox was asked is found without a search."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_ITS_CALL = """
UPDATE edition SET deadline_revision = (SELECT deadline_revision FROM call WHERE call.id = edition.call_id)
"""


def upgrade() -> None:
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("deadline_revision", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )

    op.execute(OF_ITS_CALL)
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_signature_id", ["signature_id"], unique=False)
        batch_op.create_index("ix_message_kind_queued_at", ["kind", "queued_at"], unique=False)
