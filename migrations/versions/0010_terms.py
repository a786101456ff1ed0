"""planning a term: sessions that are repeated without being a course, and what makes one co-production

What is a series already is a course, and stays one.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("booked_together", sa.Boolean, server_default=sa.true(), nullable=False))
    op.add_column("event", sa.Column("co_production", sa.JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("event", "co_production")
    op.drop_column("series", "booked_together")
