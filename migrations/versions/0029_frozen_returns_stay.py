"""a version of a frozen return is not taken away either: until now the database only kept it from being changed

Revision: 0029, after 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TABLES = ("snapshot_bundle", "snapshot")


def upgrade() -> None:
    for table in _TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION frozen_stays()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION frozen_stays()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'What is frozen is never changed.'); END"
            )


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    on = "ON {table}" if is_postgres else ""
    for table in _TABLES:
        op.execute(f"DROP TRIGGER {table}_is_kept {on.format(table=table)}")
        if is_postgres:
            op.execute(f"DROP TRIGGER {table}_is_not_emptied ON {table}")
