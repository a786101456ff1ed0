"""phones that run a door without a signal, and what was decided there

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_device",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_door_device_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("leads", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column(
            "made_by",
            sa.Integer,
            sa.ForeignKey("staff.id", name="fk_door_device_made_by_staff", ondelete="SET NULL"),
        ),
        sa.Column("link_digest", sa.String(64)),
        sa.Column("send_digest", sa.String(64)),
        sa.Column("read_digest", sa.String(64)),
        sa.Column("private_key", sa.Text),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("heard_at", sa.DateTime(timezone=True)),
        sa.Column("clock_off_s", sa.Integer),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("wiped_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_door_device"),
        sa.UniqueConstraint("event_id", "number", name="uq_door_device_event_id_number"),
        sa.UniqueConstraint("link_digest", name="uq_door_device_link_digest"),
        sa.UniqueConstraint("send_digest", name="uq_door_device_send_digest"),
        sa.UniqueConstraint("read_digest", name="uq_door_device_read_digest"),
    )
    op.create_index("ix_door_device_event_id", "door_device", ["event_id"])
    op.create_table(
        "door_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "event_id",
            sa.Integer,
            sa.ForeignKey("event.id", name="fk_door_event_event_id_event", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "device_id",
            sa.Integer,
            sa.ForeignKey("door_device.id", name="fk_door_event_device_id_door_device", ondelete="SET NULL"),
        ),
        sa.Column(
            "staff_id",
            sa.Integer,
            sa.ForeignKey("staff.id", name="fk_door_event_staff_id_staff", ondelete="SET NULL"),
        ),
        sa.Column("via", sa.String(20), server_default="", nullable=False),
        sa.Column("tap", sa.String(40), nullable=False),
        sa.Column("seq", sa.Integer, server_default="0", nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("words", sa.Text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("held_for", sa.String(24)),
        sa.PrimaryKeyConstraint("id", name="pk_door_event"),
        sa.UniqueConstraint("event_id", "tap", name="uq_door_event_event_id_tap"),
    )
    op.create_index("ix_door_event_event_id_subject", "door_event", ["event_id", "subject"])
    op.create_index("ix_door_event_device_id", "door_event", ["device_id"])
    op.add_column("booking", sa.Column("door_subject", sa.String(40)))
    op.add_column("booking", sa.Column("is_first_time", sa.Boolean))
    op.create_index("ix_booking_event_id_door_subject", "booking", ["event_id", "door_subject"], unique=True)
    op.execute("UPDATE booking SET door_subject = 'walk_in:b' || id WHERE origin = 'walk_in'")


def downgrade() -> None:
    op.drop_index("ix_booking_event_id_door_subject", "booking")
    op.drop_column("booking", "is_first_time")
    op.drop_column("booking", "door_subject")
    op.drop_table("door_event")
    op.drop_table("door_device")
