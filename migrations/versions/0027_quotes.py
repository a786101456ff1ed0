"""what families said of sessions, in an editor's words, where they allowed it

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feedback", sa.Column("quote", sa.Text))
    op.add_column("feedback", sa.Column("quoted_at", sa.DateTime(timezone=True)))
    op.add_column(
        "feedback",
        sa.Column(
            "quoted_by_id",
            sa.Integer,
            sa.ForeignKey("staff.id", name="fk_feedback_quoted_by_id_staff"),
        ),
        inline_references=True,
    )
    op.create_index("ix_feedback_quoted_at", "feedback", ["quoted_at"])


def downgrade() -> None:
    op.drop_index("ix_feedback_quoted_at", "feedback")
    with op.batch_alter_table("feedback") as table:
        table.drop_constraint("fk_feedback_quoted_by_id_staff", type_="foreignkey")
        table.drop_column("quoted_by_id")
        table.drop_column("quoted_at")
        table.drop_column("quote")
