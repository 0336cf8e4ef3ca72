"""Who is submitting what is found without looking at every mail: few are under way at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("state = 'sending'")


def upgrade() -> None:
    op.create_index(
        "ix_message_under_way", "message", ["claimed_by"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
    )
