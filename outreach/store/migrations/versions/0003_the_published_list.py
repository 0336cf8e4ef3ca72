"""Signatures as they are printed, editions, and what staff decide before the release."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A mailbox signs once in its own name and once for each organisation; until now each organisation signed once.
KEYS = """
UPDATE signature SET signer_key = CASE
  WHEN kind = 'individual' THEN 'contact ' || contact_id
  WHEN organisation_id IS NOT NULL THEN 'contact ' || contact_id || ' organisation ' || organisation_id
  ELSE 'contact ' || contact_id || ' ' || signer_key
END
"""


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("letter_version", sa.Integer(), nullable=False),
        sa.Column("organisers", sa.JSON(), nullable=False),
        sa.Column("listing", sa.JSON(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_edition_call_id_call")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_edition_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("letter_id", "number", name=op.f("uq_edition_letter_id_number")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_call_id"), ["call_id"], unique=False)

    op.create_table(
        "distinction",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["signature.id"], name=op.f("fk_distinction_first_id_signature")),
        sa.ForeignKeyConstraint(["second_id"], ["signature.id"], name=op.f("fk_distinction_second_id_signature")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_distinction")),
    )
    op.create_table(
        "edition_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("page", "mailing", "file", "kit", name="copykind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_copy_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_copy")),
    )
    with op.batch_alter_table("edition_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_copy_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "edition_entry",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("organisation", "individual", name="signaturekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("public", "addressee", "counted", name="visibility", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("initiator", sa.Boolean(), nullable=False),
        sa.Column("line", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("affiliated", sa.Boolean(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_entry_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_edition_entry_signature_id_signature")
        ),
        sa.PrimaryKeyConstraint("edition_id", "position", name=op.f("pk_edition_entry")),
    )
    with op.batch_alter_table("edition_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_entry_signature_id"), ["signature_id"], unique=False)

    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listing", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("substance", sa.Integer(), nullable=False, server_default=sa.text("1")))

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "visibility",
                sa.Enum("public", "addressee", "counted", name="visibility", native_enum=False, length=24),
                nullable=False,
                server_default=sa.text("'public'"),
            )
        )
        batch_op.add_column(
            sa.Column(
                "wider",
                sa.Enum("public", "addressee", "counted", name="visibility", native_enum=False, length=24),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("acronym", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(
            sa.Column("website", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(
            sa.Column(
                "affiliation", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column(
                "mailbox_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(
            sa.Column(
                "origin",
                sa.Enum(
                    "form",
                    "reply",
                    "telephone",
                    "post",
                    "meeting",
                    "import",
                    name="origin",
                    native_enum=False,
                    length=24,
                ),
                nullable=False,
                server_default=sa.text("'form'"),
            )
        )
        batch_op.add_column(
            sa.Column("evidence", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default=sa.text("1")))
        batch_op.add_column(sa.Column("invited", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(
            sa.Column(
                "checked_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.add_column(sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("news_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("rejected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.alter_column("contact_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index("ix_signature_letter_state", ["letter_id", "state"], unique=False)
        batch_op.create_index("ix_signature_mailbox_digest", ["mailbox_digest"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_signature_merged_into_id_signature"), "signature", ["merged_into_id"], ["id"]
        )

    op.execute(KEYS)
    op.execute("UPDATE signature SET asked_at = submitted_at, invited = true WHERE state <> 'proposed'")
    op.execute("UPDATE signature SET origin = 'reply' WHERE id IN (SELECT signature_id FROM reply_effect)")
