"""keep and forget: what was erased, for a copy that is put back

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_hash", sa.String(64)),
        sa.Column("email_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    for column in ("at", "family_hash", "email_hash"):
        op.create_index(f"ix_erasure_{column}", "erasure", [column])


def downgrade() -> None:
    op.drop_table("erasure")
