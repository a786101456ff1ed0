"""promises: who sees to a request, by whom it is done and for how much, what we cannot do, and the supplier book

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (
    sa.Column("owner_role", sa.String(24)),
    sa.Column("cost_p", sa.Integer, sa.CheckConstraint("cost_p >= 0", name="ck_need_request_cost_not_negative")),
    sa.Column("reason", sa.String(24)),
    sa.Column("reason_words", sa.Text),
    sa.Column("alternative", sa.String(24)),
    sa.Column("choice", sa.String(24)),
    sa.Column("tell_by", sa.Date),
    sa.Column("told_at", sa.DateTime(timezone=True)),
    sa.Column("told_how", sa.String(24)),
    sa.Column("broken_at", sa.DateTime(timezone=True)),
)
REFERENCES = (("owner_id", "staff"), ("supplier_id", "supplier"))


def upgrade() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("codes", sa.JSON, nullable=False),
        sa.Column("contact", sa.Text),
        sa.Column("rate", sa.String(120), nullable=False),
        sa.Column("notice_days", sa.Integer, nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("notice_days >= 0", name="ck_supplier_notice_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier"),
    )
    for name, table in REFERENCES:
        reference = sa.ForeignKey(f"{table}.id", name=f"fk_need_request_{name}_{table}")
        op.add_column("need_request", sa.Column(name, sa.Integer, reference), inline_references=True)
        op.create_index(f"ix_need_request_{name}", "need_request", [name])
    for column in COLUMNS:
        op.add_column("need_request", column)


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("need_request", column.name)
    for name, table in reversed(REFERENCES):
        op.drop_index(f"ix_need_request_{name}", "need_request")
        op.drop_column("need_request", name)
    op.drop_table("supplier")
