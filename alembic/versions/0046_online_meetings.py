"""Activities that are held online, too, have the link and the number of a meeting service."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "activity", sa.Column("online_link", sa.String(500), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "activity", sa.Column("online_number", sa.String(60), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("activity", "online_number")
    op.drop_column("activity", "online_link")
