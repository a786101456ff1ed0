"""files of past attendance that a worker brings in

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_import",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_import"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_attendance_import_staff_id_staff", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_attendance_import_staff_id", "attendance_import", ["staff_id"])
    op.create_index("ix_attendance_import_expires_at", "attendance_import", ["expires_at"])


def downgrade() -> None:
    op.drop_table("attendance_import")
