"""Audit entries and their head are sealed, the head is not deleted; stored files are proven in rounds."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # without a default: on SQLite a new table would lose its triggers, on PostgreSQL each row would be written
    op.add_column("audit_entry", sa.Column("seal", sa.String(81), nullable=True))
    op.add_column("audit_head", sa.Column("seal", sa.String(81), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
            "BEGIN SELECT RAISE(ABORT, 'audit_head is never deleted'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER audit_head_no_delete BEFORE DELETE OR TRUNCATE ON audit_head "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
        )
    op.create_table(
        "file_round",
        sa.Column("id", Id, nullable=False),
        sa.Column("began_at", Utc(), nullable=False),
        sa.Column("after", sa.String(64), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("ended_checked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "file_damage",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("damage", sa.String(20), nullable=False),
        sa.Column("found_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )


def downgrade() -> None:
    op.drop_table("file_damage")
    op.drop_table("file_round")
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON audit_head"
    op.execute(f"DROP TRIGGER audit_head_no_delete{on_table}")
    op.drop_column("audit_head", "seal")
    op.drop_column("audit_entry", "seal")
