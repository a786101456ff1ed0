"""IMAP's numbers of a folder and of a mail, which are unsigned and do not fit into PostgreSQL's integer

SQLite's integer holds them as it is: making the table anew there would lose its checks.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("folder_version", "folder_number")


def upgrade() -> None:
    _alter(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _alter(sa.BigInteger(), sa.Integer())


def _alter(was, becomes) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for name in COLUMNS:
        op.alter_column("inbound", name, existing_type=was, type_=becomes, existing_nullable=True)
