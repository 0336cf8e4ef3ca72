"""The log is a chain that shows whether anything was altered, and keeps what was before and after."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from outreach.domain.log_chain import START, ChainLine

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHUNK = 1000
EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("at", sqlmodel.sql.sqltypes.UTCDateTime),
    sa.column("by", sa.String),
    sa.column("verb", sa.String),
    sa.column("subject", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("facts", sa.JSON),
    sa.column("number", sa.Integer),
    sa.column("digest", sa.String),
)

ON_THEIR_PAGES = """
UPDATE event SET
    call_id = CASE subject
        WHEN 'call' THEN subject_id
        WHEN 'edition' THEN (SELECT call_id FROM edition WHERE id = event.subject_id)
        WHEN 'mailing' THEN (SELECT call_id FROM mailing WHERE id = event.subject_id)
        WHEN 'reply' THEN (SELECT call_id FROM reply WHERE id = event.subject_id)
        WHEN 'signature' THEN (SELECT call_id FROM signature WHERE id = event.subject_id)
        END,
    letter_id = CASE subject
        WHEN 'letter' THEN subject_id
        WHEN 'addressee' THEN (SELECT letter_id FROM addressee WHERE id = event.subject_id)
        WHEN 'answer' THEN (
            SELECT letter_id FROM addressee JOIN answer ON answer.addressee_id = addressee.id
            WHERE answer.id = event.subject_id
        )
        END
"""


def upgrade() -> None:
    op.create_table(
        "event_detail",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("thing", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_detail_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", "position", name=op.f("pk_event_detail")),
    )
    with op.batch_alter_table("event_detail", schema=None) as batch_op:
        batch_op.create_index("ix_event_detail_thing", ["thing", "row_id"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("call_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("letter_id", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_event_subject")

    _seal()
    op.execute(ON_THEIR_PAGES)
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_number", ["number"], unique=True)
        batch_op.create_index("ix_event_subject", ["subject", "subject_id", "number"], unique=False)
        batch_op.create_index("ix_event_by_number", ["by", "number"], unique=False)
        batch_op.create_index("ix_event_verb_number", ["verb", "number"], unique=False)
        batch_op.create_index("ix_event_call_id_number", ["call_id", "number"], unique=False)
        batch_op.create_index("ix_event_letter_id_number", ["letter_id", "number"], unique=False)


def _seal() -> None:
    """What was recorded before there was a chain is its beginning, in the order in which it was recorded."""
    connection = op.get_bind()
    newest, number, digest = 0, 0, START
    page = sa.select(EVENT).order_by(EVENT.c.id).limit(CHUNK)
    seal = sa.update(EVENT).where(EVENT.c.id == sa.bindparam("sealed_id"))
    while rows := connection.execute(page.where(EVENT.c.id > newest)).all():
        sealed = []
        for row in rows:
            number += 1
            digest = ChainLine(
                number=number,
                at=row.at,
                by=row.by,
                verb=row.verb,
                subject=row.subject,
                subject_id=row.subject_id,
                facts=row.facts,
            ).digest_after(digest)
            sealed.append({"sealed_id": row.id, "number": number, "digest": digest})
        connection.execute(seal, sealed)
        newest = rows[-1].id
    if number:
        head = sa.table("workspace_fact", sa.column("name", sa.String), sa.column("value", sa.String))
        connection.execute(head.insert().values(name="log_head", value=f"{number} {digest}"))
