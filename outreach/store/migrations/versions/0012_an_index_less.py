"""One index of mails less: by call and state, which the index by call, kind and state answers as well."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_message_call_state", "message")
