"""Records of duty, claims of them and bulletins say what came of acts in numbers."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_measure",
        sa.Column("record_id", Id, nullable=False),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["duty_record.id"]),
        sa.PrimaryKeyConstraint("record_id", "measure"),
    )
    op.add_column("claim", sa.Column("measures", Json, nullable=True))
    op.add_column("bulletin_count", sa.Column("measures", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("bulletin_count", "measures")
    op.drop_column("claim", "measures")
    op.drop_table("duty_measure")
