"""bookings by phone: by what a sealed name is found, notes, and two records of one family made one

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reference = sa.ForeignKey("family.id", name="fk_family_joined_id_family")
    op.add_column("family", sa.Column("joined_id", sa.Integer, reference), inline_references=True)
    op.create_index("ix_family_joined_id", "family", ["joined_id"])
    op.create_table(
        "name_part",
        sa.Column(
            "adult_id",
            sa.Integer,
            sa.ForeignKey("adult.id", name="fk_name_part_adult_id_adult", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("bucket", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("adult_id", "bucket", name="pk_name_part"),
    )
    op.create_index("ix_name_part_bucket_adult_id", "name_part", ["bucket", "adult_id"])
    op.create_table(
        "family_join",
        sa.Column("id", sa.Integer, nullable=False),
        _family("kept_id"),
        _family("emptied_id"),
        sa.Column("moved", sa.JSON, nullable=False),
        _staff("family_join"),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_family_join"),
    )
    op.create_index("ix_family_join_kept_id", "family_join", ["kept_id"])
    op.create_index("ix_family_join_emptied_id", "family_join", ["emptied_id"])
    op.create_table(
        "note",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "booking_id", sa.Integer, sa.ForeignKey("booking.id", name="fk_note_booking_id_booking"), nullable=False
        ),
        sa.Column("text", sa.Text),
        _staff("note"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_booking_id", "note", ["booking_id"])


def downgrade() -> None:
    for table in ("note", "family_join", "name_part"):
        op.drop_table(table)
    op.drop_index("ix_family_joined_id", "family")
    op.drop_column("family", "joined_id")


def _family(column: str) -> sa.Column:
    reference = sa.ForeignKey("family.id", name=f"fk_family_join_{column}_family")
    return sa.Column(column, sa.Integer, reference, nullable=False)


def _staff(table: str) -> sa.Column:
    reference = sa.ForeignKey("staff.id", name=f"fk_{table}_staff_id_staff", ondelete="SET NULL")
    return sa.Column("staff_id", sa.Integer, reference)
