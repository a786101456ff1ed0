"""what families say of a session, before it and after it

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ANSWERS = (
    "before_confident",
    "before_know_where",
    "confident",
    "know_where",
    "listened",
    "understood",
    "what_next",
    "had_what_needed",
    "again",
)


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_feedback_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "booking_id",
            sa.Integer,
            sa.ForeignKey("booking.id", name="fk_feedback_booking_id_booking", ondelete="SET NULL"),
        ),
        sa.Column("link_digest", sa.String(64)),
        sa.Column("sent_once", sa.String(64)),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("method", sa.String(24), nullable=False),
        *(sa.Column(name, sa.Integer) for name in ANSWERS),
        sa.Column("change", sa.Text),
        sa.Column("may_quote", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("booking_id", name="uq_feedback_booking_id"),
        sa.UniqueConstraint("link_digest", name="uq_feedback_link_digest"),
        sa.UniqueConstraint("sent_once", name="uq_feedback_sent_once"),
        *(sa.CheckConstraint(f"{name} BETWEEN 0 AND 5", name=f"ck_feedback_{name}_on_the_scale") for name in ANSWERS),
    )
    op.create_index("ix_feedback_event_id", "feedback", ["event_id"])


def downgrade() -> None:
    op.drop_table("feedback")
