"""whom a session is for, in words

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("audience", sa.String(120), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("event", "audience")
