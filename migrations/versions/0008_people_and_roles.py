"""people and roles: whose sessions are whose, where staff are signed in, what they had typed, mail to staff

Whoever could see every session before still can. Columns are added in place: making a table anew on SQLite would
lose its checks.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("tf_last_counter", sa.Integer))
    op.add_column("staff", sa.Column("all_sessions", sa.Boolean, server_default=sa.false(), nullable=False))
    op.execute(sa.text("UPDATE staff SET all_sessions = true"))
    reference = sa.ForeignKey("staff.id", name="fk_message_staff_id_staff")
    op.add_column("message", sa.Column("staff_id", sa.Integer, reference), inline_references=True)
    op.create_index("ix_message_staff_id", "message", ["staff_id"])
    op.create_table(
        "duty",
        _person(table="duty"),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_duty_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("staff_id", "event_id", name="pk_duty"),
    )
    op.create_index("ix_duty_event_id", "duty", ["event_id"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, nullable=False),
        _person(table="sign_in"),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("token_digest", name="uq_sign_in_token_digest"),
    )
    op.create_index("ix_sign_in_staff_id", "sign_in", ["staff_id"])
    op.create_table(
        "held_form",
        sa.Column("id", sa.Integer, nullable=False),
        _person(table="held_form"),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_held_form"),
        sa.UniqueConstraint("token_digest", name="uq_held_form_token_digest"),
    )
    op.create_index("ix_held_form_staff_id", "held_form", ["staff_id"])
    op.create_index("ix_held_form_expires_at", "held_form", ["expires_at"])


def downgrade() -> None:
    for table in ("held_form", "sign_in", "duty"):
        op.drop_table(table)
    op.drop_index("ix_message_staff_id", "message")
    op.drop_column("message", "staff_id")
    op.drop_column("staff", "all_sessions")
    op.drop_column("staff", "tf_last_counter")


def _person(*, table: str) -> sa.Column:
    reference = sa.ForeignKey("staff.id", name=f"fk_{table}_staff_id_staff", ondelete="CASCADE")
    return sa.Column("staff_id", sa.Integer, reference, nullable=False)
