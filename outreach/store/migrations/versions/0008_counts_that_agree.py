"""Counts of messages that the database keeps itself, and indexes for what a call's page reads."""

import sqlalchemy as sa
from alembic import op

from outreach.domain.kinds import MessageKind
from outreach.domain.states import MessageState

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INVITATIONS = sa.text("kind = 'invitation'")
UNCHECKED = sa.text("checked_at IS NULL")

COUNT_WHAT_IS_THERE = """
INSERT INTO message_tally (call_id, mailing_id, kind, state, slot, messages)
SELECT coalesce(call_id, 0), coalesce(mailing_id, 0), kind, state, 0, count(*)
FROM message WHERE NOT test
GROUP BY coalesce(call_id, 0), coalesce(mailing_id, 0), kind, state
"""

_ROW = """
    INSERT OR IGNORE INTO message_tally (call_id, mailing_id, kind, state, slot, messages)
    VALUES (coalesce({row}.call_id, 0), coalesce({row}.mailing_id, 0), {row}.kind, {row}.state, 0, 0);
    UPDATE message_tally SET messages = messages {change}
    WHERE call_id = coalesce({row}.call_id, 0) AND mailing_id = coalesce({row}.mailing_id, 0)
        AND kind = {row}.kind AND state = {row}.state AND slot = 0;
"""
_MORE, _FEWER = _ROW.format(row="NEW", change="+ 1"), _ROW.format(row="OLD", change="- 1")

ON_SQLITE = (
    f"CREATE TRIGGER message_tally_insert AFTER INSERT ON message WHEN NOT NEW.test BEGIN {_MORE} END",
    f"CREATE TRIGGER message_tally_delete AFTER DELETE ON message WHEN NOT OLD.test BEGIN {_FEWER} END",
    (
        "CREATE TRIGGER message_tally_update AFTER UPDATE OF state ON message "
        f"WHEN NEW.state <> OLD.state AND NOT NEW.test BEGIN {_FEWER} {_MORE} END"
    ),
)

# One statement moves a million rows, and many processes write at once: each counts for itself, once a statement.
_COUNTED = """
    INSERT INTO message_tally AS tally (call_id, mailing_id, kind, state, slot, messages)
    SELECT coalesce(call_id, 0), coalesce(mailing_id, 0), kind, state, pg_backend_pid(), sum(step)
    FROM ({rows}) AS moved
    GROUP BY 1, 2, 3, 4
    HAVING sum(step) <> 0
    ON CONFLICT (call_id, mailing_id, kind, state, slot)
    DO UPDATE SET messages = tally.messages + excluded.messages;
    RETURN NULL;
"""
_CAME = "SELECT call_id, mailing_id, kind, state, 1 AS step FROM came WHERE NOT test"
_WENT = "SELECT call_id, mailing_id, kind, state, -1 AS step FROM went WHERE NOT test"

ON_POSTGRESQL = tuple(
    statement
    for name, event, tables, rows in (
        ("insert", "INSERT", "NEW TABLE AS came", _CAME),
        ("delete", "DELETE", "OLD TABLE AS went", _WENT),
        ("update", "UPDATE", "OLD TABLE AS went NEW TABLE AS came", f"{_CAME} UNION ALL {_WENT}"),
    )
    for statement in (
        (
            f"CREATE FUNCTION message_tally_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_COUNTED.format(rows=rows)} END $$"
        ),
        (
            f"CREATE TRIGGER message_tally_{name} AFTER {event} ON message REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION message_tally_{name}()"
        ),
    )
)

WHO_ANSWERED = ("signature", "reply", "bounce", "suppression", "affiliation", "round_answer", "round_member")
EVENTS = ("INSERT", "UPDATE", "DELETE")
TICK_ON_SQLITE = tuple(
    f"CREATE TRIGGER {table}_tick_{event.lower()} AFTER {event} ON {table} BEGIN "  # noqa: S608  names of ours
    "UPDATE answer_tick SET times = times + 1 WHERE slot = 0; END"
    for table in WHO_ANSWERED
    for event in EVENTS
)
TICK_ON_POSTGRESQL = (
    (
        "CREATE FUNCTION answer_tick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO answer_tick AS tick (slot, times) VALUES (pg_backend_pid(), 1) "
        "ON CONFLICT (slot) DO UPDATE SET times = tick.times + 1; RETURN NULL; END $$"
    ),
    *(
        f"CREATE TRIGGER {table}_tick AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION answer_tick()"
        for table in WHO_ANSWERED
    ),
)


def _word(words: type[MessageKind] | type[MessageState]) -> sa.Enum:
    values = [member.value for member in words]
    return sa.Enum(*values, name=words.__name__.lower(), native_enum=False, length=24)


def upgrade() -> None:
    op.create_table(
        "message_tally",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mailing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _word(MessageKind), nullable=False),
        sa.Column("state", _word(MessageState), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "mailing_id", "kind", "state", "slot", name=op.f("pk_message_tally")),
    )
    op.create_table(
        "answer_tick",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_answer_tick")),
    )
    _indexes()
    _bounces()
    op.execute(COUNT_WHAT_IS_THERE)
    op.execute("INSERT INTO answer_tick (slot, times) VALUES (0, 0)")
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (*ON_SQLITE, *TICK_ON_SQLITE) if on_sqlite else (*ON_POSTGRESQL, *TICK_ON_POSTGRESQL):
        op.execute(statement)


def _indexes() -> None:
    op.create_index(
        "ix_message_invited",
        "message",
        ["call_id", "contact_id", "state", "test"],
        sqlite_where=INVITATIONS,
        postgresql_where=INVITATIONS,
    )
    op.drop_index("ix_signature_call_state", "signature")
    op.create_index("ix_signature_call_state", "signature", ["call_id", "state", "contact_id", "organisation_id"])
    op.drop_index("ix_signature_letter_state", "signature")
    op.create_index(
        "ix_signature_letter_state", "signature", ["letter_id", "state", "letter_version", "confirmed_at"]
    )
    op.create_index(
        "ix_signature_unchecked", "signature", ["call_id", "id"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED
    )
    op.create_index("ix_reply_state_call", "reply", ["state", "call_id", "kind"])
    op.create_index(
        "ix_reply_call_kind", "reply", ["call_id", "kind", "matched_by", "contact_id", "organisation_id"]
    )


def _bounces() -> None:
    op.add_column("bounce", sa.Column("call_id", sa.Integer(), nullable=True))
    op.add_column("bounce", sa.Column("contact_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE bounce SET call_id = (SELECT call_id FROM message WHERE message.id = bounce.message_id), "
        "contact_id = (SELECT contact_id FROM message WHERE message.id = bounce.message_id)"
    )
    op.create_index("ix_bounce_call_contact", "bounce", ["call_id", "contact_id", "reason"])
