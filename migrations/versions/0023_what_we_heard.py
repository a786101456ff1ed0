"""what staff heard at a session, for the families who came

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_heard_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heard"),
        sa.UniqueConstraint("event_id", name="uq_heard_event_id"),
    )


def downgrade() -> None:
    op.drop_table("heard")
