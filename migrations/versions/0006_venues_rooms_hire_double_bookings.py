"""venues: rooms, whom to ask for the key, and an index of the reasons for double bookings

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IS_A_CLASH = sa.text("action = 'double booking allowed'")


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=240), nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("fire_limit", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_room_venue_id_venue", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
        sa.UniqueConstraint("venue_id", "key", name="uq_room_venue_id_key"),
    )
    op.create_table(
        "venue_hire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("keyholder", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("cost", sa.Text()),
        sa.Column("way_in", sa.Text()),
        sa.Column("has_alarm", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_venue_hire_venue_id_venue", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_venue_hire"),
        sa.UniqueConstraint("venue_id", name="uq_venue_hire_venue_id"),
    )
    op.create_index(
        "ix_audit_entry_clash", "audit_entry", ["subject_id"], sqlite_where=IS_A_CLASH, postgresql_where=IS_A_CLASH
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_clash", "audit_entry")
    op.drop_table("venue_hire")
    op.drop_table("room")
