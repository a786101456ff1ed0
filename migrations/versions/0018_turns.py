"""whose turn it is at a desk, and whom somebody who walked in waits to see

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("desk", sa.String(80)))
    op.add_column("booking", sa.Column("turn", sa.String(24)))
    op.add_column("booking", sa.Column("turn_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("booking", "turn_at")
    op.drop_column("booking", "turn")
    op.drop_column("booking", "desk")
