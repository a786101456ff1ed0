"""who has to answer what families raised, what everybody reads of it, and what came of it

Revision: 0021, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

STAFF = "fk_issue_published_by_id_staff"


def upgrade() -> None:
    op.add_column("issue", sa.Column("owner", sa.String(40), server_default="", nullable=False))
    op.add_column("issue", sa.Column("published_text", sa.Text))
    op.add_column("issue", sa.Column("published_at", sa.DateTime(timezone=True)))
    op.add_column(
        "issue", sa.Column("published_by_id", sa.Integer, sa.ForeignKey("staff.id", name=STAFF)), inline_references=True
    )
    op.add_column("issue", sa.Column("outcome", sa.String(24)))
    op.add_column("issue", sa.Column("reason", sa.Text, server_default="", nullable=False))
    op.add_column("issue", sa.Column("answered_at", sa.DateTime(timezone=True)))
    op.add_column("issue", sa.Column("outcome_at", sa.DateTime(timezone=True)))
    op.add_column("issue", sa.Column("contactable", sa.Integer))
    op.add_column("issue", sa.Column("told", sa.Integer))
    op.create_table(
        "issue_update",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "issue_id",
            sa.Integer,
            sa.ForeignKey("issue.id", name="fk_issue_update_issue_id_issue", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(24)),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issue_update"),
    )
    op.create_index("ix_issue_update_issue_id", "issue_update", ["issue_id"])


def downgrade() -> None:
    op.drop_table("issue_update")
    for name in ("told", "contactable", "outcome_at", "answered_at", "reason", "outcome"):
        op.drop_column("issue", name)
    for name in ("published_by_id", "published_at", "published_text", "owner"):
        op.drop_column("issue", name)
