"""what figures are meant to come to, with who agreed it and when

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("metric", sa.String(8), nullable=False),
        sa.Column("breakdown", sa.String(3), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("hundredths", sa.Integer, nullable=False),
        sa.Column("agreed_by", sa.String(200), nullable=False),
        sa.Column("agreed_on", sa.Date, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_target"),
        sa.UniqueConstraint("metric", "breakdown", "category", "agreed_on", name="uq_target_metric_breakdown_category_agreed_on"),
        sa.CheckConstraint("hundredths >= 0", name="ck_target_hundredths_not_negative"),
    )


def downgrade() -> None:
    op.drop_table("target")
