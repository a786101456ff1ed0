"""reminders: a text on the morning, and when a calendar entry was last revised

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

def upgrade() -> None:
    op.add_column("booking", sa.Column("ical_stamped_at", sa.DateTime(timezone=True)))
    op.add_column("booking", sa.Column("wants_morning_text", sa.Boolean, server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("booking", "wants_morning_text")
    op.drop_column("booking", "ical_stamped_at")
