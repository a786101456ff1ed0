"""how many pupils with SEN there are, and since when a request is arranged

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pupil_count",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("district", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("sen_support", sa.Integer, nullable=False),
        sa.Column("ehcp", sa.Integer, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("published_on", sa.Date, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pupil_count"),
        sa.UniqueConstraint("district", "year", name="uq_pupil_count_district_year"),
        sa.CheckConstraint("sen_support >= 0", name="ck_pupil_count_sen_support_not_negative"),
        sa.CheckConstraint("ehcp >= 0", name="ck_pupil_count_ehcp_not_negative"),
    )
    op.add_column("need_request", sa.Column("arranged_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("need_request", "arranged_at")
    op.drop_table("pupil_count")
