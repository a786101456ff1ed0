"""calendars and messages: mail that comes in, calls, news of new sessions, a calendar for each family

Columns are added in place: making a table anew on SQLite would lose its checks.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("booking", sa.Column("reply_answer", sa.String(24))),
    ("booking", sa.Column("reply_stamped_at", sa.DateTime(timezone=True))),
    ("booking", sa.Column("release_at", sa.DateTime(timezone=True))),
    ("event", sa.Column("postponed_at", sa.DateTime(timezone=True))),
    ("event", sa.Column("topics", sa.JSON, server_default="[]", nullable=False)),
    ("event", sa.Column("busiest", sa.String(120), server_default="", nullable=False)),
    ("event", sa.Column("reminders_off", sa.JSON, server_default="[]", nullable=False)),
    ("family", sa.Column("calendar_version", sa.Integer, server_default="0", nullable=False)),
    ("family", sa.Column("calendar_digest", sa.String(64))),
    ("message", sa.Column("bounced_at", sa.DateTime(timezone=True))),
    ("message", sa.Column("bounce_code", sa.String(12), server_default="", nullable=False)),
    ("message", sa.Column("carrier_id", sa.String(64))),
    ("message", sa.Column("receipt", sa.String(24), server_default="", nullable=False)),
    ("venue", sa.Column("last_bus", sa.String(120), server_default="", nullable=False)),
)
INDEXES = (
    ("booking", "release_at", False),
    ("family", "calendar_digest", True),
    ("message", "carrier_id", True),
    ("message", "subscription_id", False),
)


def upgrade() -> None:
    _make_tables()
    for table, column in COLUMNS:
        op.add_column(table, column)
    reference = sa.ForeignKey("subscription.id", name="fk_message_subscription_id_subscription")
    op.add_column("message", sa.Column("subscription_id", sa.Integer, reference), inline_references=True)
    for table, name, is_unique in INDEXES:
        op.create_index(f"ix_{table}_{name}", table, [name], unique=is_unique)


def downgrade() -> None:
    for table, name, _is_unique in reversed(INDEXES):
        op.drop_index(f"ix_{table}_{name}", table)
    op.drop_column("message", "subscription_id")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
    for table in ("inbound", "call", "told", "subscription"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("miles", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_news_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_subscription_link_digest")),
    )
    op.create_index("ix_subscription_email_hash", "subscription", ["email_hash"])

    op.create_table(
        "told",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_told_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_told_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "event_id", name=op.f("pk_told")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_call_booking_id_booking")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_staff_id_staff"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index("ix_call_booking_id", "call", ["booking_id"])

    op.create_table(
        "inbound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder_version", sa.Integer(), nullable=True),
        sa.Column("folder_number", sa.Integer(), nullable=True),
        sa.Column("message_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_inbound_booking_id_booking")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_inbound_message_id_message"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_inbound_seen_by_staff"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("folder_version", "folder_number", name=op.f("uq_inbound_folder_version_folder_number")),
        sa.UniqueConstraint("message_hash", name=op.f("uq_inbound_message_hash")),
    )
    op.create_index("ix_inbound_booking_id", "inbound", ["booking_id"])
    op.create_index("ix_inbound_message_id", "inbound", ["message_id"])
