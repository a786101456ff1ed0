"""what families say has changed at a place

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_report",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "venue_id",
            sa.Integer,
            sa.ForeignKey("venue.id", name="fk_place_report_venue_id_venue", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("text", sa.Text),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column(
            "seen_by", sa.Integer, sa.ForeignKey("staff.id", name="fk_place_report_seen_by_staff", ondelete="SET NULL")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place_report"),
    )
    op.create_index("ix_place_report_venue_id", "place_report", ["venue_id"])


def downgrade() -> None:
    op.drop_table("place_report")
