"""a picture shows one fact about its place

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photo", sa.Column("fact_code", sa.String(40), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("photo", "fact_code")
