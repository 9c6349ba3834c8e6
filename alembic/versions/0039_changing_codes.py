"""The code at the door changes every half minute: none is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("activity", "sign_in_code")


def downgrade() -> None:
    op.add_column("activity", sa.Column("sign_in_code", sa.String(6), nullable=False, server_default=""))
