"""Officials, letters to them and what they answer; rounds in which named organisations approve a draft."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _officials()
    _letters_and_answers()
    _what_there_was()


def _officials() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_sha256"), ["sha256"], unique=False)

    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("institution_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("institution", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint(
            "state", "institution_key", "name", "since", name=op.f("uq_fact_state_institution_key_name_since")
        ),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("institution", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("institution_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("postal_address", sa.JSON(), nullable=False),
        sa.Column("fax", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("copies_to", sa.JSON(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_slug")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_address_digest", ["address_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_institution_key"), ["institution_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_state"), ["state"], unique=False)

    op.create_table(
        "document_content",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_content_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_content")),
    )
    op.create_table(
        "holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("form_of_address", sa.JSON(), nullable=False),
        sa.Column("salutation", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_holder_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
    )
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holder_post_id"), ["post_id"], unique=False)

    op.create_table(
        "letter_document",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_letter_document_document_id_document")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_document_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_id", "document_id", name=op.f("pk_letter_document")),
    )


def _letters_and_answers() -> None:
    op.create_table(
        "addressee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "to-send",
                "sent",
                "delivered",
                "acknowledged",
                "answered",
                "closed",
                name="addresseestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("added_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("released_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("delivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("acknowledged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_addressee_document_id_document")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_addressee_edition_id_edition")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_addressee_letter_id_letter")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_addressee_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressee")),
        sa.UniqueConstraint("letter_id", "post_id", name=op.f("uq_addressee_letter_id_post_id")),
    )
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.create_index("ix_addressee_due_on", ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_addressee_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_addressee_post_id"), ["post_id"], unique=False)

    op.create_table(
        "round_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("letter_version", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "approves",
                "approves-with-comment",
                "asks-for-change",
                "declines",
                name="draftanswer",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_round_answer_call_id_call")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_round_answer_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_answer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_round_answer_signature_id_signature")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_answer")),
    )
    with op.batch_alter_table("round_answer", schema=None) as batch_op:
        batch_op.create_index("ix_round_answer_call_organisation", ["call_id", "organisation_id"], unique=False)

    op.create_table(
        "round_member",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_round_member_call_id_call")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_round_member_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_member_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_round_member_signature_id_signature")
        ),
        sa.PrimaryKeyConstraint("call_id", "organisation_id", name=op.f("pk_round_member")),
    )
    with op.batch_alter_table("round_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_member_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("letter", "copy", "enquiry", name="deliverykind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum(
                "mail",
                "post",
                "fax",
                "form",
                "hand",
                "meeting",
                "telephone",
                name="way",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("copy_to", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("proof_id", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("failed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["addressee.id"], name=op.f("fk_delivery_addressee_id_addressee")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_delivery_document_id_document")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_delivery_edition_id_edition")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id_message")),
        sa.ForeignKeyConstraint(["proof_id"], ["document.id"], name=op.f("fk_delivery_proof_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_addressee_id"), ["addressee_id"], unique=False)

    op.create_table(
        "message_document",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_message_document_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_document_message_id_message")
        ),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f("pk_message_document")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("acknowledgement", "answer", name="answerkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "mail",
                "post",
                "fax",
                "form",
                "hand",
                "meeting",
                "telephone",
                name="way",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sender", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("summary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name=op.f("fk_answer_addressee_id_addressee")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_answer_post_id_post")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_answer_reply_id_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_answer_reply_id")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_addressee_id"), ["addressee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_post_id"), ["post_id"], unique=False)

    op.create_table(
        "answer_document",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_document_answer_id_answer")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_answer_document_document_id_document")
        ),
        sa.PrimaryKeyConstraint("answer_id", "document_id", name=op.f("pk_answer_document")),
    )
    op.create_table(
        "response_letter",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_response_letter_answer_id_answer")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_response_letter_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_response_letter")),
    )
    with op.batch_alter_table("response_letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_letter_answer_id"), ["answer_id"], unique=False)


def _what_there_was() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "round",
                sa.Enum("public", "approval", name="roundkind", native_enum=False, length=24),
                nullable=False,
                server_default="public",
            )
        )

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "open", "private", "follow-up", "response", name="letterkind", native_enum=False, length=24
                ),
                nullable=False,
                server_default="open",
            )
        )
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("press_contacts", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(
            sa.Column("authorised_version", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        batch_op.add_column(
            sa.Column("authorised_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("authorised_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_letter_follows_id"), ["follows_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_letter_follows_id_letter"), "letter", ["follows_id"], ["id"])

    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("post_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_reply_post_id"), ["post_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_reply_post_id_post"), "post", ["post_id"], ["id"])
