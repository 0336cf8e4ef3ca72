"""What comes back: mail as it arrived, replies, bounces, and texts that belong to no call."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "inbound_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("processed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("sha256", name=op.f("uq_inbound_mail_sha256")),
    )
    with op.batch_alter_table("inbound_mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_mail_unprocessed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("processed_at IS NULL"),
            postgresql_where=sa.text("processed_at IS NULL"),
        )

    op.create_table(
        "mailbox_cursor",
        sa.Column("folder", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("incarnation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("folder", name=op.f("pk_mailbox_cursor")),
    )
    op.create_table(
        "inbound_content",
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_mail.id"], name=op.f("fk_inbound_content_inbound_id_inbound_mail")
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_inbound_content")),
    )
    op.create_table(
        "inbound_place",
        sa.Column("folder", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("incarnation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_mail.id"], name=op.f("fk_inbound_place_inbound_id_inbound_mail")
        ),
        sa.PrimaryKeyConstraint("folder", "incarnation", "number", name=op.f("pk_inbound_place")),
    )
    with op.batch_alter_table("inbound_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_place_inbound_id"), ["inbound_id"], unique=False)
        batch_op.create_index(
            "ix_inbound_place_unmoved",
            ["folder", "inbound_id"],
            unique=False,
            sqlite_where=sa.text("moved_at IS NULL"),
            postgresql_where=sa.text("moved_at IS NULL"),
        )

    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("mail", "telephone", "post", "meeting", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "bounce",
                "complaint",
                "delivery-notice",
                "receipt",
                "out-of-office",
                "automatic-answer",
                "opt-out",
                "signs",
                "signs-if-changed",
                "declines",
                "forwards",
                "question",
                "acknowledgement",
                "answer",
                "other",
                name="replykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "first_kind",
            sa.Enum(
                "bounce",
                "complaint",
                "delivery-notice",
                "receipt",
                "out-of-office",
                "automatic-answer",
                "opt-out",
                "signs",
                "signs-if-changed",
                "declines",
                "forwards",
                "question",
                "acknowledgement",
                "answer",
                "other",
                name="replykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column(
            "state", sa.Enum("waiting", "done", name="replystate", native_enum=False, length=24), nullable=False
        ),
        sa.Column(
            "matched_by",
            sa.Enum(
                "token",
                "reference",
                "quoted",
                "sender",
                "person",
                "nothing",
                name="matchedby",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("authenticated", sa.Boolean(), nullable=False),
        sa.Column("sender_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sender_address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sender_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("mail_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("new_text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("signer", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("handled_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("handled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reply_call_id_call")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_reply_contact_id_contact")),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound_mail.id"], name=op.f("fk_reply_inbound_id_inbound_mail")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reply_message_id_message")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reply_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("inbound_id", name=op.f("uq_reply_inbound_id")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index("ix_reply_call_contact", ["call_id", "contact_id"], unique=False)
        batch_op.create_index("ix_reply_call_organisation", ["call_id", "organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_sender_digest"), ["sender_digest"], unique=False)
        batch_op.create_index("ix_reply_state", ["state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_until"), ["until"], unique=False)

    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("address_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "no-such-address",
                "no-such-domain",
                "mailbox-full",
                "policy",
                "too-large",
                "unreachable",
                "delayed",
                "unclear",
                name="bouncereason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("diagnostic", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_bounce_message_id_message")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_bounce_reply_id_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("message_id", name=op.f("uq_bounce_message_id")),
    )
    with op.batch_alter_table("bounce", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bounce_address_digest"), ["address_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_bounce_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "reply_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column(
            "effect",
            sa.Enum("suppressed", "proposed", name="effectkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("address_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_effect_reply_id_reply")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_reply_effect_signature_id_signature")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_effect")),
    )
    with op.batch_alter_table("reply_effect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_effect_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "reply_guess",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reply_guess_call_id_call")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_reply_guess_contact_id_contact")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_guess_reply_id_reply")),
        sa.PrimaryKeyConstraint("reply_id", "rank", name=op.f("pk_reply_guess")),
    )
    with op.batch_alter_table("call_text", schema=None) as batch_op:
        batch_op.alter_column("call_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "signer_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column(
                "signer_title", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column("country", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''"))
        )
