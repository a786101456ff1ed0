"""what staff heard at a session, and files that go with it, for the families who came

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
        sa.Column("text", sa.Text),
        sa.Column("nothing_because", sa.Text),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("told_times", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heard"),
        sa.UniqueConstraint("event_id", name="uq_heard_event_id"),
        sa.CheckConstraint("(text IS NULL) <> (nothing_because IS NULL)", name="ck_heard_note_or_reason"),
    )
    op.create_table(
        "heard_file",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_heard_file_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("is_tagged", sa.Boolean, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heard_file"),
    )
    op.create_index("ix_heard_file_event_id", "heard_file", ["event_id"])


def downgrade() -> None:
    op.drop_table("heard_file")
    op.drop_table("heard")
