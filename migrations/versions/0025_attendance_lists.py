"""attendance lists that are fetched once

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_list",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("link_digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_list"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_attendance_list_staff_id_staff", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("link_digest", name="uq_attendance_list_link_digest"),
    )
    op.create_index("ix_attendance_list_staff_id", "attendance_list", ["staff_id"])
    op.create_index("ix_attendance_list_expires_at", "attendance_list", ["expires_at"])


def downgrade() -> None:
    op.drop_table("attendance_list")
