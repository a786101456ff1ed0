"""together, languages, places

Columns are added in place, each with its reference: making a table anew on SQLite would lose its checks and the
promise that a booking's id is never used twice.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFERENCES = (
    ("booking", "second_slot_id", "slot"),
    ("booking", "extends_id", "booking"),
    ("booking", "root_id", "booking"),
    ("event", "series_id", "series"),
    ("remembered_need", "root_id", "booking"),
)
COLUMNS = (
    ("booking", sa.Column("group_key", sa.String(36))),
    ("booking", sa.Column("may_text", sa.Boolean, server_default=sa.false(), nullable=False)),
    ("booking", sa.Column("helper_name", sa.Text)),
    ("booking", sa.Column("helper_kind", sa.String(24))),
    ("booking", sa.Column("is_discreet", sa.Boolean, server_default=sa.false(), nullable=False)),
    ("event", sa.Column("greeter", sa.String(200), server_default="", nullable=False)),
    ("message", sa.Column("channel", sa.String(24), server_default="email", nullable=False)),
    ("need_request", sa.Column("for_whom", sa.String(24))),
    ("venue", sa.Column("arrival_steps", sa.JSON, server_default="[]", nullable=False)),
    ("venue", sa.Column("leaving", sa.Text, server_default="", nullable=False)),
)


def upgrade() -> None:
    _make_tables()
    for table, name, other in REFERENCES:
        reference = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}_{other}")
        op.add_column(table, sa.Column(name, sa.Integer, reference), inline_references=True)
        op.create_index(f"ix_{table}_{name}", table, [name])
    for table, column in COLUMNS:
        op.add_column(table, column)
    op.create_index("ix_booking_group_key", "booking", ["group_key"])


def downgrade() -> None:
    op.drop_index("ix_booking_group_key", "booking")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
    for table, name, _other in reversed(REFERENCES):
        op.drop_index(f"ix_{table}_{name}", table)
        op.drop_column(table, name)
    for table in ("may_come", "photo", "wish", "series"):
        op.drop_table(table)


def _make_tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("title", sa.String(140), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sa.UniqueConstraint("slug", name="uq_series_slug"),
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("outcode", sa.String(4), nullable=False),
        sa.Column("district", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24)),
        sa.Column("time_band", sa.String(24), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wish"),
    )
    op.create_index("ix_wish_district", "wish", ["district"])
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("venue_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(20), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("image", sa.LargeBinary, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("alt <> ''", name="ck_photo_has_alternative_text"),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_photo_venue_id_venue", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.UniqueConstraint("venue_id", "digest", name="uq_photo_venue_id_digest"),
    )
    op.create_index("ix_photo_digest", "photo", ["digest"])
    op.create_index("ix_photo_venue_id", "photo", ["venue_id"])
    op.create_table(
        "may_come",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("event_id", sa.Integer, nullable=False),
        sa.Column("adults", sa.Integer, nullable=False),
        sa.Column("children", sa.Integer, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_may_come_event_id_event", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_may_come"),
    )
    op.create_index("ix_may_come_event_id", "may_come", ["event_id"])
