"""when booking opens and ends, counted back from the session

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("opens_days_before", sa.Integer))
    op.add_column("event", sa.Column("ends_hours_before", sa.Integer))


def downgrade() -> None:
    op.drop_column("event", "ends_hours_before")
    op.drop_column("event", "opens_days_before")
