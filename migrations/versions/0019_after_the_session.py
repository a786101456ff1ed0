"""who else was at a session, and what families had and raised

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "head_count",
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_head_count_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("children", sa.Integer),
        sa.Column("supporters", sa.Integer),
        sa.Column("interpreters", sa.Integer),
        sa.Column("professionals", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_head_count"),
        sa.CheckConstraint("children >= 0", name="ck_head_count_children_not_negative"),
        sa.CheckConstraint("supporters >= 0", name="ck_head_count_supporters_not_negative"),
        sa.CheckConstraint("interpreters >= 0", name="ck_head_count_interpreters_not_negative"),
        sa.CheckConstraint("professionals >= 0", name="ck_head_count_professionals_not_negative"),
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_issue_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("text", sa.Text),
        sa.Column("theme", sa.String(40), server_default="", nullable=False),
        sa.Column("workstream", sa.Integer),
        sa.Column("weakness", sa.Integer),
        sa.Column("families", sa.Integer),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issue"),
        sa.CheckConstraint("families > 0", name="ck_issue_raised_by_somebody"),
    )
    op.create_index("ix_issue_event_id", "issue", ["event_id"])
    op.add_column("need_request", sa.Column("family_outcome", sa.String(24)))
    op.add_column("need_request", sa.Column("family_said_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("need_request", "family_said_at")
    op.drop_column("need_request", "family_outcome")
    op.drop_table("issue")
    op.drop_table("head_count")
