"""Leases of jobs are counted apart from attempts, which may go down again."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("leases", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE job SET leases = attempts WHERE attempts > 0")
    with op.batch_alter_table("job") as table:
        table.alter_column("leases", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    op.drop_column("job", "leases")
