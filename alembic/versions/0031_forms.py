"""Acts outside the platform carry a form; reports that came of a proposal are told apart; scores of a part of a year.

Scores that the engine computes otherwise now (of seats held for a part of the year, of authors of such reports) are
forgotten: who reads them next computes them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_CAME_OF_A_PROPOSAL = (
    "SELECT to_id FROM lineage_link WHERE from_type = 'proposal' AND to_type = 'opinion_report'"
)


def upgrade() -> None:
    op.add_column("outside_act", sa.Column("form", sa.String(20), nullable=True))
    op.add_column("claim", sa.Column("form", sa.String(20), nullable=True))
    op.execute(
        f"UPDATE opinion_report SET kind = 'conversion' WHERE kind = 'single' AND id IN ({_CAME_OF_A_PROPOSAL})"  # noqa: S608 - no foreign part
    )
    op.execute(
        "DELETE FROM score WHERE months <> 12 "
        "OR seat_id IN (SELECT seat_id FROM opinion_report WHERE kind = 'conversion')"
    )


def downgrade() -> None:
    op.execute("UPDATE opinion_report SET kind = 'single' WHERE kind = 'conversion'")
    op.drop_column("claim", "form")
    op.drop_column("outside_act", "form")
