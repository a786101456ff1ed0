"""returns that are frozen, version after version, which the database itself keeps from being changed

Sealed columns may be written anew, because keys are renewed; whether they still say the same is told by the SHA-256
beside them, which may not.

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_STAYS = {
    "snapshot": "id, period, version, sha256, frozen_at, frozen_by_id, frozen_role, reason, open_registers, app_version",
    "snapshot_bundle": "id, snapshot_id, profile, name, size, sha256",
}


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer),
        sa.Column("frozen_role", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("open_registers", sa.JSON, nullable=False),
        sa.Column("app_version", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["staff.id"], name="fk_snapshot_frozen_by_id_staff"),
        sa.UniqueConstraint("period", "version", name="uq_snapshot_period_version"),
        sa.CheckConstraint("version > 0", name="ck_snapshot_version_counts_up"),
    )
    op.create_table(
        "snapshot_bundle",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("snapshot_id", sa.Integer, nullable=False),
        sa.Column("profile", sa.String(24), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("hidden", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot_bundle"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_snapshot_bundle_snapshot_id_snapshot"),
        sa.UniqueConstraint("snapshot_id", "profile", name="uq_snapshot_bundle_snapshot_id_profile"),
    )
    for table, columns in _STAYS.items():
        _forbid_changes(table, columns)


def downgrade() -> None:
    op.drop_table("snapshot_bundle")
    op.drop_table("snapshot")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION frozen_stays()")


def _forbid_changes(table: str, columns: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION frozen_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'What is frozen is never changed.'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION frozen_stays()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF {columns} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'What is frozen is never changed.'); END"
        )
