"""keep and forget: what was erased, for a copy that is put back; complaints about data

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
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(12), nullable=False),
        *(sa.Column(name, sa.Text) for name in ("name", "email", "phone", "about_booking", "text")),
        sa.Column("email_hash", sa.String(64)),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("answer_by", sa.Date, nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(24)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.UniqueConstraint("reference", name="uq_complaint_reference"),
    )
    for column in ("email_hash", "answer_by", "answered_at"):
        op.create_index(f"ix_complaint_{column}", "complaint", [column])
    op.create_table(
        "complaint_note",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "complaint_id",
            sa.Integer,
            sa.ForeignKey("complaint.id", name="fk_complaint_note_complaint_id_complaint", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "staff_id",
            sa.Integer,
            sa.ForeignKey("staff.id", name="fk_complaint_note_staff_id_staff", ondelete="SET NULL"),
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_complaint_note"),
    )
    op.create_index("ix_complaint_note_complaint_id", "complaint_note", ["complaint_id"])
    reference = sa.ForeignKey("complaint.id", name="fk_message_complaint_id_complaint")
    op.add_column("message", sa.Column("complaint_id", sa.Integer, reference), inline_references=True)
    op.create_index("ix_message_complaint_id", "message", ["complaint_id"])


def downgrade() -> None:
    op.drop_index("ix_message_complaint_id", "message")
    op.drop_column("message", "complaint_id")
    for table in ("complaint_note", "complaint", "erasure"):
        op.drop_table(table)
