"""Members of bodies, and bodies invited to topics."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body_member",
        sa.Column("body_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("body_id", "seat_id", "starts_on"),
    )
    op.create_index("ix_body_member_seat_id", "body_member", ["seat_id"])
    # whoever heads a body or acts for it belongs to it
    op.execute(
        "INSERT INTO body_member (body_id, seat_id, starts_on, organization_id)"
        " SELECT b.id, s.id, s.starts_on, b.organization_id FROM body b JOIN seat s ON s.id = b.head_seat_id"
        " WHERE b.kind NOT IN ('sector', 'committee')"
        " UNION SELECT b.id, s.id, s.starts_on, b.organization_id FROM body_spokesperson k"
        " JOIN body b ON b.id = k.body_id JOIN seat s ON s.id = k.seat_id WHERE b.kind NOT IN ('sector', 'committee')"
    )
    op.create_table(
        "topic_body",
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("body_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"]),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"]),
        sa.PrimaryKeyConstraint("topic_id", "body_id"),
    )
    op.create_index("ix_topic_body_body_id", "topic_body", ["body_id"])


def downgrade() -> None:
    op.drop_table("topic_body")
    op.drop_table("body_member")
